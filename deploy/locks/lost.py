"""What is lost or damaged in a folder of keys, in words that say what to do."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.locks.accounts import LOG
from deploy.locks.kinds import kind
from deploy.locks.users import User


class NoKeysError(Exception):
    """There is no folder with keys, or a damaged file in it; says what to do."""


def claims_file(folder: Path, account: str) -> Path:
    return folder / "accounts" / f"{account}.jwt"


def memory_file(folder: Path, account: str) -> Path:
    """Who of an account is out for good."""
    return folder / "revoked" / f"{account}.json"


def seed_file(folder: Path, account: str) -> Path:
    return folder / "keys" / f"account-{account}.seed"


@contextmanager
def named(file: Path) -> Iterator[None]:
    """Raises NoKeysError where it is damaged; never says what stands in it."""
    try:
        yield
    except (ValueError, TypeError, KeyError) as error:
        kind_of_it = type(error).__name__
        raise NoKeysError(
            f"{file} is damaged ({kind_of_it}); put it back from a copy of the folder of keys"
        ) from None


def require_memory(folder: Path, users: Iterable[User]) -> None:
    """Raises NoKeysError where an account's key is gone, which its users' credentials are signed
    by, or where nobody knows any more who of them are revoked."""
    for user in users:
        account = LOG if kind(user.kind).inside else user.account
        seed, claims = seed_file(folder, account), claims_file(folder, account)
        if not seed.exists():
            raise NoKeysError(f"{seed} is gone. {_what_to_do(user, account)}")
        if not claims.exists() and not memory_file(folder, account).exists():
            raise NoKeysError(
                f"{claims} is gone, and so is who was revoked there. {_what_to_do(user, account)}"
            )


def _what_to_do(user: User, account: str) -> str:
    own = f"users/{user.account}.json and creds/{user.account}.creds"
    return (
        f"Put it back from a copy of the folder of keys. Where there is none, delete"
        f" keys/account-{account}.seed, {own} there, as far as they are left: they are made"
        f" anew, and whoever had credentials of {user.name} needs new ones"
    )
