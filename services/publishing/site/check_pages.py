"""The register of checks and the page of each, as text; each reads the database and the charter."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from services.publishing.projections import (
    claimed,
    clocks,
    holders,
    late,
    looks,
    overdue,
    reckonings,
    register,
)
from services.publishing.site.calendars import as_calendar
from services.publishing.site.checks import (
    IN_A_FILE,
    ON_A_PAGE,
    STATES,
    ChecksAsked,
    ChecksTold,
    CheckTold,
    after_told,
    as_csv,
    due_by,
    told,
)
from services.publishing.site.due import explained, is_paused
from services.publishing.site.page import Page
from services.publishing.site.places import Register
from services.publishing.site.reading import Reader, Reading
from services.publishing.site.sorry import NotFoundError, NothingToShowError
from services.publishing.site.story_pages import Titled
from shared.eventsourcing.projections.read_model import Row
from shared.runtime.charter import Charter
from shared.web.frame import Frame
from shared.web.paging import address

CHECKS, API = "/checks", "/api/checks"
IN_A_CALENDAR = 500
TO_DO: tuple[register.State, ...] = ("open", "overdue")
"""What is paused is due on no day that anybody knows."""


class CheckPages:
    """Methods block: use a thread."""

    def __init__(
        self,
        reader: Reader,
        charter: Charter,
        register: Register,
        frame: Frame,
        uses: Callable[[Reading, str], Titled],
    ) -> None:
        self._uses = uses
        self._reader = reader
        self._parties, self._sectors = charter.parties, charter.sectors
        self._register = register
        self._frame = frame
        self._zones = {frame.language.zone, *charter.zones.values()}

    def one(self, check: str) -> Page:
        """Whatever became of it. Raises NotFoundError; NothingToShowError where it may be one of
        those that are not there yet."""
        with self._reader.reading() as reading:
            found = _one(reading, check)
            steps = clocks.of_check(reading.connection, check)
            return self._reader.page(
                reading,
                "check.html",
                canonical=f"checks/{check}",
                check=found,
                place=found["place"],
                reckoning=reckonings.one(reading.connection, check),
                holders=holders.of_check(reading.connection, check),
                steps=steps,
                known=late.known_of(reading.connection, check),
                paused=is_paused(steps),
                uses=self._uses(reading, check),
                pictures=looks.of_check(reading.connection, check),
            )

    def pictures_of(self, check: str) -> Page:
        with self._reader.reading() as reading:
            named = looks.of_check(reading.connection, check)
            return Page(" ".join(named), reading.at, reading.missing)

    def due(self, check: str) -> Page:
        """For programs: `DueExplained` as JSON. Raises as `one` does."""
        with self._reader.reading() as reading:
            found = _one(reading, check)
            if found["withdrawn_on"]:
                raise NotFoundError
            if not reckonings.are_made(reading.connection):
                raise NothingToShowError
            reckoning = reckonings.one(reading.connection, check)
            steps = clocks.of_check(reading.connection, check)
            said = explained(check, found["due_on"], reckoning, steps)
            return Page(said.model_dump_json(), reading.at, reading.missing)

    def listed(self, asked: ChecksAsked) -> Page:
        """Raises NothingToShowError."""
        with self._reader.reading() as reading:
            today = self._today(reading)
            found = self._found(reading, asked, today, ON_A_PAGE)
            onward = after_told(found.onward)
            say = self._frame.language.gettext
            return self._reader.page(
                reading,
                "checks.html",
                canonical=address(CHECKS, **asked.told).lstrip("/"),
                asked=asked,
                place=asked.place,
                checks=[(row, register.state_of(row, today)) for row in found.rows],
                states={state: say(text) for state, text in STATES.items()},
                older=address(CHECKS, **asked.told, after=onward) if onward else "",
                newest=address(CHECKS, **asked.told) if asked.after else "",
                as_csv=address(f"{CHECKS}.csv", **asked.told),
                as_json=address(API, **asked.told),
                as_calendar=address(f"{CHECKS}.ics", **asked.told),
            )

    def as_json(self, asked: ChecksAsked, limit: int) -> Page:
        """Raises NothingToShowError."""
        with self._reader.reading() as reading:
            told = self._told(reading, asked, limit)
            return Page(told.model_dump_json(), reading.at, reading.missing)

    def as_csv(self, asked: ChecksAsked) -> Page:
        """Its first line is where the next file begins, empty if there is none. Raises
        NothingToShowError."""
        with self._reader.reading() as reading:
            told = self._told(reading, asked, IN_A_FILE)
            text = f"{told.after or ''}\n{as_csv(told.checks)}"
            return Page(text, reading.at, reading.missing)

    def as_calendar(self, asked: ChecksAsked) -> Page:
        """Of what is not done, late or not; of what is settled nobody has to be reminded. Raises
        NothingToShowError."""
        with self._reader.reading() as reading:
            today = self._today(reading)
            each = [replace(asked, state=state) for state in TO_DO]
            found = [self._told(reading, one, IN_A_CALENDAR) for one in each]
            checks = sorted(
                (check for told in found for check in told.checks), key=lambda check: check.due_on
            )
            title = " – ".join(filter(None, (self._frame.house.name, asked.owner)))
            text = as_calendar(title, [(each, self._summary(each)) for each in checks], today)
            return Page(text, reading.at, reading.missing)

    def _summary(self, check: CheckTold) -> str:
        """What is to be done is told once it is late."""
        about = check.task or self._sectors.get(check.sector, check.sector)
        where = self._register.name(check.place)
        return ", ".join(filter(None, (about, where, check.owner)))

    def _told(self, reading: Reading, asked: ChecksAsked, limit: int) -> ChecksTold:
        today = self._today(reading)
        found = self._found(reading, asked, today, limit)
        rows = [told(row, today, self._frame.sites.base) for row in found.rows]
        return ChecksTold(checks=rows, after=after_told(found.onward))

    def _found(
        self, reading: Reading, asked: ChecksAsked, today: date, limit: int
    ) -> register.Found:
        within = self._register.within(asked.place) if asked.place else None
        by = register.Asked(
            today,
            asked.first,
            due_by(asked, today),
            self._parties.names(asked.owner) if asked.owner else (),
            within,
            asked.sector,
            asked.state,
            asked.after,
            limit,
            asked.tier,
        )
        return register.found(reading.connection, by)

    def _today(self, reading: Reading) -> date:
        """Nothing is called late before its day is over wherever the body is."""
        if overdue.is_former(reading.connection):
            raise NothingToShowError
        return min(reading.at.astimezone(zone).date() for zone in self._zones)


def _one(reading: Reading, check: str) -> Row:
    found = overdue.one(reading.connection, check)
    if overdue.is_former(reading.connection) or (found is None and reading.missing):
        raise NothingToShowError
    if found is None:
        raise NotFoundError
    return claimed.NO_CLAIM | found
