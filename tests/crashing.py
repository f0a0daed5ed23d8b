"""A command handler that dies where it hurts most."""

from collections.abc import Sequence
from typing import Any

from shared.eventsourcing.command_handler import CommandHandler
from shared.eventsourcing.envelope import Envelope, Outcome


class Crashing(CommandHandler):
    """Fails when the events are in the log and nobody was told yet, as often as it shall."""

    crashes = 0

    async def handle(self, envelopes: Sequence[Envelope], *sent: Any) -> list[Outcome]:
        outcomes = await super().handle(envelopes, *sent)
        if envelopes and self.crashes:
            self.crashes -= 1
            raise ConnectionResetError("the events are in the log, and nobody was told")
        return outcomes
