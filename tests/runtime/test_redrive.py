"""`cmd.{service}.redrive`: what is done leaves DEAD, what fails again stays."""

from collections.abc import AsyncIterator

import pytest
from nats.aio.client import Client
from nats.errors import NoRespondersError

from deploy.asking import NotDoneError, request
from shared.eventsourcing.jetstream.append import Publisher
from shared.eventsourcing.jetstream.dead_letters import bury, dead_letters
from shared.eventsourcing.jetstream.reader import Message
from shared.runtime.broker import make_broker
from shared.runtime.redrive import serve_redrive
from shared.testing.servers import NatsServer


class TryAgain:
    """Says what stands against each message, by its sequence."""

    def __init__(self) -> None:
        self.stands_against: dict[int, Exception] = {}
        self.tried: list[int] = []

    async def __call__(self, message: Message) -> Exception | None:
        self.tried.append(message.sequence)
        return self.stands_against.get(message.sequence)


@pytest.fixture
async def try_again(server: NatsServer, nats: Client) -> AsyncIterator[TryAgain]:
    broker, again = make_broker(server.url, "intake"), TryAgain()
    serve_redrive(broker, "intake", {"INBOX_BOSTON": again})
    await broker.start()
    while True:
        try:
            await request(nats, "cmd.intake.redrive", {"number": 10**6})
        except NotDoneError:
            break
        except NoRespondersError:
            continue  # the server does not know yet who answers
    yield again
    await broker.stop()


async def dead(
    client: Client, sequence: int, stream: str = "INBOX_BOSTON", by: str = "intake"
) -> int:
    message = Message("inbox.boston.x", {"ce-id": "a"}, b"{}", sequence)
    await bury(Publisher(client), by, stream, message, ZeroDivisionError("ours"))
    return (await dead_letters(client))[-1].number


async def waiting(client: Client) -> list[int]:
    return [letter.sequence for letter in await dead_letters(client)]


async def test_what_is_done_is_dead_no_more(nats: Client, try_again: TryAgain) -> None:
    await dead(nats, 7)
    number = await dead(nats, 8)
    assert await request(nats, "cmd.intake.redrive", {"number": number}) == {"redriven": number}
    assert try_again.tried == [8]
    assert await waiting(nats) == [7]


async def test_what_fails_again_stays_and_its_reason_is_told(
    nats: Client, try_again: TryAgain
) -> None:
    number = await dead(nats, 7)
    try_again.stands_against[7] = KeyError("still ours")
    for _again in (1, 2):
        with pytest.raises(NotDoneError, match="it failed again: KeyError"):
            await request(nats, "cmd.intake.redrive", {"number": number})
        assert await waiting(nats) == [7]
    del try_again.stands_against[7]
    await request(nats, "cmd.intake.redrive", {"number": number})
    assert await waiting(nats) == []


async def test_what_is_another_services_or_of_another_stream_is_left_alone(
    nats: Client, try_again: TryAgain
) -> None:
    others = [
        await dead(nats, 1, "INTAKE", "promotion"),
        await dead(nats, 2, "INBOX_CHICAGO"),
        await dead(nats, 3, by="promotion"),
    ]
    for number in (*others, 99):
        with pytest.raises(NotDoneError, match=f"intake has no dead message {number}"):
            await request(nats, "cmd.intake.redrive", {"number": number})
    assert try_again.tried == []
    assert await waiting(nats) == [1, 2, 3]
