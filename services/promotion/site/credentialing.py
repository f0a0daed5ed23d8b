"""Puts credentials together: the body's key, the member's page, and what verifiers ask for."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import timedelta
from functools import partial
from http import HTTPStatus
from typing import Any

from starlette.exceptions import HTTPException
from starlette.routing import Route

from services.promotion.credentials.consents import Consents
from services.promotion.credentials.issuer import Issuer
from services.promotion.credentials.signer import Signer
from services.promotion.credentials.told import Tracks
from services.promotion.domain.track import Track
from services.promotion.projections import credentials, issuer_keys, qualifications
from services.promotion.projections.whole import STREAM, NotWholeError, Whole
from services.promotion.site.credential_pages import CredentialForms, CredentialPages, Looks
from services.promotion.site.desk import Desk
from services.promotion.site.issuer_pages import IssuerPages
from shared.eventsourcing.command_handler import CommandHandler
from shared.eventsourcing.errors import LogDamagedError
from shared.eventsourcing.jetstream.ends import ends_at
from shared.eventsourcing.projections.database import ask_in
from shared.runtime.keys import long_key
from shared.runtime.runtime import Runtime
from shared.runtime.slips import Slips
from shared.web.guard import Guard

RETRY_AFTER_S = 10


def add_credentials(
    runtime: Runtime, handler: CommandHandler, desk: Desk, tracks: Sequence[Track]
) -> Consents:
    """Where nobody is told where this service is to be found there are no pages: there is no issuer
    without an address. Raises WeakKeyError."""
    settings = runtime.settings
    path = settings.data_dir / "credential.key"
    key = long_key(settings.credential_key, path, "TRIBUNE_CREDENTIAL_KEY")
    lasts = timedelta(days=settings.credentials_last_days)
    consents = Consents(handler, Signer(key), desk.guard.now, lasts)
    ask = partial(ask_in, runtime.engine)
    whole = Whole()

    async def look() -> None:
        with suppress(LogDamagedError):  # a stream that is not there yet has revoked nothing
            whole.goal = max(whole.goal, await ends_at(runtime.client, STREAM))

    runtime.checks.append(look)
    runtime.routes += credential_routes(desk.guard, consents, Tracks(tracks), ask, whole)
    return consents


def credential_routes(
    guard: Guard,
    consents: Consents,
    tracks: Tracks,
    ask: Callable[..., Any],
    whole: Whole | None = None,
) -> list[Route]:
    """`ask` puts a question to the rows; `whole` keeps verifiers from half of them."""
    whole = whole or Whole()
    frame = guard.frame
    base = frame.sites.base.rstrip("/")
    if not base.startswith("http"):
        return []
    front = frame.sites.home if frame.sites.home.startswith("http") else f"{base}/"
    issuer = Issuer(base, front, frame.house.name, consents.signer)
    looks = Looks(partial(ask, qualifications.of_member), partial(ask, credentials.of_member))
    forms, slips = CredentialForms(guard), Slips(frame.cookies.key)
    revoked = partial(_once_whole, ask, whole.asks(credentials.read_model, credentials.revoked_in))
    keys = partial(_once_whole, ask, whole.asks(issuer_keys.read_model, issuer_keys.known))
    return [
        *CredentialPages(forms, slips, consents, issuer, tracks, looks).routes(),
        *IssuerPages(frame, issuer, consents, tracks, keys, revoked).routes(),
    ]


async def _once_whole(ask: Callable[..., Any], question: Callable[..., Any], *args: str) -> Any:
    """Raises HTTPException: a verifier comes back."""
    try:
        return await ask(question, *args)
    except NotWholeError:
        later = {"Retry-After": str(RETRY_AFTER_S)}
        raise HTTPException(HTTPStatus.SERVICE_UNAVAILABLE, headers=later) from None
