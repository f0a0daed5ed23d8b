"""Writes down on a page's behalf that somebody has seen what was reported, too."""

from contextlib import suppress

from services.intake.belonging import Belonging
from services.intake.domain.course import CorroborateReport, EnoughError, OwnReportError
from services.intake.holding import Holding
from shared.contracts.actor import Actor, source
from shared.eventsourcing.command_handler import CommandHandler
from shared.eventsourcing.digests import Digests
from shared.eventsourcing.envelope import Envelope
from shared.runtime.clock import Clock
from shared.web.bucket import Bucket
from shared.web.fair_share import ASKING
from shared.web.paces import Paces

WITNESS = "witness"
STRANGERS_EACH_S = 5
"""Words of people whom nobody knows, for each process: they go past the inbox and its limits."""

STRANGERS_OF_ONE_EACH_S = 1
"""Of those, of one address."""


class TooManyStrangersError(Exception):
    pass


class Corroborating:
    """Members are known by a digest of their login, another one for each report, so that nothing
    leads from one to the next; whoever has not signed in is known for one form alone."""

    def __init__(
        self,
        handler: CommandHandler,
        digests: Digests,
        holding: Holding,
        belonging: Belonging,
        clock: Clock,
    ) -> None:
        self._handler = handler
        self._digests = digests
        self._holding = holding
        self._belonging = belonging
        self._clock = clock
        self.pace = Bucket(STRANGERS_EACH_S)
        self.paces = Paces(STRANGERS_OF_ONE_EACH_S)

    async def by_member(self, login_id: str, report_id: str) -> bool:
        """Whether they had not said so before. Raises DomainError."""
        if report_id in await self._holding.of(login_id) or await self._filed(login_id, report_id):
            raise OwnReportError("Nobody corroborates their own report.")
        by = self._digests.of(WITNESS, login_id, report_id)
        command = CorroborateReport(report_id, by, None, self._clock.now())
        return await self._carry_out(command, Actor("member", WITNESS, by))

    async def _filed(self, login_id: str, report_id: str) -> bool:
        who = await self._belonging.person_of(login_id)
        return who is not None and who == await self._holding.who_filed(report_id)

    async def by_form(self, form: str, once: str, report_id: str) -> None:
        """The same form twice is one word, and one more than are counted is none. Raises
        DomainError, TooManyStrangersError."""
        if self.pace.wait_s() or not self._is_slow():
            raise TooManyStrangersError
        self.pace.take(1)
        by = self._digests.of("witness of one form", once)
        command = CorroborateReport(report_id, by, None, self._clock.now(), known=False)
        with suppress(EnoughError):
            await self._carry_out(command, source(form))

    def _is_slow(self) -> bool:
        """Whose address can't be told has no pace of their own."""
        address = ASKING.get()
        return address is None or self.paces.takes(address)

    def known_as(self, once: str, report_id: str) -> str:
        """A report on one form: its id is not for outsiders."""
        return self._digests.of("likely the same", once, report_id)

    async def _carry_out(self, command: CorroborateReport, actor: Actor) -> bool:
        known_as = self._digests.of("request", "intake", WITNESS, command.by, command.report_id)
        envelope = Envelope(command, id=known_as, correlation_id=known_as, actor=actor)
        outcome = await self._handler.carry_out(envelope)
        return outcome.new_events > 0
