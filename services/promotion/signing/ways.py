"""What somebody who has signed in signs in with: changed, taken away, or said once more."""

from dataclasses import dataclass, replace
from datetime import timedelta

from services.promotion.domain.login import RemoveSecret, ReplaceSecret
from services.promotion.signing.entrance import Entrance
from services.promotion.signing.errors import NotProvedError, WrongError
from services.promotion.signing.giving import actor_in
from services.promotion.signing.store import Kept
from services.promotion.signing.visit import Visit
from shared.contracts.login import SecretRemoved, SecretReplaced
from shared.web.sessions import Session

PROVED_WITHIN = timedelta(minutes=5)


@dataclass(frozen=True)
class Ways:
    entrance: Entrance

    async def change_passphrase(
        self, session: Session, old: str, new: str, visit: Visit, *, and_passkeys: bool = False
    ) -> Session:
        """All other sessions are over then. `and_passkeys`: none of them is good any more. Raises
        WrongError, TooSoonError, TooBusyError."""
        entrance, kept = self.entrance, await self.says_again(session, old, visit)
        hashed = await entrance.passphrases.hashed(new, visit.place(kept.name))
        if and_passkeys:
            await self._remove_passkeys(session)
        await entrance.store.change(session.login_id, passphrase=hashed)
        at = entrance.now()
        replaced = SecretReplaced(login_id=session.login_id, what="passphrase", at=at)
        return await self.changed(session, ReplaceSecret(replaced))

    async def says_again(self, session: Session, passphrase: str, visit: Visit) -> Kept:
        """Raises WrongError, TooSoonError, TooBusyError."""
        entrance = self.entrance
        kept = await entrance.store.of(session.login_id)
        if kept is None:
            raise WrongError
        await entrance.known(kept.name, passphrase, visit)
        entrance.slowing.right(kept.name, visit.whence(kept.name))
        return kept

    async def prove(self, session: Session, passphrase: str, visit: Visit) -> None:
        """Before somebody gets another way in: the session alone may be a stolen one. Raises
        WrongError, TooSoonError, TooBusyError, NotProvedError."""
        kept = await self.entrance.store.of(session.login_id)
        if kept is None or kept.passphrase:
            await self.says_again(session, passphrase, visit)
        elif self.entrance.now().timestamp() > session.proved + PROVED_WITHIN.total_seconds():
            raise NotProvedError

    async def has_passphrase(self, session: Session) -> bool:
        kept = await self.entrance.store.of(session.login_id)
        return bool(kept and kept.passphrase)

    async def changed(self, session: Session, command: ReplaceSecret | RemoveSecret) -> Session:
        """All sessions but this one are over. It is begun anew, and yet proves no more than
        before."""
        entrance = self.entrance
        await entrance.giving.give(command, actor_in(session))
        anew = await entrance.begin(session.login_id, session.holder, session.who)
        return replace(anew, proved=session.proved)

    async def _remove_passkeys(self, session: Session) -> None:
        entrance = self.entrance
        if await entrance.store.passkeys.of(session.login_id):
            removed = SecretRemoved(login_id=session.login_id, what="passkey", at=entrance.now())
            await entrance.giving.give(RemoveSecret(removed), actor_in(session))
            await entrance.store.passkeys.remove_all(session.login_id)
