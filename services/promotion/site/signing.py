"""Puts signing in together: the store, the invitations of the command line, the pages."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from pydantic import BaseModel

from services.promotion.projections import acts as acts_rows
from services.promotion.signing.acts import Acts
from services.promotion.signing.entrance import Entrance
from services.promotion.signing.errors import NobodyError
from services.promotion.signing.giving import Giving
from services.promotion.signing.invitations import Invitations
from services.promotion.signing.keyring import Keyring
from services.promotion.signing.passphrases import Passphrases
from services.promotion.signing.provider import Provider
from services.promotion.signing.slowing import Slowing
from services.promotion.signing.store import Store
from services.promotion.site.acts_page import ActsPage
from services.promotion.site.desk import Desk
from services.promotion.site.member_pages import MemberPages
from services.promotion.site.passkey_pages import PasskeyPages
from services.promotion.site.provider_pages import ProviderPages
from services.promotion.site.staff_pages import StaffPages
from services.promotion.site.ways_pages import WaysPages
from shared.contracts.act import KINDS
from shared.contracts.actor import suite
from shared.contracts.values import Digest, Line
from shared.eventsourcing.command_handler import CommandHandler
from shared.eventsourcing.errors import DomainError
from shared.eventsourcing.projections.database import run_in
from shared.runtime.beside import open_store
from shared.runtime.keys import long_key
from shared.runtime.runtime import Runtime
from shared.runtime.sessions import add_guard
from shared.runtime.settings import Settings
from shared.web.session_signer import SessionSigner

COMMAND_LINE = suite("command", "line")


class Invite(BaseModel):
    """`word` is the SHA-256 of the invitation: the word itself is for who is invited."""

    who: str
    word: Digest
    reason: Line


class NoStaffError(DomainError):
    pass


def add_signing(runtime: Runtime, handler: CommandHandler) -> Desk:
    """Raises WeakKeyError."""
    settings, staff = runtime.settings, runtime.charter.staff
    path = settings.data_dir / "signing.key"
    keyring = Keyring(long_key(settings.signing_key, path, "TRIBUNE_SIGNING_KEY"))
    signer, guard = SessionSigner(keyring.session_seed), add_guard(runtime)
    giving = Giving(handler, guard.sessions, signer.announced())
    store = Store(open_store(settings.secrets_database(runtime.name)), keyring)
    entrance = Entrance(giving, store, keyring, Passphrases(), Slowing(), staff.person)
    for_two = frozenset(each for each in KINDS if each in staff.second_person)
    invitations = Invitations(entrance, for_two)
    acts = Acts(entrance, invitations)
    desk = Desk(guard, signer, entrance, invitations, acts, settings.addresses)

    async def newest(limit: int) -> list[Mapping[str, Any]]:
        return list(await run_in(runtime.engine, _newest, runtime, limit))

    runtime.routes += MemberPages(desk).routes()
    runtime.routes += PasskeyPages(desk).routes()
    runtime.routes += WaysPages(desk).routes()
    if provider := _provider(settings):
        runtime.routes += ProviderPages(desk, provider).routes()
    runtime.routes += StaffPages(desk, provider.name if provider else "").routes()
    runtime.routes += ActsPage(desk, newest).routes()
    return desk


def _provider(settings: Settings) -> Provider | None:
    if not settings.oidc_issuer:
        return None
    secret = settings.oidc_client_secret.get_secret_value()
    host = urlsplit(settings.oidc_issuer).hostname or ""
    name = settings.oidc_name or host
    return Provider(settings.oidc_issuer, settings.oidc_client_id, secret, name)


async def invite(desk: Desk, asked: Invite) -> dict[str, Any]:
    """Raises NoStaffError."""
    try:
        invited = await desk.invitations.invite(asked.who, asked.word, asked.reason, COMMAND_LINE)
    except NobodyError:
        raise NoStaffError(
            f"the charter's staff.toml has no {asked.who} who signs in here; promotion reads it"
            " when it starts"
        ) from None
    return {"login": invited.login_id, "waits": invited.waits}


def _newest(runtime: Runtime, limit: int) -> list[dict[str, Any]]:
    with runtime.engine.connect().execution_options(reads_only=True) as connection:
        return acts_rows.newest(connection, limit)
