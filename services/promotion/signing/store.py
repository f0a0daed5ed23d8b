"""What people sign in with: sealed, in a database that is no read model and made from no log."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

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

from services.promotion.signing.challenge_store import ChallengeStore
from services.promotion.signing.errors import NameTakenError
from services.promotion.signing.joining import Joining
from services.promotion.signing.keyring import Keyring
from services.promotion.signing.passkey_store import PasskeyStore, forget_passkeys
from shared.eventsourcing.projections.database import run_in
from shared.eventsourcing.projections.read_model import Instant

metadata = MetaData()
secrets = Table(
    "signing_secrets",
    metadata,
    Column("login_id", String(32), primary_key=True),
    Column("name", String(32), nullable=False, unique=True),
    Column("passphrase", LargeBinary),
    Column("seed", LargeBinary),
    Column("last_step", BigInteger, nullable=False),
    Column("invitation", String(32)),
    Column("invited_by", String(32)),
    Column("invited_until", Instant),
)
recovery = Table(
    "signing_recovery",
    metadata,
    Column("login_id", String(32), primary_key=True),
    Column("code", String(32), primary_key=True),
)


@dataclass(frozen=True)
class Kept:
    """What is known of a login; `name` is the digest of a member number or of a code of the
    charter's staff. `invited_by` is the act that the invitation is good by, from when it is allowed
    on until `invited_until`."""

    login_id: str
    name: str
    passphrase: bytes | None = None
    seed: bytes | None = None
    last_step: int = 0
    invitation: str | None = None
    invited_by: str | None = None
    invited_until: datetime | None = None


SEALED = ("passphrase", "seed")


class Store:
    def __init__(self, engine: Engine, keyring: Keyring) -> None:
        self._engine = engine
        self._keyring = keyring
        self.passkeys = PasskeyStore(engine, keyring)
        self.challenges = ChallengeStore(engine)
        metadata.create_all(engine)

    @property
    def engine(self) -> Engine:
        """For what else can't be made anew."""
        return self._engine

    async def add(self, kept: Kept) -> None:
        """Raises NameTakenError."""
        await run_in(self._engine, self._add, kept)

    async def named(self, name: str) -> Kept | None:
        return await run_in(self._engine, self._found, secrets.c.name == name)

    async def of(self, login_id: str) -> Kept | None:
        return await run_in(self._engine, self._found, secrets.c.login_id == login_id)

    async def change(self, login_id: str, **values: Any) -> None:
        own = secrets.c.login_id == login_id
        await run_in(self._engine, self._update, own, self._sealed(login_id, values))

    async def use_step(self, login_id: str, step: int) -> bool:
        """Whether the code of this step, or a later one, was not used before; now it is."""
        fresh = (secrets.c.login_id == login_id) & (secrets.c.last_step < step)
        return await run_in(self._engine, self._update, fresh, {"last_step": step})

    async def allow_invitation(self, act: str, until: datetime) -> None:
        await run_in(
            self._engine, self._update, secrets.c.invited_by == act, {"invited_until": until}
        )

    async def join(self, joining: Joining) -> bool:
        """Whether the invitation was still good. What somebody had to sign in with before, passkeys
        and recovery codes too, is gone then."""
        return await run_in(self._engine, self._join, joining)

    async def use_recovery(self, login_id: str, code: str) -> bool:
        return await run_in(self._engine, self._use_recovery, login_id, code)

    async def set_recovery(self, login_id: str, codes: Sequence[str]) -> None:
        """Instead of those that there were; as digests."""
        await run_in(self._engine, self._set_recovery, login_id, codes)

    async def recovery_left(self, login_id: str) -> int:
        return await run_in(self._engine, self._recovery_left, login_id)

    def _add(self, kept: Kept) -> None:
        try:
            with self._engine.begin() as connection:
                connection.execute(insert(secrets).values(self._sealed(kept.login_id, vars(kept))))
        except IntegrityError:
            raise NameTakenError from None

    def _found(self, which: Any) -> Kept | None:
        with self._engine.connect().execution_options(reads_only=True) as connection:
            row = connection.execute(select(secrets).where(which)).mappings().one_or_none()
        if row is None:
            return None
        opened = {
            each: self._keyring.open(row[each], row["login_id"], each) if row[each] else None
            for each in SEALED
        }
        return Kept(**dict(row) | opened)

    def _update(self, which: Any, values: dict[str, Any]) -> bool:
        with self._engine.begin() as connection:
            return bool(connection.execute(update(secrets).where(which).values(values)).rowcount)

    def _use_recovery(self, login_id: str, code: str) -> bool:
        own = (recovery.c.login_id == login_id) & (recovery.c.code == code)
        with self._engine.begin() as connection:
            return bool(connection.execute(delete(recovery).where(own)).rowcount)

    def _recovery_left(self, login_id: str) -> int:
        own = select(func.count()).where(recovery.c.login_id == login_id)
        with self._engine.connect().execution_options(reads_only=True) as connection:
            return int(connection.execute(own).scalar_one())

    def _join(self, joining: Joining) -> bool:
        was, now = joining.invited, joining.login_id
        own = (secrets.c.login_id == was) & (secrets.c.invitation == joining.invitation)
        none = dict.fromkeys(("invitation", "invited_by", "invited_until"))
        kept = {"passphrase": joining.passphrase, "seed": joining.seed}
        values = none | self._sealed(now, kept) | {"login_id": now, "last_step": joining.step}
        with self._engine.begin() as connection:
            if not connection.execute(update(secrets).where(own).values(values)).rowcount:
                return False
            forget_passkeys(connection, was)
            connection.execute(delete(recovery).where(recovery.c.login_id == was))
            _keep_recovery(connection, now, joining.codes)
        return True

    def _set_recovery(self, login_id: str, codes: Sequence[str]) -> None:
        with self._engine.begin() as connection:
            connection.execute(delete(recovery).where(recovery.c.login_id == login_id))
            _keep_recovery(connection, login_id, codes)

    def _sealed(self, login_id: str, values: dict[str, Any]) -> dict[str, Any]:
        return values | {
            each: self._keyring.seal(values[each], login_id, each)
            for each in SEALED
            if values.get(each)
        }


def _keep_recovery(connection: Connection, login_id: str, codes: Sequence[str]) -> None:
    if codes:
        rows = [{"login_id": login_id, "code": code} for code in codes]
        connection.execute(insert(recovery), rows)
