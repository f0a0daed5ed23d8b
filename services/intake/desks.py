"""Intake's pages for the body's own people, and what the same acts are asked by from elsewhere."""

from functools import partial

from starlette.routing import Route

from services.intake.answering import serve_lifting, serve_passing
from services.intake.answering_clocks import serve_clocks
from services.intake.by_staff import ByStaff
from services.intake.clocking import Clocking
from services.intake.committing import Committing
from services.intake.deciding import Deciding
from services.intake.exchanging import Exchanging
from services.intake.files.keeping import Files
from services.intake.lifting import Lifting
from services.intake.opening import Openings
from services.intake.owning import Owning
from services.intake.passing import Passing
from services.intake.passing_files import PassingFiles
from services.intake.projections import (
    exchanges,
    findings,
    led_to,
    more_time,
    on_desk,
    openings,
    owed,
    shielded,
    words_waiting,
)
from services.intake.projections.alike import alike, neighbours
from services.intake.projections.reliability import Prior
from services.intake.site.committing_page import CommittingPage
from services.intake.site.coverage_page import CoveragePage
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
from services.intake.site.more_time_page import DecliningPage, GrantingPage
from services.intake.site.openings_page import OpeningsPage
from services.intake.site.owners_page import OwnersPage
from services.intake.site.reliability import Reliability
from services.intake.site.rows import figures_in, rows_in, shares_in
from services.intake.site.shielded_page import ShieldedPage
from services.intake.site.staff_desk import StaffDesk
from services.intake.site.words_page import WordsPage
from services.intake.together import Together
from shared.eventsourcing.event_store import EventStore
from shared.eventsourcing.projections.database import ask_in
from shared.runtime.live_stream import Telling
from shared.runtime.loops import Loop
from shared.runtime.runtime import Runtime
from shared.web.live import Live


def open_to_staff(
    runtime: Runtime,
    desk: StaffDesk,
    by_staff: ByStaff,
    for_openings: Openings,
    living: tuple[Live, Together],
    kept: tuple[Files, EventStore],
    owning: Owning,
) -> None:
    """Openings, inquiries, words and checks that wait for an editor, what checkers found, and what
    inspectors and the network of correspondents see. `kept` has the log as who has the keys."""
    engine, clock, charter = runtime.engine, runtime.clock, runtime.charter
    files, opened = kept
    rows = rows_in(engine, openings.newest, openings.one)
    shown = FilesShown(desk, files, runtime.store)
    passing_files = PassingFiles(by_staff, clock, files)
    runtime.routes += FileActs(desk, shown, passing_files).routes()
    runtime.routes += shown.routes()
    found_of = FindingsOf(rows_in(engine, findings.newest, findings.one), opened)
    named = charter.places, charter.sectors
    runtime.routes += FindingActs(desk, found_of, passing_files).routes()
    runtime.routes += FindingsPage(desk, found_of, shown, named).routes()
    runtime.routes += OpeningsPage(desk, for_openings, rows, by_staff.names(), shown).routes()
    exchanging = Exchanging(by_staff, runtime.store, clock, charter.form)
    newest = rows_in(engine, exchanges.newest, openings.one).some
    runtime.routes += InquiriesPage(desk, exchanging, newest).routes()
    passing = Passing(by_staff, clock)
    serve_passing(runtime, passing)
    waiting = rows_in(engine, words_waiting.first, words_waiting.one)
    runtime.routes += WordsPage(desk, passing, waiting).routes()
    lifting = Lifting(by_staff, clock)
    serve_lifting(runtime, lifting)
    clocking = Clocking(by_staff, clock, owning.rules)
    serve_clocks(runtime, clocking)
    of_time = desk, clocking, rows_in(engine, more_time.first, more_time.one)
    runtime.routes += [*GrantingPage(*of_time).routes(), *DecliningPage(*of_time).routes()]
    behind = rows_in(engine, shielded.first, shielded.one)
    runtime.routes += ShieldedPage(desk, lifting, behind).routes()
    found, one = partial(ask_in, engine, owed.found), partial(ask_in, engine, owed.one)
    runtime.routes += OwnersPage(desk, owning, found, one, charter.places).routes()
    committing = Committing(by_staff, owning.parties, owning.rules, clock)
    runtime.routes += CommittingPage(desk, committing, one, *named).routes()
    live, together = living
    runtime.loops.add(Loop("live desks", live.run))
    runtime.loops.add(Loop("replicas' desks", together.run))
    open_desks = DeskLive(desk.guard, Telling(live), together)
    deciding = Deciding(by_staff, runtime.store, clock)
    runtime.routes += _of_inspectors(runtime, desk, deciding, open_desks)


def _of_inspectors(
    runtime: Runtime, desk: StaffDesk, deciding: Deciding, live: DeskLive
) -> list[Route]:
    """For inspectors, and for auditors to look at."""
    charter, engine, clock = runtime.charter, runtime.engine, runtime.clock
    named, within = (charter.places, charter.sectors), charter.alike_within
    like = Alike(partial(ask_in, engine, alike), partial(ask_in, engine, neighbours))
    listed = partial(ask_in, engine, on_desk.listed)
    made = partial(ask_in, engine, led_to.of_report)
    beats = charter.beats
    figures = figures_in(engine, beats.holidays, lambda: charter.language.on_day(clock.now()))
    shares_of = shares_in(engine, Prior(beats.prior_confirmed, beats.prior_settled))
    pages = (
        DeskList(desk, *named, listed, clock.now),
        live,
        DeskReport(desk, deciding, *named, like.report, within, made, live, charter.parties),
        DuplicatesPage(desk.guard, like, within, clock),
        CoveragePage(desk, charter, figures, clock.now),
        Reliability(desk.guard, runtime.store, shares_of),
    )
    return [route for each in pages for route in each.routes()]
