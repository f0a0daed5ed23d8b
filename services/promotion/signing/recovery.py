"""Recovery codes: each signs somebody of the staff in once, instead of an authenticator's code."""

from collections.abc import Sequence

from services.promotion.domain.login import ReplaceSecret
from services.promotion.signing.codes import new_recovery_codes, without_spaces
from services.promotion.signing.entrance import Entrance
from services.promotion.signing.errors import WrongError
from services.promotion.signing.keyring import Keyring
from services.promotion.signing.visit import Visit
from services.promotion.signing.ways import Ways
from shared.contracts.login import SecretReplaced
from shared.web.sessions import Session


def digests_of(keyring: Keyring, login_id: str, codes: Sequence[str]) -> list[str]:
    return [keyring.digest("recovery", login_id, without_spaces(code)) for code in codes]


async def renew_codes(
    entrance: Entrance, session: Session, passphrase: str, visit: Visit
) -> tuple[Session, list[str]]:
    """For who signs in here by a code, and says the passphrase once more: a session alone may be a
    stolen one. Raises WrongError, TooSoonError, TooBusyError."""
    ways = Ways(entrance)
    kept = await ways.says_again(session, passphrase, visit)
    if not kept.seed:
        raise WrongError
    at = entrance.now()
    replaced = SecretReplaced(login_id=session.login_id, what="recovery", at=at)
    fresh = await ways.changed(session, ReplaceSecret(replaced))
    codes = new_recovery_codes()
    digests = digests_of(entrance.keyring, session.login_id, codes)
    await entrance.store.set_recovery(session.login_id, digests)
    return fresh, codes
