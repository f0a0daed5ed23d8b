"""Challenges that a device has answered: each is good once, at whichever process."""

from datetime import datetime
from hashlib import sha256

from sqlalchemy import Column, Engine, MetaData, String, Table, delete, insert
from sqlalchemy.exc import IntegrityError

from shared.eventsourcing.projections.database import run_in
from shared.eventsourcing.projections.read_model import Instant

metadata = MetaData()
challenges = Table(
    "signing_challenges",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("until", Instant, nullable=False),
)


class ChallengeStore:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        metadata.create_all(engine)

    async def use(self, challenge: str, now: datetime, until: datetime) -> bool:
        """Whether it was not used before; now it is. After `until` nobody takes it anyway."""
        digest = sha256(challenge.encode()).hexdigest()
        return await run_in(self._engine, self._use, digest, now, until)

    def _use(self, digest: str, now: datetime, until: datetime) -> bool:
        try:
            with self._engine.begin() as connection:
                connection.execute(delete(challenges).where(challenges.c.until < now))
                connection.execute(insert(challenges).values(digest=digest, until=until))
        except IntegrityError:
            return False
        return True
