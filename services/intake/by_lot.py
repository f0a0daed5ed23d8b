"""Does what a member says who may be drawn as a checker, or was."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from services.intake.belonging import Belonging
from services.intake.domain.checker import StandReady, StepBack
from services.intake.domain.checking import (
    AcceptChecking,
    AppealVerdict,
    DeclineChecking,
    NotAskedError,
)
from services.intake.domain.finding import GiveFinding
from services.intake.files.uploading import OF_FINDING, Taken, Uploads
from shared.contracts.actor import Actor
from shared.contracts.attachment import Attached
from shared.contracts.checking import CheckerReady, Verdict
from shared.contracts.place import EVERYWHERE
from shared.contracts.values import UtcInstant
from shared.eventsourcing.command_handler import CommandHandler
from shared.eventsourcing.digests import Digests
from shared.eventsourcing.envelope import Envelope
from shared.eventsourcing.errors import DomainError
from shared.runtime.clock import Clock
from shared.web.parts import InParts

CHECKER = "checker"


class NobodyYetError(DomainError):
    """Who has filed no report is nobody among the correspondents, or was erased."""


@dataclass(frozen=True)
class Found:
    """What was seen in a place and at a time, on the state of the checking `rests_on`. `pictures`
    are names of what was uploaded for it, and an editor may show them to all if it is said so."""

    verdict: Verdict
    words: str
    place: str
    at: UtcInstant
    rests_on: int
    point: str = ""
    pictures: tuple[str, ...] = ()
    may_be_shown: bool = False


class NotUploadedError(DomainError):
    """A picture is named that nobody uploaded for a finding of theirs."""


class TooCloseError(DomainError):
    """Who acts for an owner does not check what the owner says."""


def not_close(_: str, __: str) -> bool:
    """For a charter without parties."""
    return False


@dataclass(frozen=True)
class ByLot:
    """`is_close` tells of a login whether it acts for an owner; the draw can't, for it knows people
    by their reports alone. Raises DomainError, VaultAwayError."""

    handler: CommandHandler
    digests: Digests
    belonging: Belonging
    clock: Clock
    is_close: Callable[[str, str], bool] = not_close
    uploads: Uploads | None = None

    async def person_of(self, login_id: str) -> str | None:
        return await self.belonging.person_of(login_id)

    async def stand_ready(
        self, login_id: str, ties: tuple[str, ...], societies: tuple[str, ...]
    ) -> None:
        who = await self._who(login_id)
        said = {"ties": ties, "societies": societies, "ready_at": self.clock.now()}
        ready = CheckerReady(member_id=who, place=EVERYWHERE, **said)
        await self._do(StandReady(ready), who, uuid4().hex)

    async def step_back(self, login_id: str) -> None:
        who = await self._who(login_id)
        await self._do(StepBack(who, self.clock.now()), who, uuid4().hex)

    async def accept(self, login_id: str, checking_id: str, owner: str) -> None:
        """For who is not close to the `owner` of what is checked."""
        if self.is_close(login_id, owner):
            raise TooCloseError("They act for the owner.")
        who = await self._who(login_id)
        command = AcceptChecking(checking_id, who, self.clock.now())
        await self._do(command, who, "accept", checking_id)

    async def decline(self, login_id: str, checking_id: str) -> None:
        who = await self._who(login_id)
        command = DeclineChecking(checking_id, who, self.clock.now())
        await self._do(command, who, "decline", checking_id)

    def mark(self, login_id: str, checking_id: str) -> str:
        """On what somebody keeps in a browser: it is theirs, and says nothing of them."""
        return self.digests.of("kept finding", login_id, checking_id)

    def calls_in_calendar(self, login_id: str, checking_id: str) -> str:
        """The same for ever, so that a calendar knows it again; it leads to neither."""
        return self.digests.of("checking in a calendar", login_id, checking_id)

    async def find(
        self, login_id: str, checking_id: str, found: Found, *, confirmed: bool = True
    ) -> None:
        who = await self._who(login_id)
        seen = found.verdict, found.words, found.place, found.at, found.rests_on
        with_it = await self._uploaded(who, found.pictures), found.point, found.may_be_shown
        command = GiveFinding(checking_id, who, *seen, self.clock.now(), confirmed, *with_it)
        await self._do(command, who, "find", checking_id, found.verdict)
        if self.uploads and found.pictures:
            self.uploads.files.filed(who)

    async def appeal(self, login_id: str, checking_id: str, reason: str, reporter: str) -> None:
        """For whoever is the `reporter` of what the commitment is about."""
        who = await self._who(login_id)
        if who != reporter:
            raise NotAskedError("It is not about a report of yours.")
        command = AppealVerdict(checking_id, "reporter", reason, self.clock.now())
        await self._do(command, who, "appeal", checking_id)

    async def take_pictures(self, login_id: str, found: InParts, before: int = 0) -> Taken:
        """Of one who was drawn. Raises what Uploads does."""
        if self.uploads is None:
            return Taken()
        who = await self._who(login_id)
        return await self.uploads.take(who, found, before, OF_FINDING)

    async def _uploaded(self, who: str, names: tuple[str, ...]) -> tuple[Attached, ...]:
        if not names:
            return ()
        files = self.uploads.files if self.uploads else None
        found = await asyncio.to_thread(files.named, who, names) if files else None
        if files is None or found is None:
            raise NotUploadedError("No such picture was uploaded for a finding of theirs.")
        if all(each.in_time for each in found) and not await files.keep(who, names):
            raise NotUploadedError("It made room for others meanwhile.")
        return tuple(found)

    async def _who(self, login_id: str) -> str:
        who = await self.belonging.person_of(login_id)
        if who is None:
            raise NobodyYetError("Nobody is known by this login.")
        return who

    async def _do(self, command: Any, who: str, *what: str) -> None:
        known_as = self.digests.of("request", "intake", CHECKER, who, *what)
        actor = Actor("member", CHECKER, self.digests.of(CHECKER, who))
        envelope = Envelope(command, id=known_as, correlation_id=known_as, actor=actor)
        await self.handler.carry_out(envelope)
