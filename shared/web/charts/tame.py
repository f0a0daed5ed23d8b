"""Lets of a drawing through what charts consist of, and nothing else. Pure."""

from xml.etree import ElementTree as ET  # nosec B405  of our own program's words alone

SVG = "http://www.w3.org/2000/svg"
ELEMENTS = frozenset(("svg", "g", "path", "line", "rect", "text", "tspan"))
ATTRIBUTES = frozenset(
    (
        *("viewBox", "transform", "d", "x", "y", "x2", "y2", "dx", "dy", "width", "height"),
        *("fill", "fill-opacity", "stroke", "stroke-width", "stroke-opacity", "stroke-dasharray"),
        *("stroke-miterlimit", "opacity", "text-anchor", "font-size", "font-weight", "font-family"),
    )
)


class UntameError(Exception):
    """There is in it what no chart may have."""


def tamed(drawn: str) -> str:
    """What stands within the `svg`, as XML that is HTML as well; raises UntameError. What a reader
    is told of it stands in the page's own words."""
    try:
        root = ET.fromstring(drawn)  # noqa: S314  # nosec B314
    except ET.ParseError:
        raise UntameError from None
    _tame(root)
    root.attrib = {"viewBox": root.attrib["viewBox"]}
    return str(ET.tostring(root, "unicode"))


def _tame(each: ET.Element) -> None:
    each.tag = each.tag.removeprefix(f"{{{SVG}}}")
    if each.tag not in ELEMENTS:
        raise UntameError
    each.attrib = {
        name: value for name, value in each.attrib.items() if name in ATTRIBUTES and _is_tame(value)
    }
    if each.tag == "text":
        each.attrib["unicode-bidi"] = "plaintext"  # a name is read as its own letters are
    for child in list(each):
        if child.get("display") == "none" or child.get("d") in ("", "M0,0h0v0h0Z"):
            each.remove(child)
        else:
            _tame(child)


def _is_tame(value: str) -> bool:
    """Of colours and lengths; nothing leads anywhere."""
    return "url" not in value.lower() and ":" not in value
