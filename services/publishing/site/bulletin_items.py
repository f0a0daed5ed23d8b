"""The items of an issue as they are shown: what is fixed, and what became of it since."""

import json
from dataclasses import dataclass
from datetime import date
from typing import Literal

from services.publishing.newsroom.lines import Lines
from services.publishing.newsroom.prose import as_html, as_plain
from services.publishing.newsroom.words import Told, Words
from services.publishing.projections import overdue, stories
from services.publishing.site.reading import Reading
from services.publishing.site.words import withdrawn_for
from shared.contracts.bulletin import Item

Now = Literal["there", "gone", "withdrawn"]
BELOW_A_HEADING = 2


@dataclass(frozen=True)
class Shown:
    """`now` says whether it is there still. `corrected_on` stands where its story has another text
    by now than in this issue."""

    item: Item
    now: Now
    line: str = ""
    title: str = ""
    prose: str = ""
    plain: str = ""
    tongue: str = ""
    withdrawn_on: date | None = None
    reason: str = ""
    corrected_on: date | None = None


@dataclass(frozen=True)
class Items:
    """`told` gives texts that are there still."""

    told: Told
    lines: Lines

    def shown(self, reading: Reading, item: Item) -> Shown:
        return self._story(reading, item) if item.kind == "story" else self._check(reading, item)

    def _story(self, reading: Reading, item: Item) -> Shown:
        """What is not the text that the issue names, is shown to nobody."""
        row = stories.one(reading.connection, item.id)
        if row is None:
            return Shown(item, "gone")
        if row["withdrawn_on"]:
            return Shown(item, "withdrawn", withdrawn_on=row["withdrawn_on"], reason=row["reason"])
        texts: list[dict[str, str]] = json.loads(row["texts"])
        text = next((each for each in texts if each["words"] == item.words), None)
        words = self._as_written(item)
        if text is None or words is None:
            return Shown(item, "gone")
        return Shown(
            item,
            "there",
            title=words.title,
            prose=as_html(words.text, BELOW_A_HEADING),
            plain=as_plain(words.text).strip(),
            tongue=text["tongue"],
            corrected_on=row["corrected_on"] if row["words"] != item.words else None,
        )

    def _as_written(self, item: Item) -> Words | None:
        if item.words is None:
            return None
        words = self.told([item.words]).get(item.words)
        return words if words and words.digest == item.digest else None

    def _check(self, reading: Reading, item: Item) -> Shown:
        row = overdue.one(reading.connection, item.id)
        if row is None:
            return Shown(item, "gone")
        if row["withdrawn_on"]:
            reason = withdrawn_for(self.lines.language, row["reason"] or "")
            return Shown(item, "withdrawn", withdrawn_on=row["withdrawn_on"], reason=reason)
        line = self.lines.of(item.news, item.place, item.sector, item.on)
        return Shown(item, "there", line=line)
