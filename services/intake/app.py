"""Puts intake together: inboxes, commands, processes, read models and the sweep of its calendar."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from services.intake import drawing, keeping
from services.intake.accrediting import Accrediting, Known
from services.intake.adding import Adding
from services.intake.answering import (
    serve_beats,
    serve_kept,
    serve_late,
    serve_protection,
    serve_withdrawal,
)
from services.intake.appeals_heard import appeals_heard
from services.intake.belonging import Belonging
from services.intake.by_lot import ByLot
from services.intake.by_staff import ByStaff
from services.intake.corroborating import Corroborating
from services.intake.desks import open_to_staff
from services.intake.domain import (
    beat,
    check,
    checker,
    exchange,
    opening,
    person,
    registration,
    report,
    source_key,
)
from services.intake.domain.beat_rules import BeatRules
from services.intake.domain.due import DueRules
from services.intake.doors import (
    Opened,
    open_to_anybody,
    open_to_holders,
    open_to_sources,
)
from services.intake.due_dates import due_rules
from services.intake.erased_again import ErasedAgain
from services.intake.files.keeping import Files
from services.intake.files.part import add_files
from services.intake.files.uploading import Uploads
from services.intake.holding import Holding
from services.intake.opening import Openings
from services.intake.owning import Owning
from services.intake.processes import checkings as checking
from services.intake.processes import duplicates
from services.intake.projections import (
    attached,
    beats,
    checkers,
    checkings,
    checks,
    claims,
    coverage,
    exchanges,
    filed_by,
    findings,
    kept,
    lateness,
    more_time,
    openings,
    points,
    reckoned,
    reliability,
    reminded,
    reports,
    seats,
    shielded,
    unsealed,
    words_waiting,
)
from services.intake.projections.beats_due import BeatsDue
from services.intake.projections.checkings_due import CheckingsDue, MayClose, at_once
from services.intake.projections.kept_dues import KeptDues
from services.intake.protection import AtHand, Protection
from services.intake.reactions import REACTIONS as OWN_REACTIONS
from services.intake.reactions import by_rules
from services.intake.recounting import add_recounting
from services.intake.reminding import DueTerms, due_terms
from services.intake.reminding import timers as due_timers
from services.intake.site.staff_desk import StaffDesk
from services.intake.together import Together, both
from services.intake.translate import nowhere, translator
from services.intake.withdrawal import Withdrawal
from shared.contracts.checking import CheckingTerms
from shared.contracts.party import NO_PARTIES, Parties
from shared.eventsourcing.codec import Codec
from shared.eventsourcing.command_handler import CommandHandler
from shared.eventsourcing.decider import Category
from shared.eventsourcing.jetstream.event_store import JetStreamEventStore
from shared.eventsourcing.projections.database import ask_in, one_look
from shared.eventsourcing.projections.due_column import DuesIn
from shared.eventsourcing.projections.kept_states import KeptStates
from shared.eventsourcing.timers.calendar import Calendar, Due, Timers
from shared.runtime.charter_keeping import Term
from shared.runtime.charter_models import OPEN_REPORT
from shared.runtime.commands import serve_commands
from shared.runtime.front_page import add_front_page
from shared.runtime.inboxes import add_digest_key, add_expiry, add_inbox
from shared.runtime.parts import add_process, add_reaction, add_read_models
from shared.runtime.redrive import by_stream, serve_redrive
from shared.runtime.runtime import Runtime
from shared.runtime.sessions import add_guard
from shared.runtime.sweep_loop import add_sweep
from shared.runtime.telling import add_telling
from shared.runtime.vault.holders import Holders
from shared.runtime.vault.letters import SealedLetters
from shared.runtime.vault.part import add_clearing, add_listing, add_vault
from shared.runtime.vault.persons import Persons
from shared.runtime.whispers import Whispers
from shared.web.live import Live

NAME = "intake"
FIRST_TIER_ALONE = DueTerms(DueRules())
PROCESSES = (duplicates.process, checking.process)
CATEGORIES = (
    report.category,
    check.category,
    source_key.category,
    person.category,
    opening.category,
    beat.category,
    checker.category(checks=False),  # whose events fold the same under any charter
    exchange.category,
    registration.category,
    *(each.category for each in PROCESSES),
)
REACTIONS = (*(one for each in PROCESSES for one in each.reactions()), *OWN_REACTIONS)
READ_MODELS = (
    reports.read_model,
    checks.read_model,
    attached.read_model,
    exchanges.read_model,
    filed_by.read_model,
    kept.read_model,
    openings.read_model,
    points.read_model,
    unsealed.read_model,
    words_waiting.read_model,
    beats.read_model,
    coverage.read_model,
    reliability.read_model,
    shielded.read_model,
    lateness.read_model,
    claims.read_model,
    reminded.read_model,
    reckoned.read_model,
    checkers.read_model,
    checkings.read_model,
    seats.read_model,
    findings.read_model,
    more_time.read_model,
)


def compose(runtime: Runtime) -> None:
    engine, clock, charter = runtime.engine, runtime.clock, runtime.charter
    add_digest_key(runtime)
    vault = add_vault(runtime)
    # Whoever else reads has no keys.
    store = JetStreamEventStore(runtime.client, codec=Codec(vault))
    handler = CommandHandler(
        store, by_charter(charter.checking.terms), clock.now, KeptStates(engine)
    )
    persons = Persons(vault, runtime.digests)
    files = add_files(runtime, vault, handler)
    translate = translator(
        charter.places,
        charter.sectors,
        charter.public_sources,
        charter.trusted_sources,
        person_of=persons.id_of,
        locate=charter.geography.place_of if charter.geography else nowhere,
        files_named=files.named,
        rules=(rules := BeatRules(charter.language.zone.key, charter.beats.rhythm_days)),
        due_rules=(reckons := due_rules(charter)),
        parties=charter.parties,
        clocks_differ_by=runtime.clocks_differ_by,
    )
    letters = SealedLetters(vault, persons)
    inboxes = [
        add_inbox(runtime, each, handler, translate, letters, persons.ahead)
        for each in charter.sources
    ]
    clearing_of = add_clearing(runtime, vault)
    add_expiry(runtime, inboxes, charter.terms)
    for source in charter.sources:
        add_telling(runtime, source)
    dates = _dates(runtime, handler, reckons)
    reactors = [
        *(each for one in PROCESSES for each in add_process(runtime, one, handler, dates)),
        *(add_reaction(runtime, each, handler) for each in by_rules(reckons, charter.parties)),
    ]
    sweep = add_sweep(runtime, dates, handler)
    live = Live()
    together = Together(Whispers(runtime.client, NAME), live)
    rows = add_read_models(runtime, READ_MODELS, both(sweep.calendar_moved, together.moved))
    sweep.hurry = rows.hurry
    for category in CATEGORIES:
        serve_commands(runtime.broker, NAME, handler, category.commands, clock.now, runtime.digests)
    serve_redrive(runtime.broker, NAME, by_stream([*inboxes, *reactors]))

    def progress() -> dict[str, Any]:
        with engine.connect().execution_options(reads_only=True) as connection:
            return {
                "reports": reports.count_by_state(connection),
                "checks": checks.count_by_state(connection),
            }

    runtime.progress = progress
    add_front_page(runtime, Path(__file__).parent / "site")
    serve_late(runtime)
    by_staff = ByStaff(handler, runtime.digests, charter.staff.person)
    at_hand = AtHand(runtime.store, store, vault, clearing_of, files)
    two = OPEN_REPORT in charter.staff.second_person
    protection = Protection(at_hand, by_staff, clock, charter.sources, second_person=two)
    serve_protection(runtime, protection)
    guard = add_guard(runtime)
    for_openings = Openings(by_staff, protection, clock, second_person=two)
    owning = Owning(handler, runtime.digests, by_staff, charter.parties, reckons, clock)
    open_to_staff(
        runtime, StaffDesk(guard), by_staff, for_openings, (live, together), (files, store), owning
    )
    serve_withdrawal(runtime, Withdrawal(by_staff, clock))
    known = Known(
        charter.places,
        charter.sectors,
        charter.sources.keys() - charter.public_sources,
        charter.beats.accredits,
    )
    serve_beats(runtime, Accrediting(by_staff, persons, known, rules, clock))
    add_listing(runtime, vault, ErasedAgain(handler, clock).tell)
    serve_kept(runtime)
    holding = Holding(runtime.store, Holders(vault))
    belonging = Belonging(runtime.digests, persons, charter.form)
    corroborating = Corroborating(handler, runtime.digests, holding, belonging, clock)
    adding = _adding(runtime, handler, files)
    open_to_holders(
        runtime,
        guard,
        holding,
        corroborating,
        ByLot(handler, runtime.digests, belonging, clock, owning.is_close, adding.uploads),
        owning,
        adding,
    )
    sending = open_to_sources(runtime, holding, Uploads(files))
    if charter.form:
        opened = Opened(store, handler, adding)
        open_to_anybody(runtime, guard, opened, sending, corroborating, belonging)


def _adding(runtime: Runtime, handler: CommandHandler, files: Files) -> Adding:
    """Of people: nobody knows who fills it, so half of the room is theirs."""
    uploads = Uploads(files.of_people())
    return Adding(uploads, runtime.digests, runtime.store, handler, runtime.clock.now)


def _dates(runtime: Runtime, handler: CommandHandler, rules: DueRules) -> Calendar:
    """By the charter; what it counts otherwise than before is counted anew."""
    charter, due = runtime.charter, due_terms(runtime.charter, rules)
    add_recounting(runtime, handler, rules)
    holidays, parties = charter.beats.holidays, charter.parties
    may_close = appeals_heard(runtime)
    return calendar(runtime.engine, charter.terms, holidays, due, parties, may_close)


def by_charter(terms: CheckingTerms | None) -> list[Category]:
    """As the log is written under a charter that has claims checked, or not."""
    decides = {"check": check.checked_by(terms), "checker": checker.category(checks=bool(terms))}
    return [decides.get(each.name, each) for each in CATEGORIES]


def calendar(
    engine: Engine,
    terms: Mapping[str, Term] | None = None,
    holidays: Collection[date] = (),
    due_terms: DueTerms = FIRST_TIER_ALONE,
    parties: Parties = NO_PARTIES,
    may_close: MayClose = at_once,
) -> Calendar:
    """Checks are raised when their due dates have passed, and passed up; owners are reminded; what
    was kept for its time is erased; beats fall silent, and are heard again; checkings go on."""
    overdue = Timers(DuesIn(engine, checks.overdue), _raise_overdue)
    silence = silences(BeatsDue(engine, frozenset(holidays)))
    checked = drawing.timers(CheckingsDue(engine, may_close), parties)
    tiers = due_timers(partial(ask_in, engine), due_terms)
    kept_for = keeping.timers(partial(KeptDues, engine), terms or {})
    return Calendar(overdue, silence, checked, *tiers, *kept_for, look=one_look)


def silences(dues: BeatsDue) -> Timers:
    def command(due: Due, now: datetime) -> beat.JudgeBeat:
        return beat.JudgeBeat(due.thing, dues.heard[due.thing], frozenset(dues.holidays), now)

    return Timers(dues, command)


def _raise_overdue(due: Due, now: datetime) -> check.RaiseOverdue:
    return check.RaiseOverdue(due.thing, due.at, now)
