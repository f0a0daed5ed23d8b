"""Beats in intake in small: a log in memory, rows in a database, and a calendar that is swept."""

import json
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from intake_site import STAFF
from own_vault import vault_in
from pydantic import ValidationError
from sqlalchemy import Engine

from services.intake.accrediting import Accrediting, Known, NotInTheCharterError, OfOneBeat, Rest
from services.intake.app import CATEGORIES, REACTIONS, READ_MODELS, calendar
from services.intake.by_staff import ByStaff, NotOfTheStaffError
from services.intake.domain.beat import NotHeldError
from services.intake.domain.beat_rules import BeatRules
from services.intake.domain.report import FileReport
from shared.contracts.beat import BeatEnded, BeatFellSilent, BeatHandedOver, BeatHeardAgain
from shared.contracts.event import Event
from shared.contracts.inbox import INBOX_KINDS
from shared.contracts.strict_json import read_json
from shared.eventsourcing.command_handler import CommandHandler
from shared.eventsourcing.envelope import Envelope
from shared.eventsourcing.in_memory import InMemoryEventStore
from shared.eventsourcing.projections.projector import Projector, prepare
from shared.eventsourcing.timers.sweep import Sweep
from shared.runtime.clock import Clock
from shared.runtime.vault.persons import Persons
from shared.testing.examples import (
    DAY,
    DIGESTS,
    MONDAY,
    REPORT_FILED,
    ROXBURY,
    STREET_LIGHTS,
    report_id,
    varied,
)

WHERE = {"place": ROXBURY, "sector": STREET_LIGHTS}
ADA = {"correspondent": "ada", **WHERE}
MOMENT = timedelta(seconds=1)


class Network:
    def __init__(self, engine: Engine, folder: Path) -> None:
        self.store = InMemoryEventStore()
        self.clock = Clock(MONDAY, speed=0)
        self.handler = CommandHandler(self.store, CATEGORIES, self.clock.now)
        self.persons = Persons(vault_in(folder), DIGESTS)
        prepare(engine, READ_MODELS)
        self.projector = Projector(engine, READ_MODELS)
        self.sweep = Sweep(calendar(engine), self.handler, self.clock.now)
        by_staff = ByStaff(self.handler, DIGESTS, STAFF)
        known = Known({ROXBURY}, {STREET_LIGHTS}, {"gateway"}, "inspector")
        rules = BeatRules("UTC", 14)
        self.accrediting = Accrediting(by_staff, self.persons, known, rules, self.clock)

    async def says(
        self, kind: str, who: str = "ina", source: str = "gateway", **more: Any
    ) -> dict[str, Any]:
        """One of the staff; what follows is carried out."""
        said = INBOX_KINDS[f"correspondent.{kind}"].model_validate(ADA | more)
        asked = OfOneBeat.model_construct(source=source, who=who, said=said)
        done = await self.accrediting.carry_out(asked)
        last = self.store.streams["INTAKE"][-1]
        (handovers,) = [each for each in REACTIONS if each.name == "handovers"]
        if isinstance(last.event, BeatHandedOver):
            await self.handler.handle(handovers.ask(last))
            await self.handler.handle(handovers.ask(last))
        self.project()
        return done

    async def files(self, number: int, name: str = "ada") -> None:
        who = self.persons.id_of("gateway", name)
        own = {"correspondent": who, "protected": True, "filed_at": self.clock.now()}
        filed = varied(REPORT_FILED, report_id=report_id(number), **own)
        (outcome,) = await self.handler.handle([Envelope(FileReport(filed), id=f"file {number}")])
        assert outcome.error is None
        self.project()

    async def at(self, moment: datetime) -> list[Event]:
        """What a sweep then says; it comes twice, and once more when all is known."""
        self.clock.jump(moment)
        before = len(self.log)
        await self.sweep()
        await self.sweep()
        self.project()
        written = self.log[before:]
        await self.sweep()
        assert self.log[before:] == written
        assert not self.sweep.failed
        return written

    @property
    def log(self) -> list[Event]:
        return [each.event for each in self.store.streams.get("INTAKE", [])]

    def project(self) -> None:
        events = self.store.streams.get("INTAKE", [])
        begun = self.projector.begin()
        self.projector.write(events[begun:], len(events))


@pytest.fixture
def network(database: Engine, tmp_path: Path) -> Network:
    return Network(database, tmp_path)


async def test_a_beat_falls_silent_and_is_heard_again_on_the_very_next_day(
    network: Network,
) -> None:
    """Both have to do with one midnight, and neither is taken for the other."""
    assert (await network.says("accredited"))["changed"]
    assert not (await network.says("accredited"))["changed"]
    assert await network.at(MONDAY + 14 * DAY) == []
    (silent,) = await network.at(MONDAY + 15 * DAY)
    assert isinstance(silent, BeatFellSilent)
    assert (silent.heard_on, silent.ran_out_on) == (date(2030, 1, 7), date(2030, 1, 21))
    await network.files(1)
    (heard,) = await network.at(MONDAY + 15 * DAY + MOMENT)
    assert isinstance(heard, BeatHeardAgain)
    assert (heard.heard_on, heard.in_time) == (date(2030, 1, 22), False)
    assert network.store.streams["INTAKE"][-1].actor == "suite:timer:beat"
    assert network.store.streams["INTAKE"][0].actor.startswith("staff:inspector:")
    assert len(await network.at(MONDAY + 3_000 * DAY)) == 1


async def test_a_handover_starts_the_successors_days(network: Network) -> None:
    await network.says("accredited")
    network.clock.jump(MONDAY + 10 * DAY)
    await network.says("replaced", successor="ben")
    assert await network.at(MONDAY + 24 * DAY) == []
    (silent,) = await network.at(MONDAY + 25 * DAY)
    assert isinstance(silent, BeatFellSilent)
    assert silent.correspondent == network.persons.id_of("gateway", "ben")
    assert silent.ran_out_on == date(2030, 1, 31)
    with pytest.raises(NotHeldError):
        await network.says("rested", from_day=date(2030, 2, 1))


def rest(from_day: Any) -> Rest:
    """As it comes from the command line: read from JSON, and then held to the contract."""
    said = {**ADA, "from_day": from_day, "until_day": None}
    body = json.dumps({"source": "gateway", "who": "ina", "said": said})
    return Rest.model_validate(read_json(body.encode()))


async def test_a_day_of_a_command_is_taken_as_it_was_written(network: Network) -> None:
    """No `tribune beat rest` was ever carried out: its days were texts."""
    await network.says("accredited")
    assert (await network.accrediting.carry_out(rest("2030-01-09")))["changed"]
    for wrong in ("2030-02-30", "20300109", "2030-W02-3", "2030-01-09T00:00:00", 1_893_974_400):
        with pytest.raises(ValidationError, match="must be a day such as 2031-03-04"):
            rest(wrong)


async def test_who_may_not_says_nothing_of_beats(network: Network) -> None:
    for who in ("ana", "aud", "nobody"):
        with pytest.raises(NotOfTheStaffError):
            await network.says("accredited", who=who)
    for more in ({"place": "us.ma"}, {"sector": "trees"}, {"source": "boston"}):
        with pytest.raises(NotInTheCharterError):
            await network.says("accredited", **more)
    assert network.log == []


async def test_no_name_stands_in_what_follows(network: Network) -> None:
    await network.says("accredited", correspondent="ada-of-number-12")
    await network.says("ended", correspondent="ada-of-number-12")
    assert isinstance(network.log[-1], BeatEnded)
    assert "number-12" not in "".join(each.model_dump_json() for each in network.log)
