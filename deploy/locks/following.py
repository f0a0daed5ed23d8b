"""Consumers that stand ready for those outside: each reads with its own, and can change none."""

from contextlib import suppress

from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy
from nats.js.errors import NotFoundError

from deploy.locks.keyring import Keyring
from deploy.locks.kinds import rights
from deploy.locks.users import User
from shared.eventsourcing.jetstream.connection import Client


async def stand_ready(client: Client, keyring: Keyring) -> None:
    """For all that have one; one that is there stays where it is."""
    for user in keyring.users():
        if not user.revoked:
            await make(client, user)


async def make(client: Client, user: User) -> None:
    """From the first message on. It remembers how far it was read and asks for no answers; its
    reader can put it to any sequence. Who has no stream, as a source that the charter does not name
    any more, has none."""
    ready = rights(user.kind, user.name).ready
    if ready is None:
        return
    for stream in ready.formerly:
        await _without(client, stream, ready.consumer)
    config = ConsumerConfig(
        name=ready.consumer,
        durable_name=ready.consumer,
        filter_subject=ready.filter or None,
        deliver_policy=DeliverPolicy.ALL,
        ack_policy=AckPolicy.NONE,
    )
    try:
        await client.jetstream().consumer_info(ready.stream, ready.consumer)
    except NotFoundError:
        with suppress(NotFoundError):
            await client.jetstream().add_consumer(ready.stream, config)


async def remove(client: Client, user: User) -> None:
    if ready := rights(user.kind, user.name).ready:
        for stream in (ready.stream, *ready.formerly):
            await _without(client, stream, ready.consumer)


async def _without(client: Client, stream: str, consumer: str) -> None:
    with suppress(NotFoundError):
        await client.jetstream().delete_consumer(stream, consumer)
