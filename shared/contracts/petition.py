"""The events of one petition; only promotion writes them."""

from typing import Annotated, ClassVar

from pydantic import Field

from shared.contracts.event import Event
from shared.contracts.values import Count, Id, Instant, Line, Sector

SOURCE = "petitions"
"""Of the commitments that petitions make: a source of its own, that sends nothing."""

MOST_DAYS = 730

Days = Annotated[int, Field(strict=True, ge=1, le=MOST_DAYS)]


class PetitionEvent(Event):
    """People are logins, whose ids say nothing of them. What somebody typed stands in no event:
    `words` names what promotion keeps beside the log, and can erase. It is for those who live in
    `place`."""

    service: ClassVar[str] = "promotion"
    aggregate: ClassVar[str] = "petition"
    key: ClassVar[str] = "petition_id"

    petition_id: Id
    at: Instant


class PetitionStarted(PetitionEvent):
    """By a member, for a society where one is named. Its terms are those of the charter of that
    day, of version `rule_version`: it `needs` so many supporters until `until`, of whom both login
    and home are known since `known_since`; then `owner` has `answer_days` for an answer, where no
    rule for due dates says otherwise, and its commitment is called `task`."""

    by: Id
    society: Id | None
    words: Id
    sector: Sector
    needs: Count
    until: Instant
    known_since: Instant
    owner: Line
    task: Line
    answer_days: Days
    rule_version: Count


class PetitionSigned(PetitionEvent):
    member_id: Id


class SignatureWithdrawn(PetitionEvent):
    member_id: Id


class PetitionCounted(PetitionEvent):
    """At least so many support it now, and did not, or do no more; in rough steps."""

    at_least: Count


class PetitionReached(PetitionEvent):
    """As many support it as it needs: an answer is owed, whoever withdraws afterwards."""

    sector: Sector
    owner: Line
    task: Line
    answer_days: Days


class AnswerOwed(PetitionEvent):
    """The commitment is under control, and due then."""

    due_at: Instant


class PetitionAnswered(PetitionEvent):
    """By the body; `words` say what. Nobody signs or withdraws any more. It may answer again: who
    checks the first answer may refute it."""

    by: Id
    words: Id


class PetitionLapsed(PetitionEvent):
    """Its term ended, and too few supported it."""


class PetitionHidden(PetitionEvent):
    """Somebody of the staff has hidden its words, which were abuse. What it obliges to, stays.
    `reason` is written for readers and names nobody."""

    by: Id
    reason: Line


class StarterForgotten(PetitionEvent):
    """Who started it can't sign in any more, and what they wrote for it is erased."""

    member_id: Id
