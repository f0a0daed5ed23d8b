"""Recurring schedules in the server that wake a work queue; each tick carries the server's time."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime

from nats.aio.client import Client
from nats.errors import Error as NatsError
from nats.js.api import AckPolicy, ConsumerConfig

from shared.eventsourcing.jetstream.standing_pull import HEARTBEAT_S
from shared.eventsourcing.lease import heed_lease
from shared.eventsourcing.pipeline import heed_cancellation

EVERY_SECOND = "@every 1s"
TAKEN_WITHIN_S = 60.0


def tick_subject(service: str, name: str) -> str:
    return f"tick.{service}.{name}"


async def declare_schedule(client: Client, service: str, name: str, when: str) -> None:
    """`when` is `@every 1s` or a six-field cron; saying it again replaces it."""
    await client.jetstream().publish(
        f"schedule.{service}.{name}",
        headers={"Nats-Schedule": when, "Nats-Schedule-Target": tick_subject(service, name)},
        stream="TICKS",
    )


async def serve_ticks(
    client: Client,
    service: str,
    name: str,
    when: str,
    work: Callable[[datetime], Awaitable[None]],
) -> None:
    """Do the work once for each tick, until cancelled; a tick counts as served after the work.

    The schedule is declared, also again where something else stands in its place. `work` is told
    when the log server fired the tick, by the log server's clock.
    """
    await declare_schedule(client, service, name, when)
    jetstream = client.jetstream()
    durable = f"{service}-{name}"
    await jetstream.add_consumer(
        "TICKS",
        ConsumerConfig(
            name=durable,
            durable_name=durable,
            ack_policy=AckPolicy.EXPLICIT,
            ack_wait=TAKEN_WITHIN_S,
            filter_subject=tick_subject(service, name),
        ),
    )
    subscription = await jetstream.pull_subscribe_bind(durable, "TICKS")
    try:
        while True:
            heed_cancellation()
            try:
                ticks = await subscription.fetch(1, timeout=2 * HEARTBEAT_S)
            except TimeoutError:
                await _see_to_schedule(client, service, name, when)
                continue
            await heed_lease()
            for tick in ticks:
                await work(tick.metadata.timestamp)
                await tick.ack()
    finally:
        # A tick that arrived meanwhile would never be taken, and a stop waits until all are.
        with suppress(NatsError):
            await subscription.unsubscribe()


async def _see_to_schedule(client: Client, service: str, name: str, when: str) -> None:
    with suppress(NatsError, TimeoutError):
        subject = f"schedule.{service}.{name}"
        found = await client.jetstream().get_last_msg("TICKS", subject, direct=True)
        if (found.headers or {}).get("Nats-Schedule") == when:
            return
    await declare_schedule(client, service, name, when)
