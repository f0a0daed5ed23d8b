"""JSON Feed as version 1.1 asks for it: which keys there may be, and of which type each is."""

import re
from datetime import datetime
from typing import Any

import httpx

VERSION = "https://jsonfeed.org/version/1.1"
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
OF_A_FEED = {
    **dict.fromkeys(("version", "title", "home_page_url", "feed_url", "description"), str),
    **dict.fromkeys(("user_comment", "next_url", "icon", "favicon", "language"), str),
    "authors": list,
    "expired": bool,
    "hubs": list,
    "items": list,
}
OF_AN_ITEM = {
    **dict.fromkeys(("id", "url", "external_url", "title", "content_html", "content_text"), str),
    **dict.fromkeys(("summary", "image", "banner_image", "date_published", "language"), str),
    "date_modified": str,
    "authors": list,
    "tags": list,
    "attachments": list,
}
OF_AN_AUTHOR = dict.fromkeys(("name", "url", "avatar"), str)


def read(answer: httpx.Response) -> dict[str, Any]:
    """A feed in which all is as it must be."""
    assert answer.status_code == 200, answer
    assert answer.headers["content-type"].split(";")[0] == "application/feed+json"
    feed: dict[str, Any] = answer.json()
    _has_keys(feed, OF_A_FEED, ("version", "title", "items"))
    assert feed["version"] == VERSION
    assert feed["feed_url"] == str(answer.request.url), "which should be unique"
    assert feed.get("next_url") != feed["feed_url"]
    assert "author" not in feed, "it is that of version 1"
    _has_authors(feed)
    ids = [_read_item(each)["id"] for each in feed["items"]]
    assert len(set(ids)) == len(ids)
    moments = [each["date_modified"] for each in feed["items"]]
    assert moments == sorted(moments, key=datetime.fromisoformat, reverse=True)
    return feed


def _read_item(item: dict[str, Any]) -> dict[str, Any]:
    _has_keys(item, OF_AN_ITEM, ("id",))
    assert "content_html" in item or "content_text" in item
    for name in ("date_published", "date_modified"):
        assert TIME.fullmatch(item[name])
    assert all(isinstance(each, str) and each for each in item["tags"])
    return item


def _has_keys(given: dict[str, Any], known: dict[str, type], required: tuple[str, ...]) -> None:
    """Extensions begin with an underscore, and are objects."""
    assert set(required) <= given.keys()
    for name, value in given.items():
        if name.startswith("_"):
            assert isinstance(value, dict)
            continue
        assert type(value) is known[name], name
        if name.endswith("url"):
            assert re.fullmatch(r"https?://\S+", value), name
        if name == "language":
            assert LANGUAGE.fullmatch(value)


def _has_authors(feed: dict[str, Any]) -> None:
    for each in feed["authors"]:
        assert each, "at least one key"
        _has_keys(each, OF_AN_AUTHOR, ())
