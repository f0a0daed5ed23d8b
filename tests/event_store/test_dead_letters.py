"""What failed for a reason of ours lies in DEAD, whole, once, until somebody takes it out."""

from nats.aio.client import Client

from shared.eventsourcing.jetstream.append import Publisher
from shared.eventsourcing.jetstream.dead_letters import bury, dead_letter, dead_letters, remove
from shared.eventsourcing.jetstream.reader import Message

MESSAGE = Message(
    "inbox.boston.report.submitted",
    {"ce-id": "a1", "ce-type": "report.submitted", "content-type": "application/json"},
    b'{"report":"1"}',
    7,
)
ERROR = ZeroDivisionError("division\n by zero")


async def _bury(client: Client, message: Message, error: Exception = ERROR) -> None:
    await bury(Publisher(client), "intake", "INBOX_BOSTON", message, error)


async def test_a_dead_message_is_kept_as_it_came_with_its_reason(nats: Client) -> None:
    await _bury(nats, MESSAGE)
    (letter,) = await dead_letters(nats)
    assert letter.message == MESSAGE
    assert (letter.service, letter.stream, letter.sequence) == ("intake", "INBOX_BOSTON", 7)
    assert letter.error == "ZeroDivisionError: division by zero"


async def test_the_same_message_is_kept_once(nats: Client) -> None:
    for _redelivery in range(3):
        await _bury(nats, MESSAGE)
    assert len(await dead_letters(nats)) == 1


async def test_all_that_wait_are_listed_oldest_first(nats: Client) -> None:
    assert await dead_letters(nats) == []
    for sequence in (9, 3, 5):
        await _bury(nats, MESSAGE._replace(sequence=sequence))
    assert [letter.sequence for letter in await dead_letters(nats)] == [9, 3, 5]


async def test_what_is_taken_out_is_gone_and_the_rest_stays(nats: Client) -> None:
    for sequence in (1, 2, 3):
        await _bury(nats, MESSAGE._replace(sequence=sequence))
    middle = (await dead_letters(nats))[1]
    for _twice in range(2):
        await remove(nats, middle.number)
    assert await dead_letter(nats, middle.number) is None
    assert [letter.sequence for letter in await dead_letters(nats)] == [1, 3]


async def test_one_letter_is_found_by_its_number(nats: Client) -> None:
    await _bury(nats, MESSAGE)
    (letter,) = await dead_letters(nats)
    assert await dead_letter(nats, letter.number) == letter
    assert await dead_letter(nats, letter.number + 1) is None


async def test_headers_that_would_steer_the_server_are_not_kept(nats: Client) -> None:
    steering = {"Nats-Msg-Id": "x", "nats-msg-id": "x", "Nats-Rollup": "all", "Nats-TTL": "1s"}
    await _bury(nats, MESSAGE)
    headers = MESSAGE.headers | steering | {"nats-rollup": "all"}
    await _bury(nats, MESSAGE._replace(sequence=8, headers=headers))
    first, second = await dead_letters(nats)
    assert first.message.headers == second.message.headers == MESSAGE.headers


async def test_no_header_or_error_can_keep_a_message_from_being_buried(nats: Client) -> None:
    headers = MESSAGE.headers | {
        "x-break": "a\r\nNats-Rollup: all",
        "bad name:": "b",
        "x-\u00e9": "\ud800",
        "x-long": "v" * 5000,
    }
    await _bury(nats, MESSAGE)
    await _bury(nats, MESSAGE._replace(sequence=8, headers=headers), ValueError("\ud800\0\x1b"))
    await _bury(nats, MESSAGE._replace(sequence=9, subject="inbox.boston.\ud800 \n"))
    letters = await dead_letters(nats)
    assert [letter.sequence for letter in letters] == [7, 8, 9]
    assert letters[1].message.body == MESSAGE.body
