"""Atom as RFC 4287 asks for it, with archives (RFC 5005) and deleted entries (RFC 6721)."""

import re
from datetime import datetime
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

import httpx

ATOM = "{http://www.w3.org/2005/Atom}"
HISTORY = "{http://purl.org/syndication/history/1.0}"
TOMBSTONES = "{http://purl.org/atompub/tombstones/1.0}"
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
IRI = re.compile(r"(urn:[a-z0-9:-]+|https?://[^\s]+)")
ONCE = ("id", "title", "updated")


def links_of(element: ET.Element) -> dict[str, str]:
    found = [(link.get("rel", "alternate"), link.get("href", "")) for link in _all(element, "link")]
    assert len(dict(found)) == len(found), "one link of each kind"
    return dict(found)


def read(answer: httpx.Response) -> ET.Element:
    """A feed in which all is as it must be."""
    assert answer.status_code == 200, answer
    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    root = ET.fromstring(answer.content)  # noqa: S314  our own
    assert root.tag == f"{ATOM}feed"
    _has_its_own(root)
    assert root.findtext(f"{ATOM}author/{ATOM}name")
    links = links_of(root)
    assert {"self", "alternate"} <= set(links)
    assert links["self"] == str(answer.request.url)
    entries = _all(root, "entry")
    for entry in entries:
        _has_its_own(entry)
        assert "alternate" in links_of(entry)
        assert entry.findtext(f"{ATOM}content")
        _is_time(entry.findtext(f"{ATOM}published"))
        for category in _all(entry, "category"):
            assert category.get("term")
    gone = root.findall(f"{TOMBSTONES}deleted-entry")
    for each in gone:
        assert IRI.fullmatch(each.get("ref", ""))
        _is_time(each.get("when"))
        assert each.findtext(f"{TOMBSTONES}comment")
    names = [_text(each, "id") for each in entries] + [each.get("ref", "") for each in gone]
    assert len(set(names)) == len(names), "an entry is there once"
    moments = [_text(each, "updated") for each in entries] + [each.get("when", "") for each in gone]
    assert len(set(moments)) == len(moments), "no two changed at the same moment"
    assert not moments or _text(root, "updated") == max(moments, key=datetime.fromisoformat)
    return root


def entries_of(root: ET.Element) -> list[tuple[str, str]]:
    """Id and moment of each."""
    return [(_text(each, "id"), _text(each, "updated")) for each in _all(root, "entry")]


def gone_from(root: ET.Element) -> dict[str, str]:
    """Why, by id."""
    found = root.findall(f"{TOMBSTONES}deleted-entry")
    return {each.get("ref", ""): each.findtext(f"{TOMBSTONES}comment") or "" for each in found}


class FeedReader:
    """Comes now and then, and goes back through archives until one that it has seen."""

    def __init__(self, client: httpx.AsyncClient, address: str) -> None:
        self.entries: dict[str, str] = {}
        self.gone: dict[str, str] = {}
        self.documents = 0
        self._client = client
        self._address = address
        self._seen: set[str] = set()

    async def come(self) -> None:
        documents, address = [], self._address
        while address and address not in self._seen:
            root = await self._read(address)
            documents.append(root)
            if root.find(f"{HISTORY}archive") is not None:
                self._seen.add(address)
            address = path_of(links_of(root).get("prev-archive", ""))
        for root in reversed(documents):
            for name, moment in entries_of(root):
                self.entries[name] = max(moment, self.entries.get(name, ""))
            self.gone |= gone_from(root)

    async def _read(self, address: str) -> ET.Element:
        self.documents += 1
        return read(await self._client.get(address))


def path_of(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _has_its_own(element: ET.Element) -> None:
    for name in ONCE:
        assert len(_all(element, name)) == 1, name
    assert IRI.fullmatch(_text(element, "id"))
    assert _text(element, "title").strip()
    _is_time(_text(element, "updated"))
    for link in _all(element, "link"):
        assert IRI.fullmatch(link.get("href", ""))


def _is_time(text: str | None) -> None:
    assert text is not None
    assert TIME.fullmatch(text)
    datetime.fromisoformat(text)


def _all(element: ET.Element, name: str) -> list[ET.Element]:
    return element.findall(f"{ATOM}{name}")


def _text(element: ET.Element, name: str) -> str:
    return element.findtext(f"{ATOM}{name}") or ""
