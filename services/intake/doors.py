"""Intake's public doors: for sources, for members who hold a report, and for anybody."""

from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

from sqlalchemy.exc import OperationalError

from services.intake.adding import Adding
from services.intake.adding_own import AddingOwn
from services.intake.api import (
    Roads,
    files_router,
    hook_router,
    hooks_of,
    open311_routes,
    router,
    trace_files_router,
    trace_router,
)
from services.intake.belonging import Belonging
from services.intake.by_lot import ByLot
from services.intake.corroborating import Corroborating
from services.intake.files.uploading import Uploads
from services.intake.holding import Holding
from services.intake.owning import Owning
from services.intake.projections import checkings, led_to, owed, reports, unsealed
from services.intake.projections.alike import Sought, alike
from services.intake.projections.of_checker import of_checker, reporter_of
from services.intake.projections.own import Own, own_of
from services.intake.projections.reliability import Prior
from services.intake.site.checking_calendar import CheckingCalendar
from services.intake.site.checking_page import CheckerForms, CheckingPage, Shown
from services.intake.site.for_anybody import for_anybody
from services.intake.site.kept_findings import KeptFindings
from services.intake.site.mine_page import MemberDesk, MinePage, OwnPages
from services.intake.site.owed_page import OwedPage, OwnerDesk
from services.intake.site.own import OwnIn
from services.intake.site.own_files_page import OwnFilesPage
from services.intake.site.seen_before import SeenBefore
from services.intake.site.seen_page import SeenForms, SeenPage
from services.intake.site.slip_page import SlipPage
from services.intake.site.verdicts_page import VerdictsPage
from services.intake.trail.codes import ReceiptCodes
from services.intake.trail.filing import Filing
from services.intake.trail.replying import Replying
from services.intake.trail.tracing import Tracing
from shared.contracts.roles import Role
from shared.eventsourcing.command_handler import CommandHandler
from shared.eventsourcing.errors import TryLaterError
from shared.eventsourcing.event_store import EventStore
from shared.eventsourcing.inbox.awaited import Awaited
from shared.eventsourcing.inbox.entry import Entry
from shared.eventsourcing.inbox.looked_up import LookedUp
from shared.eventsourcing.projections.database import ask_in
from shared.eventsourcing.projections.read_model import Row
from shared.runtime.loops import Loop
from shared.runtime.runtime import Runtime
from shared.runtime.source_keys import add_source_keys
from shared.runtime.vault.errors import VaultAwayError
from shared.web.guard import Guard

NAME = "intake"


class Opened(NamedTuple):
    """The log as who has the keys reads and writes it, and who takes files later."""

    store: EventStore
    handler: CommandHandler
    adding: Adding


def open_to_anybody(
    runtime: Runtime,
    guard: Guard,
    opened: Opened,
    sending: tuple[Entry, Awaited],
    corroborating: Corroborating,
    belonging: Belonging,
) -> None:
    """People report on the site, and see by a code what became of it."""
    engine, charter = runtime.engine, runtime.charter

    async def commitments(report_id: str) -> list[Row]:
        try:
            return await ask_in(engine, led_to.of_report, report_id)
        except OperationalError:
            raise TryLaterError("the database is away") from None

    async def found(sought: Sought) -> Sequence[Row]:
        try:
            return await ask_in(engine, alike, sought)
        except OperationalError:
            raise TryLaterError("the database is away") from None

    source, codes = charter.form or "", ReceiptCodes(runtime.digests)
    filing = Filing(source, codes, *sending, runtime.clock.now)

    async def is_public(report_id: str) -> bool:
        try:
            return await ask_in(engine, reports.is_public, report_id)
        except OperationalError:
            raise TryLaterError("the database is away") from None

    tracing = Tracing(source, codes, opened.store, commitments, is_public)
    now = runtime.clock.now
    replying = Replying(source, codes, runtime.digests, runtime.store, opened.handler, now)
    within, decimals = charter.alike_within, charter.decimals
    before = SeenBefore(found, corroborating, source, within, runtime.clock, decimals)
    to_file, to_follow = (filing, before, belonging), (tracing, replying)
    runtime.routes += for_anybody(charter, guard, to_file, to_follow, opened.adding)
    runtime.routers.append(trace_router(tracing, replying, charter.language.on_day))
    runtime.routers.append(trace_files_router(replying, opened.adding))


def open_to_holders(
    runtime: Runtime,
    guard: Guard,
    holding: Holding,
    corroborating: Corroborating,
    by_lot: ByLot,
    owning: Owning,
    adding: Adding,
) -> None:
    """Members see what is expected of them, what became of what they reported and how often it was
    opened, say that they have seen it, too, and what they found where they were drawn; who acts for
    an owner sees what that has to do."""
    openings_of = partial(ask_in, runtime.engine, unsealed.of_several)
    own = own_pages(runtime, by_lot.belonging) if runtime.charter.form else None
    mine = MinePage(MemberDesk(guard), holding, openings_of, own)
    theirs = AddingOwn(adding, holding, by_lot.belonging)
    runtime.routes += SlipPage(mine.desk, by_lot.belonging).routes()
    runtime.routes += [*mine.routes(), *OwnFilesPage(mine, theirs).routes()]
    is_public = partial(ask_in, runtime.engine, reports.is_public)
    runtime.routes += SeenPage(SeenForms(guard), corroborating, is_public).routes()
    engine = runtime.engine
    found, one = partial(ask_in, engine, owed.found), partial(ask_in, engine, owed.one)
    owner_desk, places = OwnerDesk(guard), runtime.charter.places
    runtime.routes += OwedPage(owner_desk, owning, found, one, places).routes()
    settled = partial(ask_in, engine, checkings.to_appeal)
    one_settled = partial(ask_in, engine, checkings.one_to_appeal)
    runtime.routes += VerdictsPage(owner_desk, owning, settled, one_settled, places).routes()
    runtime.loops.add(Loop("closed logins", partial(holding.follow_closed, runtime.client)))
    open_to_checkers(runtime, guard, by_lot)


def open_to_checkers(runtime: Runtime, guard: Guard, by_lot: ByLot) -> None:
    """Members who are drawn say what they found."""
    engine, charter = runtime.engine, runtime.charter
    looked_up = partial(ask_in, engine, of_checker), partial(ask_in, engine, reporter_of)
    named = charter.places, charter.sectors
    shown = Shown(*looked_up, *named, charter.language.zone, charter.decimals)
    forms = CheckerForms(guard)
    page = CheckingPage(forms, by_lot, shown)
    runtime.routes += page.routes()
    runtime.routes += KeptFindings(forms, by_lot, page).routes()
    runtime.routes += CheckingCalendar(forms, by_lot, shown).routes()


def own_pages(runtime: Runtime, belonging: Belonging) -> OwnPages:
    charter, clock, of_beats = runtime.charter, runtime.clock, runtime.charter.beats
    prior = Prior(of_beats.prior_confirmed, of_beats.prior_settled)

    async def read(who: str) -> Own:
        today = charter.language.on_day(clock.now())
        asked = who, frozenset(of_beats.holidays), prior, today
        return await ask_in(runtime.engine, own_of, *asked)

    return OwnPages(OwnIn(belonging, read), charter.form or "", charter.places, charter.sectors)


def open_to_sources(runtime: Runtime, holding: Holding, uploads: Uploads) -> tuple[Entry, Awaited]:
    """Over HTTP, into the same inboxes."""
    client = runtime.client
    awaited = Awaited(client)
    runtime.loops.add(Loop("receipts awaited", awaited.follow))
    keys, looked_up = add_source_keys(runtime), LookedUp(client, NAME)
    engine, root = runtime.engine, runtime.frame.sites.root

    async def opened(report_id: str) -> dict[Role, int] | None:
        """A receipt can be told without its database."""
        try:
            return await ask_in(engine, unsealed.by_role, report_id)
        except OperationalError:
            return None

    async def code(report_id: str) -> str | None:
        """Nor does it wait for the vault."""
        try:
            return await holding.code_of(report_id)
        except VaultAwayError:
            return None

    entry = Entry(client)
    roads = Roads(keys, entry, awaited, looked_up, opened, code, runtime.digests, root, uploads)
    runtime.routers += [router(roads), files_router(roads)]
    charter, sites = runtime.charter, runtime.frame.sites
    hooks = hooks_of(charter.directory, charter.sources, runtime.settings.hook_secrets)
    runtime.routers.append(hook_router(roads, hooks))
    runtime.routes += open311_routes(roads, charter, runtime.store, sites, runtime.clock.now)
    return entry, awaited
