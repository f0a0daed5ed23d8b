"""Intake's pages for the staff, beside a log in memory or a real one with a vault."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
from sqlalchemy import Engine

from services.intake.adding import Adding
from services.intake.adding_own import AddingOwn
from services.intake.app import CATEGORIES, READ_MODELS
from services.intake.belonging import Belonging
from services.intake.by_lot import ByLot
from services.intake.by_staff import ByStaff
from services.intake.clocking import Clocking
from services.intake.committing import Committing
from services.intake.corroborating import Corroborating
from services.intake.deciding import Deciding
from services.intake.domain.due import DueRules
from services.intake.exchanging import Exchanging
from services.intake.files.cleaning import Cleaner
from services.intake.files.keeping import Files
from services.intake.files.uploading import Uploads
from services.intake.holding import Holding
from services.intake.lifting import Lifting
from services.intake.opening import Openings
from services.intake.owning import Owning
from services.intake.passing import Passing
from services.intake.passing_files import PassingFiles
from services.intake.presence import Presence
from services.intake.projections import (
    alike,
    checkings,
    exchanges,
    findings,
    led_to,
    more_time,
    on_desk,
    openings,
    owed,
    reports,
    shielded,
    unsealed,
    words_waiting,
)
from services.intake.projections.of_checker import of_checker, reporter_of
from services.intake.projections.own import Own, own_of
from services.intake.projections.reliability import Prior
from services.intake.protection import AtHand, Protection
from services.intake.site.checking_calendar import CheckingCalendar
from services.intake.site.checking_page import CheckerForms, CheckingPage, Shown
from services.intake.site.committing_page import CommittingPage
from services.intake.site.desk_list import DeskList
from services.intake.site.desk_live import DeskLive
from services.intake.site.desk_report import DeskReport
from services.intake.site.duplicates_page import Alike, DuplicatesPage
from services.intake.site.file_acts import FileActs
from services.intake.site.files_shown import FilesShown
from services.intake.site.finding_acts import FindingActs
from services.intake.site.findings_of import FindingsOf
from services.intake.site.findings_page import FindingsPage
from services.intake.site.inquiries_page import InquiriesPage
from services.intake.site.kept_findings import KeptFindings
from services.intake.site.mine_page import MemberDesk, MinePage, OwnPages
from services.intake.site.more_time_page import DecliningPage, GrantingPage
from services.intake.site.openings_page import OpeningsPage
from services.intake.site.owed_page import OwedPage, OwnerDesk
from services.intake.site.own import OwnIn
from services.intake.site.own_files_page import OwnFilesPage
from services.intake.site.owners_page import OwnersPage
from services.intake.site.rows import Rows
from services.intake.site.seen_page import SeenForms, SeenPage
from services.intake.site.shielded_page import ShieldedPage
from services.intake.site.slip_page import SlipPage
from services.intake.site.staff_desk import StaffDesk
from services.intake.site.verdicts_page import VerdictsPage
from services.intake.site.words_page import WordsPage
from services.intake.together import Together
from shared.contracts.party import NO_PARTIES, Parties
from shared.contracts.roles import Role
from shared.eventsourcing.command_handler import CommandHandler
from shared.eventsourcing.envelope import Envelope, Outcome
from shared.eventsourcing.event_store import EventStore
from shared.eventsourcing.in_memory import InMemoryEventStore
from shared.eventsourcing.projections.projector import Projector, prepare
from shared.runtime.charter_models import Person
from shared.runtime.clock import Clock
from shared.runtime.http import public_app
from shared.runtime.live_stream import Telling
from shared.runtime.vault.holders import Holders
from shared.runtime.vault.persons import Persons
from shared.runtime.whispers import Whispers
from shared.testing.examples import DAY, DIGESTS, MONDAY, ROXBURY, STREET_LIGHTS
from shared.web.frame import Frame, House
from shared.web.guard import Guard
from shared.web.language import Language
from shared.web.live import Live
from shared.web.now import Now, utc_now
from shared.web.sessions import Sessions
from shared.web.sites import Sites

FORM = "people"
BASE = "http://tribune.test"
STAFF = {
    "ina": Person(name="Ina Lund", roles=["inspector"]),
    "eva": Person(name="Eva Lind", roles=["editor", "inspector"]),
    "ana": Person(name="Ana Ruiz", roles=["operator"]),
    "aud": Person(name="Aud Berg", roles=["auditor"]),
    "pla": Person(name="Pla Koch", roles=["placer"]),
}


@dataclass
class IntakeSite:
    """`opened` reads what is sealed, `closed` does not; of a log in memory both are the same."""

    engine: Engine
    sessions: Sessions
    now: Now = utc_now
    opened: EventStore = field(default_factory=InMemoryEventStore)
    closed: EventStore | None = None
    vault: Any = None
    clock: Clock = field(default_factory=lambda: Clock(MONDAY, speed=0))
    objects: Any = None
    second_person: bool = True
    sites: Sites = field(default_factory=lambda: Sites("intake", {"intake": ""}))
    language: Language = field(default_factory=Language)
    live: Live = field(default_factory=Live)
    presence: Presence = field(default_factory=Presence)
    parties: Parties = NO_PARTIES

    def __post_init__(self) -> None:
        self.handler = CommandHandler(self.opened, CATEGORIES, self.clock.now)
        frame = Frame(House("Tribune of Testing"), "intake", self.sites, language=self.language)
        frame.take_in(Path("services/intake/site").resolve())
        roles = {code: frozenset[str](person.roles) for code, person in STAFF.items()}
        by_staff = ByStaff(self.handler, DIGESTS, STAFF)
        self.files = Files(self.vault, self.objects or InMemoryObjects(), Cleaner(), utc_now, 2**30)
        at_hand = AtHand(self.closed or self.opened, self.opened, self.vault, _no_inbox, self.files)
        two = self.second_person
        self.protection = Protection(at_hand, by_staff, self.clock, (), second_person=two)
        self.openings = Openings(by_staff, self.protection, self.clock, second_person=two)
        prepare(self.engine, READ_MODELS)
        self.desk = desk = StaffDesk(Guard(frame, self.sessions, roles, self.now))
        asked_for = self._rows(openings.newest, openings.one)
        waiting = self._rows(words_waiting.first, words_waiting.one)
        passing = Passing(by_staff, self.clock)
        pictures = PassingFiles(by_staff, self.clock, self.files)
        behind = self._rows(shielded.first, shielded.one)
        self.holders = Holders(self.vault)
        closed = self.closed or self.opened
        exchanging = Exchanging(by_staff, closed, self.clock, "boston")
        said_last = self._rows(exchanges.newest, openings.one).some
        self.holding = Holding(self.closed or self.opened, self.holders)
        persons = Persons(self.vault, DIGESTS)
        self.belonging = Belonging(DIGESTS, persons, FORM if self.vault else None)
        own = OwnIn(self.belonging, self._own_of)
        pages = OwnPages(own, FORM, {ROXBURY: "Roxbury"}, {STREET_LIGHTS: "Street lights"})
        shown = FilesShown(desk, self.files, self.closed or self.opened)
        self.routes = [
            *FileActs(desk, shown, pictures).routes(),
            *shown.routes(),
            *OpeningsPage(desk, self.openings, asked_for, by_staff.names(), shown).routes(),
            *WordsPage(desk, passing, waiting).routes(),
            *ShieldedPage(desk, Lifting(by_staff, self.clock), behind).routes(),
            *InquiriesPage(desk, exchanging, said_last).routes(),
            *self._findings(desk, shown, pictures),
        ]
        mine = MinePage(MemberDesk(desk.guard), self.holding, self._openings_of, pages)
        self.uploads = Uploads(self.files)
        self.adding = Adding(self.uploads, DIGESTS, closed, self.handler, self.clock.now)
        self.routes += SlipPage(mine.desk, self.belonging).routes()
        theirs = AddingOwn(self.adding, self.holding, self.belonging)
        self.routes += [*mine.routes(), *OwnFilesPage(mine, theirs).routes()]
        corroborating = Corroborating(
            self.handler, DIGESTS, self.holding, self.belonging, self.clock
        )
        self.routes += SeenPage(SeenForms(desk.guard), corroborating, self._is_public).routes()
        self._add_checkers_and_owners(desk, by_staff)
        within = 90 * DAY
        like = Alike(self._asked(alike.alike), self._asked(alike.neighbours))
        self.routes += DuplicatesPage(desk.guard, like, within, self.clock).routes()
        deciding = Deciding(by_staff, self.closed or self.opened, self.clock)
        named = ({ROXBURY: "Roxbury"}, {STREET_LIGHTS: "Street lights"})
        listed, made = self._asked(on_desk.listed), self._asked(led_to.of_report)
        self.together = Together(_Alone(), self.live, self.presence)
        open_desks = DeskLive(desk.guard, Telling(self.live), self.together)
        one = DeskReport(desk, deciding, *named, like.report, within, made, open_desks)
        self.routes += open_desks.routes()
        self.routes += DeskList(desk, *named, listed, self.clock.now).routes()
        self.routes += one.routes()
        self.app = public_app(frame, self.routes)

    def _add_checkers_and_owners(self, desk: StaffDesk, by_staff: ByStaff) -> None:
        self.owning = Owning(self.handler, DIGESTS, by_staff, self.parties, DueRules(), self.clock)
        known = self.belonging, self.clock, self.owning.is_close
        by_lot = ByLot(self.handler, DIGESTS, *known, self.uploads)
        looked_up = self._asked(of_checker), self._asked(reporter_of)
        where = {ROXBURY: "Roxbury"}, {STREET_LIGHTS: "Street lights"}
        zone = self.language.zone
        asked = CheckerForms(desk.guard), by_lot
        shown = Shown(*looked_up, *where, zone)
        lot = CheckingPage(*asked, shown)
        self.routes += [*lot.routes(), *KeptFindings(*asked, lot).routes()]
        self.routes += CheckingCalendar(*asked, shown).routes()
        by_due, places = [self._asked(each) for each in (owed.found, owed.one)], where[0]
        self.routes += OwedPage(OwnerDesk(desk.guard), self.owning, *by_due, places).routes()
        settled = [self._asked(each) for each in (checkings.to_appeal, checkings.one_to_appeal)]
        owner_desk = OwnerDesk(desk.guard)
        self.routes += VerdictsPage(owner_desk, self.owning, *settled, places).routes()
        clocking = Clocking(by_staff, self.clock, DueRules())
        of_time = desk, clocking, self._rows(more_time.first, more_time.one)
        self.routes += [*GrantingPage(*of_time).routes(), *DecliningPage(*of_time).routes()]
        self.routes += OwnersPage(desk, self.owning, *by_due, places).routes()
        self.committing = Committing(by_staff, self.parties, DueRules(), self.clock)
        page = CommittingPage(desk, self.committing, by_due[1], *where)
        self.routes += page.routes()

    def _findings(self, desk: StaffDesk, shown: FilesShown, passing: PassingFiles) -> list[Any]:
        found = FindingsOf(self._rows(findings.newest, findings.one), self.opened)
        named = {ROXBURY: "Roxbury"}, {STREET_LIGHTS: "Street lights"}
        acts = FindingActs(desk, found, passing).routes()
        return [*acts, *FindingsPage(desk, found, shown, named).routes()]

    async def do(self, command: Any) -> Outcome:
        (outcome,) = await self.handler.handle([Envelope(command, id=uuid4().hex)])
        assert outcome.error is None
        return outcome

    def events(self) -> list[Any]:
        assert isinstance(self.opened, InMemoryEventStore)
        return list(self.opened.streams.get("INTAKE", []))

    def roles_told(self, report_id: str) -> dict[Role, int]:
        self._project()
        with self.engine.connect() as connection:
            return unsealed.by_role(connection, report_id)

    @asynccontextmanager
    async def visitor(self, token: str = "") -> AsyncIterator[httpx.AsyncClient]:
        transport = httpx.ASGITransport(self.app)
        async with httpx.AsyncClient(transport=transport, base_url=BASE) as client:
            if token:
                client.cookies["tribune_session"] = token
            yield client

    def _project(self) -> None:
        if isinstance(self.opened, InMemoryEventStore):
            projector, events = Projector(self.engine, READ_MODELS), self.events()
            begun = projector.begin()
            if len(events) > begun:
                projector.write(events[begun:], len(events))

    def _asked(self, query: Callable[..., Any]) -> Callable[..., Any]:
        async def ask(*asked: Any) -> Any:
            self._project()
            with self.engine.connect() as connection:
                return query(connection, *asked)

        return ask

    async def _is_public(self, report_id: str) -> bool:
        found: bool = await self._asked(reports.is_public)(report_id)
        return found

    async def _own_of(self, who: str) -> Own:
        found: Own = await self._asked(own_of)(who, (), Prior(), self.clock.now().date())
        return found

    async def _openings_of(self, report_ids: list[str]) -> dict[str, dict[Role, int]]:
        self._project()
        with self.engine.connect() as connection:
            return unsealed.of_several(connection, report_ids)

    def _rows(self, some: Callable[..., Any], one: Callable[..., Any]) -> Rows:
        async def ask(query: Callable[..., Any], *asked: Any) -> Any:
            self._project()
            with self.engine.connect() as connection:
                return query(connection, *asked)

        return Rows(partial(ask, some), partial(ask, one))


class _Alone(Whispers):
    """No other replica hears."""

    def __init__(self) -> None:
        pass

    async def say(self, what: dict[str, Any]) -> None:
        pass


class InMemoryObjects:
    """An object store in small."""

    def __init__(self) -> None:
        self.there: dict[str, bytes] = {}

    async def put(self, name: str, content: bytes, *_: datetime, **__: bool) -> bool:
        return self.there.setdefault(name, content) is content

    async def renew(self, name: str, _: datetime, **__: bool) -> bool:
        return name in self.there

    async def get(self, name: str) -> bytes | None:
        return self.there.get(name)

    async def delete_under(self, first: str) -> int:
        gone = [name for name in self.there if name.startswith(f"{first}/")]
        for name in gone:
            del self.there[name]
        return len(gone)

    async def held(self) -> int:
        return sum(map(len, self.there.values()))


def _no_inbox(source: str) -> Any:
    raise AssertionError(source)


async def until_current(sessions: Sessions) -> None:
    async with asyncio.timeout(30):
        while not sessions.is_current:
            await asyncio.sleep(0.005)
