"""Holds an instance to one digest key: its fingerprint is written once, before anything is done."""

from collections.abc import Sequence

from shared.eventsourcing.errors import ConcurrencyError, LogDamagedError
from shared.eventsourcing.inbox.receipts import PUT_BACK, another_key, taken_in
from shared.eventsourcing.jetstream.append import Publisher, expecting
from shared.eventsourcing.jetstream.connection import Client
from shared.eventsourcing.jetstream.ends import newest
from shared.eventsourcing.jetstream.wire import Outgoing

STREAM = "POSITIONS"


def subject_of(service: str) -> str:
    """It lies among the positions: it is found again from receipts, as they are from logs."""
    return f"position.{service}.digest-key"


async def hold(client: Client, service: str, sources: Sequence[str], key: str) -> None:
    """Raises LogDamagedError if receipts of any source, or another process, say another key; also
    where there are no sources, for digests stand for people as well.

    Receipts come first: where the fingerprint was lost, they still know."""
    for source in sources:
        at = await taken_in(client, source)
        if at.key and at.key != key:
            raise LogDamagedError(another_key(source, at.key, key, at.through))
    if (held := await _held(client, service, key)) != key:
        if not sources:
            raise LogDamagedError(_another_key(service, held, key))
        through = (await taken_in(client, sources[0])).through
        raise LogDamagedError(another_key(sources[0], held, key, through))


async def release(client: Client, service: str) -> None:
    """Whoever starts next says which key counts, unless receipts say it."""
    await client.jetstream().purge_stream(STREAM, subject=subject_of(service))


async def _held(client: Client, service: str, key: str) -> str:
    """The fingerprint that counts: whoever is first says it."""
    subject = subject_of(service)
    while (found := await newest(client, STREAM, subject)) is None:
        outgoing = Outgoing(subject, key.encode(), expecting(0, subject))
        try:
            await Publisher(client).publish([outgoing])
        except ConcurrencyError:
            continue
    return found.body.decode(errors="replace")


def _another_key(service: str, theirs: str, ours: str) -> str:
    """Of a charter without sources; no inbox can be begun again with ours."""
    return (
        f"{service} was begun with another digest key (its fingerprint is {theirs}, ours {ours})."
        f" Nothing was done. {PUT_BACK} `nats stream purge {STREAM} --subject"
        f" {subject_of(service)}` lets it go on with ours, and whoever gave a command before is"
        " then known as somebody else"
    )
