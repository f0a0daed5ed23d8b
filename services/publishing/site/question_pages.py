"""The pages of questions as text: those that wait, the longest first, and each with its answers."""

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from typing import Any

from services.publishing.newsroom.prose import as_html
from services.publishing.newsroom.question_words import QuestionText
from services.publishing.projections import overdue, questions
from services.publishing.site.page import Page
from services.publishing.site.places import Register
from services.publishing.site.question_words import RATINGS, WAYS
from services.publishing.site.reading import Reader, Reading
from services.publishing.site.sorry import NotFoundError, NothingToShowError
from shared.eventsourcing.projections.read_model import Row
from shared.web.frame import Frame
from shared.web.paging import address

QUESTIONS = "/questions"
ON_A_PAGE = 30
Said = Callable[[Collection[str]], Mapping[str, QuestionText]]
"""Texts that are there still, by their ids; asked in a thread."""


def nothing_said(_: Collection[str]) -> Mapping[str, QuestionText]:
    return {}


class QuestionPages:
    """Methods block: use a thread."""

    def __init__(self, reader: Reader, register: Register, said: Said, frame: Frame) -> None:
        self._reader = reader
        self._register = register
        self._said = said
        self._frame = frame

    def listed(self, place: str | None, after: int | None, *, is_answered: bool) -> Page:
        within = self._register.within(place) if place else None
        answered = "yes" if is_answered else None
        told = {"place": place, "answered": answered}
        with self._reader.reading() as reading:
            limit = ON_A_PAGE + 1
            rows = questions.listed(
                reading.connection, limit, within, after, is_answered=is_answered
            )
            shown, path = rows[:ON_A_PAGE], f"{self._frame.sites.root}{QUESTIONS}"
            onward = shown[-1]["asked"] if len(rows) > ON_A_PAGE else None
            return self._reader.page(
                reading,
                "questions.html",
                canonical=address(QUESTIONS.lstrip("/"), **told),
                place=place,
                is_answered=is_answered,
                asked=self.worded(reading, shown),
                onward=address(path, **told, after=onward) if onward else "",
                first=address(path, **told) if after is not None else "",
                other=address(path, place=place, answered=None if is_answered else "yes"),
                ways=self._say(WAYS),
            )

    def one(self, page: str) -> Page:
        """Whatever became of it. Raises NotFoundError, or NothingToShowError where it may be one of
        those that are not there yet."""
        with self._reader.reading() as reading:
            found = questions.one(reading.connection, page)
            if found is None:
                raise NothingToShowError if reading.missing else NotFoundError
            (asked,) = self.worded(reading, [found])
            return self._reader.page(
                reading,
                "question.html",
                canonical=f"questions/{page}",
                place=found["place"],
                question=asked,
                prose=as_html(asked["text"]),
                check=overdue.one(reading.connection, found["check"]),
                answers=self._answers(found),
                ways=self._say(WAYS),
                ratings=self._say(RATINGS),
            )

    def waiting(self, reading: Reading, places: Collection[str] | None, limit: int) -> list[Row]:
        """Those of some places that wait longest."""
        return self.worded(reading, questions.listed(reading.connection, limit, places))

    def worded(self, reading: Reading, rows: Sequence[Row]) -> list[Row]:
        """With their words, where these are what the log says they are, and how long each waits."""
        said = self._said([row["words"] for row in rows if row["words"]])
        return [
            row
            | {
                "title": text.title if (text := _as_asked(said, row)) else "",
                "text": text.text if text else "",
                "days": max((reading.at.date() - row["on"]).days, 0),
            }
            for row in rows
        ]

    def _answers(self, row: Row) -> list[dict[str, Any]]:
        """The last one first."""
        answers = json.loads(row["answers"])
        said = self._said([each["words"] for each in answers])
        return [
            each
            | {"on": date.fromisoformat(each["on"])}
            | {"prose": as_html(text.text) if (text := _as_asked(said, each)) else ""}
            for each in reversed(answers)
        ]

    def _say(self, words: Mapping[str, Any]) -> dict[str, str]:
        return {name: self._frame.language.gettext(text) for name, text in words.items()}


def _as_asked(said: Mapping[str, QuestionText], row: Mapping[str, Any]) -> QuestionText | None:
    """What is not what the log says it is, is shown to nobody."""
    text = said.get(row["words"])
    return text if text and text.digest == row["digest"] else None
