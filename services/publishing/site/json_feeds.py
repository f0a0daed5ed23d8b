"""Feeds as JSON Feed 1.1, made of the Atom ones: so both say the same of the same. Pure.

What was taken back has no place in that format, so it stands in an extension, as all do, under a
name that begins with an underscore; readers that do not know it let go of what is in no document.
"""

import json
import re
from typing import Any
from xml.etree import ElementTree as ET

MEDIA_TYPE = "application/feed+json"
VERSION = "https://jsonfeed.org/version/1.1"
ATOM = "{http://www.w3.org/2005/Atom}"
TOMBSTONES = "{http://purl.org/atompub/tombstones/1.0}"
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
ARCHIVES = {"current": "current", "prev-archive": "previous", "next-archive": "next"}
_ENDING = re.compile(r"\.atom(?=\?|$)")


def as_json_feed(atom: str) -> str:
    """Of a document of ours."""
    root = ET.fromstring(atom)  # noqa: S314  # nosec B314  our own, and escaped
    links, language = _links(root), root.get(LANGUAGE, "")
    gone = [_gone(each) for each in root.iter(f"{TOMBSTONES}deleted-entry")]
    archives = {name: _of_json(links[rel]) for rel, name in ARCHIVES.items() if rel in links}
    feed = {
        "version": VERSION,
        "title": root.findtext(f"{ATOM}title"),
        "home_page_url": links["alternate"],
        "feed_url": _of_json(links["self"]),
        "description": root.findtext(f"{ATOM}subtitle"),
        "next_url": archives.get("previous"),
        "authors": [{"name": root.findtext(f"{ATOM}author/{ATOM}name")}],
        "language": language,
        "items": [_item(each, language) for each in root.iter(f"{ATOM}entry")],
        "_tribune": {"id": root.findtext(f"{ATOM}id"), "archives": archives, "deleted": gone},
    }
    return json.dumps({name: value for name, value in feed.items() if value is not None})


def _item(entry: ET.Element, language: str) -> dict[str, Any]:
    return {
        "id": entry.findtext(f"{ATOM}id"),
        "url": _links(entry)["alternate"],
        "title": entry.findtext(f"{ATOM}title"),
        "content_text": entry.findtext(f"{ATOM}content"),
        "date_published": entry.findtext(f"{ATOM}published"),
        "date_modified": entry.findtext(f"{ATOM}updated"),
        "tags": [each.get("term") for each in entry.iter(f"{ATOM}category")],
        "language": language,
    }


def _gone(entry: ET.Element) -> dict[str, Any]:
    return {
        "id": entry.get("ref"),
        "when": entry.get("when"),
        "reason": entry.findtext(f"{TOMBSTONES}comment"),
        "url": _links(entry)["alternate"],
    }


def _links(element: ET.Element) -> dict[str, str]:
    found = element.findall(f"{ATOM}link")
    return {each.get("rel", "alternate"): each.get("href", "") for each in found}


def _of_json(address: str) -> str:
    return _ENDING.sub(".json", address, count=1)
