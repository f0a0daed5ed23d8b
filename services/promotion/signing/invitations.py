"""Lets somebody of the staff choose what to sign in with: once, by a word made for them."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

from services.promotion.domain.act import ProposeAct
from services.promotion.domain.login import ReplaceSecret, SignOutEverywhere
from services.promotion.signing.codes import (
    hashed_word,
    new_recovery_codes,
    new_seed,
    step_shown_by,
)
from services.promotion.signing.entrance import Entrance
from services.promotion.signing.errors import NobodyError, WrongError
from services.promotion.signing.giving import actor_of
from services.promotion.signing.joining import Joining
from services.promotion.signing.recovery import digests_of
from services.promotion.signing.store import Kept
from services.promotion.signing.visit import Visit
from shared.contracts.act import ActKind, ActProposed
from shared.contracts.actor import Actor
from shared.contracts.login import SecretReplaced, SignedOutEverywhere
from shared.web.sessions import Session

GOOD_FOR = timedelta(hours=48)


@dataclass(frozen=True)
class Invited:
    """`waits`: for a second person, as the charter wants it."""

    login_id: str
    waits: bool


@dataclass(frozen=True)
class Invitations:
    """`second_person` are the acts that need one. The word itself comes here only from who was
    invited; who invites gives its digest."""

    entrance: Entrance
    second_person: frozenset[ActKind]

    async def invite(self, who: str, word: str, reason: str, actor: Actor) -> Invited:
        """`word` as its SHA-256 in hexadecimal digits. Raises NobodyError."""
        entrance = self.entrance
        person = entrance.staff.get(who)
        if person is None or person.subject:
            raise NobodyError(who)
        kept = await entrance.kept_of_staff(who)
        kind: ActKind = "invite-again" if kept.passphrase else "invite"
        waits = kind in self.second_person
        act = uuid4().hex
        proposed = ActProposed(
            act_id=act,
            kind=kind,
            about=kept.login_id,
            reason=reason,
            by=None,
            at=entrance.now(),
            second_person=waits,
        )
        await entrance.store.change(
            kept.login_id, invitation=self._digest(word), invited_by=act, invited_until=None
        )
        await entrance.giving.give(ProposeAct(proposed), actor)
        if not waits:
            await self.allowed(act)
        return Invited(kept.login_id, waits)

    async def allowed(self, act: str) -> None:
        """From now on its invitation is good, if there is one."""
        await self.entrance.store.allow_invitation(act, self.entrance.now() + GOOD_FOR)

    async def accept(self, who: str, word: str, passphrase: str, visit: Visit) -> tuple[bytes, str]:
        """A fresh seed, and both it and the passphrase sealed, to be sent back with the first code.
        Raises WrongError, TooBusyError."""
        kept = await self._invited(who, word)
        hashed = await self.entrance.passphrases.hashed(passphrase, visit.place())
        seed = new_seed()
        said = json.dumps([seed.hex(), hashed.decode()]).encode()
        sealed = self.entrance.keyring.seal(said, kept.login_id, "joining", self._digest_of(word))
        return seed, urlsafe_b64encode(sealed).decode()

    def seed_in(self, who_id: str, word: str, sealed: str) -> tuple[bytes, bytes]:
        """Raises WrongError."""
        try:
            octets = urlsafe_b64decode(sealed)
        except ValueError:
            raise WrongError from None
        spot = (who_id, "joining", self._digest_of(word))
        said = self.entrance.keyring.open(octets, *spot)
        if said is None:
            raise WrongError
        seed, hashed = json.loads(said)
        return bytes.fromhex(seed), hashed.encode()

    async def seed_of(self, who: str, word: str, sealed: str) -> bytes:
        """To show it once more. Raises WrongError."""
        kept = await self._invited(who, word)
        return self.seed_in(kept.login_id, word, sealed)[0]

    async def confirm(
        self, who: str, word: str, sealed: str, shown: str
    ) -> tuple[Session, list[str]] | None:
        """The first session and the recovery codes; None if the code is another one. Whoever had
        what was good before, passkeys too, has nothing any more. What is kept instead and that the
        invitation is used up are one: who dies in between leaves it good. Raises WrongError."""
        entrance, at = self.entrance, self.entrance.now()
        kept = await self._invited(who, word)
        seed, hashed = self.seed_in(kept.login_id, word, sealed)
        step = step_shown_by(seed, shown, at)
        if step is None:
            return None
        is_closed = entrance.giving.is_closed(kept.login_id)
        had_another = bool(kept.passphrase) and not is_closed
        login_id = uuid4().hex if is_closed else kept.login_id
        codes = new_recovery_codes()
        digests = digests_of(entrance.keyring, login_id, codes)
        if had_another:  # where we die behind this, whoever had it is out all the same
            out = SignedOutEverywhere(login_id=login_id, until=at)
            await entrance.giving.give(SignOutEverywhere(out), actor_of("staff", login_id))
        joining = Joining(
            kept.login_id, self._digest_of(word), login_id, hashed, seed, step, digests
        )
        if not await entrance.store.join(joining):
            raise WrongError
        if had_another:
            replaced = SecretReplaced(login_id=login_id, what="passphrase", at=entrance.now())
            await entrance.giving.give(ReplaceSecret(replaced), actor_of("staff", login_id))
        return await entrance.begin(login_id, "staff", who), codes

    async def _invited(self, who: str, word: str) -> Kept:
        kept = await self.entrance.store.named(self.entrance.name_of_staff(who))
        if (
            kept is None
            or kept.invited_until is None
            or kept.invited_until < self.entrance.now()
            or kept.invitation != self._digest_of(word)
            or who not in self.entrance.staff
        ):
            raise WrongError
        return kept

    def _digest_of(self, word: str) -> str:
        return self._digest(hashed_word(word))

    def _digest(self, hashed: str) -> str:
        return self.entrance.keyring.digest("invitation", hashed)
