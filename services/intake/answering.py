"""What intake answers by request and reply to the body's own people."""

import asyncio
from collections.abc import Callable
from typing import Any

from pydantic import BaseModel, Field
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from services.intake.accrediting import Accredit, Accrediting, End, HandOver, Rest, Resume
from services.intake.lifting import Lifting, LiftShieldOfACheck
from services.intake.passing import Passing, PassWordsOfACheck
from services.intake.projections import beats, checks, kept_told, lateness
from services.intake.protection import Erase, ErasePerson, Protection, Unseal
from services.intake.withdrawal import WithdrawACheck, Withdrawal, WithdrawAReport
from shared.contracts.values import Id, UtcInstant
from shared.runtime.broker import answers, problem
from shared.runtime.databases import away
from shared.runtime.runtime import Runtime

NAME = "intake"


def serve_protection(runtime: Runtime, protection: Protection) -> None:
    @answers(runtime.broker, "cmd.intake.UnsealReport", "UnsealReport", NAME)
    async def unseal(asked: Unseal) -> dict[str, Any]:
        """What is sealed of a report, for one of the staff, with a reason."""
        return await protection.unseal(asked)

    @answers(runtime.broker, "cmd.intake.EraseReport", "EraseReport", NAME)
    async def erase(asked: Erase) -> dict[str, Any]:
        """The key of a report's words is destroyed, for ever."""
        return await protection.erase(asked)

    @answers(runtime.broker, "cmd.intake.ErasePerson", "ErasePerson", NAME)
    async def erase_person(asked: ErasePerson) -> dict[str, Any]:
        """The key that tells whom a person's id stands for is destroyed, for ever."""
        return await protection.erase_person(asked)


def serve_withdrawal(runtime: Runtime, withdrawal: Withdrawal) -> None:
    @answers(runtime.broker, "cmd.intake.WithdrawReport", "WithdrawReport", NAME)
    async def report(asked: WithdrawAReport) -> dict[str, Any]:
        """What is public of a report is taken back, by an editor, with a reason."""
        return await withdrawal.of_report(asked)

    @answers(runtime.broker, "cmd.intake.WithdrawCheck", "WithdrawCheck", NAME)
    async def check(asked: WithdrawACheck) -> dict[str, Any]:
        """What is public of a check is taken back, by an editor, with a reason."""
        return await withdrawal.of_check(asked)


def serve_passing(runtime: Runtime, passing: Passing) -> None:
    @answers(runtime.broker, "cmd.intake.PassWords", "PassWords", NAME)
    async def words(asked: PassWordsOfACheck) -> dict[str, Any]:
        """Owner and task of a check may be public, says an editor, with a reason."""
        return await passing.of_check(asked)


def serve_lifting(runtime: Runtime, lifting: Lifting) -> None:
    @answers(runtime.broker, "cmd.intake.LiftShield", "LiftShield", NAME)
    async def shield(asked: LiftShieldOfACheck) -> dict[str, Any]:
        """A check may be public though its report is confidential, says an editor, and why."""
        return await lifting.of_check(asked)


def serve_beats(runtime: Runtime, accrediting: Accrediting) -> None:
    @answers(runtime.broker, "cmd.intake.AccreditCorrespondent", "AccreditCorrespondent", NAME)
    async def accredit(asked: Accredit) -> dict[str, Any]:
        """Somebody is to report about a place and sector, says one of the staff."""
        return await accrediting.carry_out(asked)

    @answers(runtime.broker, "cmd.intake.RestBeat", "RestBeat", NAME)
    async def rest(asked: Rest) -> dict[str, Any]:
        """Nothing is expected of a correspondent for some days."""
        return await accrediting.carry_out(asked)

    @answers(runtime.broker, "cmd.intake.ResumeBeat", "ResumeBeat", NAME)
    async def resume(asked: Resume) -> dict[str, Any]:
        """From today on something is expected of a correspondent again."""
        return await accrediting.carry_out(asked)

    @answers(runtime.broker, "cmd.intake.HandOverBeat", "HandOverBeat", NAME)
    async def hand_over(asked: HandOver) -> dict[str, Any]:
        """From today on another correspondent has the beat."""
        return await accrediting.carry_out(asked)

    @answers(runtime.broker, "cmd.intake.EndBeat", "EndBeat", NAME)
    async def end(asked: End) -> dict[str, Any]:
        """From today on nothing is expected of a correspondent any more."""
        return await accrediting.carry_out(asked)

    @answers(runtime.broker, "query.intake.beats", "WhichBeats", NAME)
    async def which(asked: WhichBeats) -> Any:
        """Beats and how they are, a page of them; nobody is named but by an id."""
        return await _asked_of_rows(runtime.engine, _beats, asked)


class WhichBeats(BaseModel):
    """`after` is what the page before said."""

    after: str = ""
    limit: int = Field(1_000, ge=1, le=1_000)


def _beats(engine: Engine, asked: WhichBeats) -> dict[str, Any]:
    with engine.connect().execution_options(reads_only=True) as connection:
        found = beats.first(connection, asked.limit + 1, asked.after)
    told = ("beat_id", "correspondent", "place", "sector", "rhythm_days", "since", "state")
    rows = [
        {name: row[name] for name in told}
        | {"heard_on": beats.spans_of(row)[-1][1].isoformat(), "ran_out_on": row["ran_out"]}
        for row in found[: asked.limit]
    ]
    more = len(found) > asked.limit
    return {"rows": rows, "after": rows[-1]["beat_id"] if more else None}


class WhoWasLate(BaseModel):
    """As known at the moment `on`: at that moment, or at `late_on`, which may be before and after.
    `after` is what the page before said; so many at once that an answer fits into a message."""

    on: UtcInstant
    late_on: UtcInstant | None = None
    after: tuple[UtcInstant, Id] | None = None
    limit: int = Field(1_000, ge=1, le=1_000)


def serve_late(runtime: Runtime) -> None:
    @answers(runtime.broker, "query.intake.late", "WhoWasLate", NAME)
    async def late(asked: WhoWasLate) -> Any:
        """Who was late as known at a moment, a page of them."""
        return await _asked_of_rows(runtime.engine, _late, asked)


class WhatIsKept(BaseModel):
    pass


def serve_kept(runtime: Runtime) -> None:
    @answers(runtime.broker, "query.intake.kept", "WhatIsKept", NAME)
    async def what_is_kept(_asked: WhatIsKept) -> Any:
        """By source with a term: how much is kept, announced and erased, and the days on which
        erasures fall due. Nothing that names anybody."""
        return await _asked_of_rows(runtime.engine, kept_told.told, runtime.charter.terms)


async def _asked_of_rows(engine: Engine, question: Callable[[Engine, Any], Any], asked: Any) -> Any:
    try:
        return await asyncio.to_thread(question, engine, asked)
    except OperationalError as error:
        words = away(NAME, engine.url, error)
        if words is None:
            raise
        return problem(503, "Intake's database is away", words)


def _late(engine: Engine, asked: WhoWasLate) -> dict[str, Any]:
    with engine.connect().execution_options(reads_only=True) as connection:
        page = asked.after, asked.limit + 1
        if asked.late_on is None:
            found = lateness.known_late_on(connection, asked.on, *page)
            if found is None:
                found = checks.late_as_known_on(connection, asked.on, *page)
        else:
            found = lateness.late_on(connection, asked.late_on, asked.on, *page)
    rows = [
        {"check": check_id, "owner": owner, "due_at": due_at.isoformat()}
        for check_id, owner, due_at in found[: asked.limit]
    ]
    more = len(found) > asked.limit
    return {"rows": rows, "after": [rows[-1]["due_at"], rows[-1]["check"]] if more else None}
