"""Intake's pages for the body's own people, and what the same acts are asked by from elsewhere."""

from functools import partial

from services.intake.answering import serve_passing
from services.intake.by_staff import ByStaff
from services.intake.exchanging import Exchanging
from services.intake.opening import Openings
from services.intake.passing import Passing
from services.intake.projections import exchanges, openings, words_waiting
from services.intake.projections.alike import alike, neighbours
from services.intake.projections.reliability import Prior
from services.intake.site.coverage_page import CoveragePage
from services.intake.site.duplicates_page import Alike, DuplicatesPage
from services.intake.site.inquiries_page import InquiriesPage
from services.intake.site.openings_page import OpeningsPage
from services.intake.site.reliability import Reliability
from services.intake.site.rows import figures_in, rows_in, shares_in
from services.intake.site.staff_desk import StaffDesk
from services.intake.site.words_page import WordsPage
from shared.eventsourcing.projections.database import ask_in
from shared.runtime.runtime import Runtime


def open_to_staff(
    runtime: Runtime, desk: StaffDesk, by_staff: ByStaff, for_openings: Openings
) -> None:
    """Openings, inquiries, words that wait for an editor, reports that may be the same, and what
    the network of correspondents sees."""
    engine, clock, charter = runtime.engine, runtime.clock, runtime.charter
    rows = rows_in(engine, openings.newest, openings.one)
    runtime.routes += OpeningsPage(desk, for_openings, rows, by_staff.names()).routes()
    exchanging = Exchanging(by_staff, runtime.store, clock, charter.form)
    newest = partial(ask_in, engine, exchanges.newest)
    runtime.routes += InquiriesPage(desk, exchanging, newest).routes()
    passing = Passing(by_staff, clock)
    serve_passing(runtime, passing)
    waiting = rows_in(engine, words_waiting.first, words_waiting.one)
    runtime.routes += WordsPage(desk, passing, waiting).routes()
    like = Alike(partial(ask_in, engine, alike), partial(ask_in, engine, neighbours))
    runtime.routes += DuplicatesPage(desk.guard, like, charter.alike_within, clock).routes()
    beats = charter.beats
    figures = figures_in(engine, beats.holidays, lambda: charter.language.on_day(clock.now()))
    runtime.routes += CoveragePage(desk, charter, figures, clock.now).routes()
    shares_of = shares_in(engine, Prior(beats.prior_confirmed, beats.prior_settled))
    runtime.routes += Reliability(desk.guard, runtime.store, shares_of).routes()
