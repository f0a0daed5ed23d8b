"""Passkeys as they are kept: sealed, each with what its owner calls it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Engine,
    LargeBinary,
    MetaData,
    String,
    Table,
    delete,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError

from services.promotion.signing.errors import NameTakenError, TooManyError
from services.promotion.signing.keyring import Keyring
from shared.eventsourcing.projections.database import run_in
from shared.eventsourcing.projections.read_model import Instant

MOST = 10

metadata = MetaData()
passkeys = Table(
    "signing_passkeys",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("login_id", String(32), nullable=False),
    Column("public_key", LargeBinary, nullable=False),
    Column("count", BigInteger, nullable=False),
)
labels = Table(
    "signing_passkey_labels",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("called", LargeBinary),
    Column("added_at", Instant, nullable=False),
)
"""Of those that were added before there was this table nothing is known."""


@dataclass(frozen=True)
class Passkey:
    """`name` is the digest of what its device calls it; `public_key` is None where somebody wrote
    another one there. `called` is its owner's word for it."""

    name: str
    login_id: str
    public_key: bytes | None
    count: int
    called: str = ""
    added_at: datetime | None = None


class PasskeyStore:
    def __init__(self, engine: Engine, keyring: Keyring) -> None:
        self._engine = engine
        self._keyring = keyring
        metadata.create_all(engine)

    async def add(self, passkey: Passkey) -> None:
        """Raises NameTakenError, TooManyError."""
        await run_in(self._engine, self._add, passkey)

    async def named(self, name: str) -> Passkey | None:
        found = await run_in(self._engine, self._found, passkeys.c.name == name)
        return found[0] if found else None

    async def of(self, login_id: str) -> list[Passkey]:
        return await run_in(self._engine, self._found, passkeys.c.login_id == login_id)

    async def used(self, name: str, count: int) -> None:
        await run_in(self._engine, self._used, name, count)

    async def call(self, passkey: Passkey, called: str, at: datetime) -> None:
        await run_in(self._engine, self._call, passkey, called, passkey.added_at or at)

    async def remove(self, passkey: Passkey, keep: int) -> bool:
        """Unless no more than `keep` are left of its login; also where two are removed at once."""
        return await run_in(self._engine, self._remove, passkey, keep)

    async def remove_all(self, login_id: str) -> None:
        await run_in(self._engine, self._remove_all, login_id)

    def _add(self, passkey: Passkey) -> None:
        """Sealed, though it is public: who can write here must not give others a key of theirs."""
        key = passkey.public_key or b""
        sealed = self._keyring.seal(key, passkey.login_id, passkey.name)
        row = {name: getattr(passkey, name) for name in ("name", "login_id", "count")}
        label = {"name": passkey.name, "added_at": passkey.added_at}
        try:
            with self._engine.begin() as connection:
                connection.execute(insert(passkeys).values(row | {"public_key": sealed}))
                if passkey.added_at:
                    connection.execute(insert(labels).values(label))
                own = select(func.count()).where(passkeys.c.login_id == passkey.login_id)
                if connection.execute(own).scalar_one() > MOST:
                    raise TooManyError
        except IntegrityError:
            raise NameTakenError from None

    def _found(self, which: object) -> list[Passkey]:
        with self._engine.connect().execution_options(reads_only=True) as connection:
            both = passkeys.outerjoin(labels, passkeys.c.name == labels.c.name)
            chosen = select(passkeys, labels.c.called, labels.c.added_at).select_from(both)
            newest = labels.c.added_at.desc(), passkeys.c.name
            rows = connection.execute(chosen.where(which).order_by(*newest)).mappings().all()  # type: ignore[arg-type]
        return [
            Passkey(
                row["name"],
                row["login_id"],
                self._keyring.open(row["public_key"], row["login_id"], row["name"]),
                row["count"],
                self._called(row["called"], row["login_id"], row["name"]),
                row["added_at"],
            )
            for row in rows
        ]

    def _called(self, sealed: bytes | None, *spot: str) -> str:
        opened = self._keyring.open(sealed, *spot, "called") if sealed else None
        return opened.decode() if opened else ""

    def _used(self, name: str, count: int) -> None:
        own = passkeys.c.name == name
        with self._engine.begin() as connection:
            connection.execute(update(passkeys).where(own).values(count=count))

    def _call(self, passkey: Passkey, called: str, at: datetime) -> None:
        sealed = self._keyring.seal(called.encode(), passkey.login_id, passkey.name, "called")
        with self._engine.begin() as connection:
            connection.execute(delete(labels).where(labels.c.name == passkey.name))
            label = {"name": passkey.name, "called": sealed, "added_at": at}
            connection.execute(insert(labels).values(label))

    def _remove(self, passkey: Passkey, keep: int) -> bool:
        with self._engine.begin() as connection:
            own = select(passkeys.c.name).where(passkeys.c.login_id == passkey.login_id)
            connection.execute(own.with_for_update()).all()
            left = select(func.count()).where(passkeys.c.login_id == passkey.login_id)
            this = passkeys.c.name == passkey.name
            enough = left.scalar_subquery() > keep
            is_gone = connection.execute(delete(passkeys).where(this, enough)).rowcount
            if is_gone:
                connection.execute(delete(labels).where(labels.c.name == passkey.name))
            return bool(is_gone)

    def _remove_all(self, login_id: str) -> None:
        with self._engine.begin() as connection:
            forget_passkeys(connection, login_id)


def forget_passkeys(connection: Connection, login_id: str) -> None:
    own = select(passkeys.c.name).where(passkeys.c.login_id == login_id)
    connection.execute(delete(labels).where(labels.c.name.in_(own)))
    connection.execute(delete(passkeys).where(passkeys.c.login_id == login_id))
