"""What a member allows and takes back; nothing of it says by which login."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import uuid4

from services.promotion.credentials.signer import Signer
from services.promotion.domain.credential_list import CredentialList, EnterCredential
from services.promotion.domain.credentials import AllowCredential, WithdrawCredential
from services.promotion.domain.issuer_key import AnnounceIssuerKey, EndIssuerKey
from shared.contracts.actor import Actor, suite
from shared.contracts.credential import CredentialAllowed
from shared.contracts.event import EventRef
from shared.contracts.identity import credential_list_id
from shared.contracts.issuer_key import IssuerKeyEnded
from shared.eventsourcing.command_handler import CommandHandler
from shared.eventsourcing.envelope import Envelope

PROMOTION = suite("part", "promotion")
COMMAND_LINE = suite("command", "line")


@dataclass(frozen=True)
class Allowing:
    """A qualification as the rows have it, with the event in which it stands; `qualified_on` if the
    credential is to tell the day."""

    member_id: str
    track: str
    rule_version: int
    earned_by: EventRef
    qualified_on: date | None = None


@dataclass(frozen=True)
class Consents:
    handler: CommandHandler
    signer: Signer
    now: Callable[[], datetime]
    lasts: timedelta

    async def allow(self, allowed: Allowing) -> str:
        """The id. Its place in the list comes first: one that nobody gets is no harm. Raises
        DomainError, TryLaterError."""
        await self.announce()
        today, credential_id = self.now().date(), uuid4().hex
        entering = EnterCredential(credential_list_id(f"{today:%Y-%m}"), credential_id)
        await self._give(entering, PROMOTION)
        entered: CredentialList = await self.handler.state_after(entering)
        event = CredentialAllowed(
            member_id=allowed.member_id,
            credential_id=credential_id,
            track=allowed.track,
            rule_version=allowed.rule_version,
            earned_by=allowed.earned_by,
            list_id=entering.list_id,
            index=entered.places[credential_id],
            on=today,
            until=today + self.lasts,
            qualified_on=allowed.qualified_on,
        )
        await self._give(AllowCredential(event), _themselves(allowed.member_id))
        return credential_id

    async def withdraw(self, member_id: str, credential_id: str) -> None:
        """Raises DomainError, TryLaterError."""
        command = WithdrawCredential(member_id, credential_id)
        await self._give(command, _themselves(member_id))

    async def announce(self) -> None:
        """Before anything is signed. Raises EndedKeyError, TryLaterError."""
        await self._give(AnnounceIssuerKey(self.signer.announced()), PROMOTION)

    async def end_key(self, key_id: str, reason: str) -> None:
        """Raises NoKeyError, TryLaterError."""
        ended = IssuerKeyEnded(key_id=key_id, reason=reason)
        await self._give(EndIssuerKey(ended), COMMAND_LINE)

    async def _give(self, command: object, actor: Actor) -> None:
        name = uuid4().hex
        await self.handler.carry_out(Envelope(command, id=name, correlation_id=name, actor=actor))


def _themselves(member_id: str) -> Actor:
    return Actor("member", "self", member_id)
