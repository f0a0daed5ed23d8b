"""Words of registers: on disk before any event names them, and gone once none does."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.promotion.domain.society_registered import RegisterSociety
from services.promotion.domain.society_state import Society
from services.promotion.societies.words import SocietyWords, Words
from shared.eventsourcing.command_handler import CommandHandler
from shared.eventsourcing.envelope import Envelope, Outcome


@dataclass(frozen=True)
class Registering:
    """Carries out what registers say. Their words are under the register's name, as those of
    members are under their login's."""

    handler: CommandHandler
    words: SocietyWords

    async def handle(self, envelopes: Sequence[Envelope]) -> list[Outcome]:
        commands = [each.command for each in envelopes]
        given = [each for each in commands if isinstance(each, RegisterSociety)]
        others = await self.words.keep_all([_words(each) for each in given])
        outcomes = await self.handler.handle(envelopes)
        gone: set[str] = set()
        for command in given:
            if of := others.get(command.society_id):
                society: Society = await self.handler.state_after(command)
                gone |= of - {society.words}
        await self.words.drop_all(gone)
        return outcomes


def _words(command: RegisterSociety) -> Words:
    said, stated = command.registered, command.stated
    return Words(
        said.words,
        said.society_id,
        said.registry,
        stated.cause,
        said.at,
        stated.name,
        stated.tags,
    )
