"""The pages of stories as text: their list, each with what it rests on, and texts of before."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from services.publishing.newsroom.prose import as_html
from services.publishing.newsroom.words import Told, Words
from services.publishing.projections import cited, stories, worth
from services.publishing.site.page import Page
from services.publishing.site.reading import Reader, Reading
from services.publishing.site.sorry import NotFoundError, NothingToShowError
from shared.eventsourcing.projections.read_model import Row
from shared.web.paging import paged

STORIES = "/stories"
Titled = list[tuple[Mapping[str, Any], str]]
ON_A_PAGE = 30


class StoryPages:
    """`told` gives texts that are there still. Methods block: use a thread."""

    def __init__(self, reader: Reader, told: Told, root: str) -> None:
        self._reader = reader
        self._told = told
        self._root = root

    def listed(self, before: int | None) -> Page:
        with self._reader.reading() as reading:
            rows = stories.newest(reading.connection, ON_A_PAGE + 1, None, before)
            found = paged(rows, ON_A_PAGE, f"{self._root}{STORIES}", before, "sequence")
            facts = {"canonical": STORIES.lstrip("/"), "list": found, "place": None}
            return self._reader.page(
                reading, "stories.html", titled=self.titled(found.rows), **facts
            )

    def one(self, story: str, number: int | None = None) -> Page:
        """As it is now, or its `number`-th text. Raises NotFoundError, or NothingToShowError where
        it may be one of those that are not there yet."""
        with self._reader.reading() as reading:
            found = stories.one(reading.connection, story)
            if found is None:
                raise NothingToShowError if reading.missing else NotFoundError
            texts = [_dated(each) for each in json.loads(found["texts"])]
            at = number if number is not None else found["number"]
            text = next((each for each in texts if each["number"] == at), None)
            if text is None and number is not None:
                raise NotFoundError
            words = self._as_written(text) if text else None
            return self._reader.page(
                reading,
                "story.html",
                canonical=f"stories/{story}",
                story=found,
                place=found["place"],
                text=text,
                texts=texts,
                title=words.title if words else "",
                prose=as_html(words.text) if words else "",
                sources=self._sources(reading, found),
            )

    def titled(self, rows: Sequence[Mapping[str, Any]]) -> Titled:
        """Those whose words are there, with their titles."""
        said = self._told([row["words"] for row in rows if row["words"]])
        return [(row, said[row["words"]].title) for row in rows if row["words"] in said]

    def uses(self, reading: Reading, thing: str) -> Titled:
        """In which stories something public was used."""
        ids = cited.stories_of(reading.connection, thing)
        return self.titled(stories.some(reading.connection, ids)) if ids else []

    def _as_written(self, text: dict[str, Any]) -> Words | None:
        """What is not what the log says it is, is shown to nobody."""
        words = self._told([text["words"]]).get(text["words"])
        return words if words and words.digest == text["digest"] else None

    def _sources(self, reading: Reading, found: Row) -> list[dict[str, Any]]:
        named = json.loads(found["sources"])
        there = worth.these(reading.connection, [each["id"] for each in named])
        return [_dated(each) | {"row": there.get(each["id"])} for each in named]


def _dated(said: dict[str, Any]) -> dict[str, Any]:
    return said | {"on": date.fromisoformat(said["on"])}
