"""Passkeys: a key that a device keeps, which signs in by itself once its owner has unlocked it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from secrets import token_bytes

from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from services.promotion.domain.login import RemoveSecret, ReplaceSecret
from services.promotion.signing.entrance import Entrance
from services.promotion.signing.errors import (
    LastWayError,
    NameTakenError,
    NobodyError,
    WrongError,
)
from services.promotion.signing.passkey_store import Passkey
from services.promotion.signing.ways import Ways
from shared.contracts.login import SecretRemoved, SecretReplaced
from shared.web.sessions import Session

CHOSEN = AuthenticatorSelectionCriteria(
    resident_key=ResidentKeyRequirement.REQUIRED,
    user_verification=UserVerificationRequirement.REQUIRED,
)
ANSWERED_WITHIN = timedelta(minutes=5)
UNREADABLE = (WebAuthnException, ValueError, KeyError, TypeError)


@dataclass(frozen=True)
class Here:
    """The site that a passkey is for: its host, and its origin as browsers write it."""

    host: str
    origin: str


def new_challenge() -> str:
    return bytes_to_base64url(token_bytes(32))


@dataclass(frozen=True)
class Passkeys:
    entrance: Entrance

    @property
    def _ways(self) -> Ways:
        return Ways(self.entrance)

    def options_for_new(self, session: Session, challenge: str, here: Here, house: str) -> str:
        """What the browser is asked. It shows `house`, and no name of whoever asks."""
        return options_to_json(
            generate_registration_options(
                rp_id=here.host,
                rp_name=house,
                user_id=bytes.fromhex(session.login_id),
                user_name=session.who or house,
                challenge=base64url_to_bytes(challenge),
                authenticator_selection=CHOSEN,
            )
        )

    def options(self, challenge: str, here: Here) -> str:
        return options_to_json(
            generate_authentication_options(
                rp_id=here.host,
                challenge=base64url_to_bytes(challenge),
                user_verification=UserVerificationRequirement.REQUIRED,
            )
        )

    async def add(self, session: Session, said: str, challenge: str, here: Here) -> Session:
        """Of who has proved who they are. Raises WrongError, TooManyError. Other sessions are over,
        as with any other thing to sign in with."""
        try:
            verified = verify_registration_response(
                credential=said,
                expected_challenge=base64url_to_bytes(challenge),
                expected_rp_id=here.host,
                expected_origin=here.origin,
                require_user_verification=True,
            )
        except UNREADABLE:
            raise WrongError from None
        await self._use(challenge)
        entrance, at = self.entrance, self.entrance.now()
        passkey = Passkey(
            _name(verified.credential_id),
            session.login_id,
            verified.credential_public_key,
            verified.sign_count,
            added_at=at,
        )
        try:
            await entrance.store.passkeys.add(passkey)
        except NameTakenError:
            raise WrongError from None
        replaced = SecretReplaced(login_id=session.login_id, what="passkey", at=at)
        return await self._ways.changed(session, ReplaceSecret(replaced))

    async def of(self, session: Session) -> list[Passkey]:
        """The newest first."""
        return await self.entrance.store.passkeys.of(session.login_id)

    async def own(self, session: Session, name: str) -> Passkey:
        """Raises NobodyError: there is none, or it is somebody else's."""
        return _one_of(await self.of(session), name)

    async def call(self, session: Session, name: str, called: str) -> None:
        """A word for oneself, and so no event. Raises NobodyError."""
        passkey = await self.own(session, name)
        await self.entrance.store.passkeys.call(passkey, called, self.entrance.now())

    async def remove(self, session: Session, name: str) -> Session:
        """Written down first: where the log is away it can be tried again. Raises NobodyError,
        LastWayError."""
        entrance, known = self.entrance, await self.of(session)
        passkey = _one_of(known, name)
        keep = 0 if await self._ways.has_passphrase(session) else 1
        if len(known) <= keep:
            raise LastWayError
        removed = SecretRemoved(login_id=session.login_id, what="passkey", at=entrance.now())
        fresh = await self._ways.changed(session, RemoveSecret(removed))
        await entrance.store.passkeys.remove(passkey, keep)
        return fresh

    async def come_in(self, said: str, challenge: str, here: Here) -> Session:
        """Raises WrongError."""
        store = self.entrance.store.passkeys
        try:
            raw = base64url_to_bytes(json.loads(said)["rawId"])
            known = await store.named(_name(raw))
            if known is None or known.public_key is None:
                raise WrongError
            verified = verify_authentication_response(
                credential=said,
                expected_challenge=base64url_to_bytes(challenge),
                expected_rp_id=here.host,
                expected_origin=here.origin,
                credential_public_key=known.public_key,
                credential_current_sign_count=known.count,
                require_user_verification=True,
            )
        except UNREADABLE:
            raise WrongError from None
        await self._use(challenge)
        await store.used(known.name, verified.new_sign_count)
        return await self.entrance.by_login(known.login_id)

    async def _use(self, challenge: str) -> None:
        """Who has seen an answer can't send it once more. Raises WrongError."""
        now = self.entrance.now()
        until = now + ANSWERED_WITHIN
        if not await self.entrance.store.challenges.use(challenge, now, until):
            raise WrongError


def _one_of(passkeys: Sequence[Passkey], name: str) -> Passkey:
    for passkey in passkeys:
        if passkey.name == name:
            return passkey
    raise NobodyError


def _name(credential_id: bytes) -> str:
    return sha256(credential_id).hexdigest()
