"""`POST /requests` and tokens, clause by clause: into the same inbox, with the same receipts."""

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from nats.aio.client import Client
from over_http import CHARTER, Door, door
from spoken311 import FORMATS, values, wrong
from upstream import answers, read_stream

from shared.contracts.report import ReportFiled
from shared.eventsourcing.cloudevents import decode
from shared.eventsourcing.jetstream.streams import InboxLimits, declare, suite_streams
from shared.testing.examples import ROXBURY

BOTH = pytest.mark.parametrize("form", FORMATS)
GOOD = {"service_code": "street-lights", "address_id": ROXBURY}
ADDRESS = "/open311/v2/requests"
PERSON = {
    "email": "john@doe.example",
    "first_name": "Johannes",
    "last_name": "Doemann",
    "phone": "+15557654321",
    "device_id": "tt222111",
}


@pytest.fixture
async def here(nats: Client) -> AsyncIterator[Door]:
    await declare(nats.jetstream(), suite_streams({"chicago": InboxLimits(max_bytes=64 * 1024**2)}))
    async with door(nats, places=CHARTER.places, sectors=CHARTER.sectors) as opened:
        yield opened


async def post(here: Door, key: str, form: str = "json", **fields: str) -> httpx.Response:
    data = {"api_key": key} | GOOD | fields
    return await here.client.post(f"{ADDRESS}.{form}", data=data)


async def filed(here: Door) -> list[ReportFiled]:
    messages = await read_stream(here.nats, "INTAKE")
    events = [decode(each.headers, each.body, each.sequence).event for each in messages]
    return [event for event in events if isinstance(event, ReportFiled)]


def token_in(answer: httpx.Response) -> str:
    assert answer.status_code == 200, answer.text
    (told,) = values(answer)
    assert told.keys() == {"token", "service_notice", "account_id"}
    return str(told["token"])


@BOTH
async def test_a_request_has_a_token_and_a_receipt(here: Door, form: str) -> None:
    key, _ = await here.key()
    answer = await post(here, key, form, description="The lamp\r\nis out.")
    token = token_in(answer)
    told = await here.receipt(key, answer.headers["location"])
    assert (told["state"], told["accepted"]["ce_id"]) == ("accepted", token)
    (event,) = await filed(here)
    assert (event.place, event.sector) == (ROXBURY, "street-lights")
    assert (event.text, event.source, event.source_id) == ("The lamp\nis out.", "boston", token)
    assert event.confidential, "its source is not public"
    assert event.protected


@BOTH
async def test_what_is_not_public_has_its_token_alone(here: Door, form: str) -> None:
    key, _ = await here.key()
    token = token_in(await post(here, key))
    answer = await here.client.get(f"/open311/v2/tokens/{token}.{form}")
    assert values(answer) == [{"service_request_id": "", "token": token}]
    other = f"{token[:-1]}{'0' if token[-1] != '0' else '1'}"
    for unknown in (other, "0" * 40, "1", token[:-8]):
        wrong(await here.client.get(f"/open311/v2/tokens/{unknown}.{form}"), 404)


async def test_what_is_held_for_its_release_has_its_token_alone(here: Door) -> None:
    """Its source is protected: with an id the token would undo the release."""
    key, _ = await here.key()
    token = token_in(await post(here, key, confidential="false"))
    answer = await here.client.get(f"/open311/v2/tokens/{token}.json")
    assert values(answer) == [{"service_request_id": "", "token": token}]


async def test_of_what_is_public_publishing_tells_the_id(here: Door) -> None:
    key, _ = await here.key("chicago")
    token = token_in(await post(here, key))
    (event,) = await filed(here)
    assert (event.confidential, event.protected) == (False, False)
    answer = await here.client.get(f"/open311/v2/tokens/{token}.xml?api_key=secret")
    assert answer.status_code == 307
    assert answer.headers["location"] == f"http://public.test/open311/v2/tokens/{token}.xml"


@pytest.mark.parametrize("source", ["boston", "chicago"])
async def test_who_sends_says_whether_it_is_confidential(here: Door, source: str) -> None:
    key, _ = await here.key(source)
    for said in ("true", "false"):
        token_in(await post(here, key, confidential=said))
    assert [event.confidential for event in await filed(here)] == [True, False]
    token = token_in(await post(here, key, confidential="true"))
    answer = await here.client.get(f"/open311/v2/tokens/{token}.json")
    assert answer.status_code == 200, "nobody tells an id of it"


async def test_names_and_addresses_of_people_go_nowhere(here: Door) -> None:
    key, _ = await here.key()
    token_in(await post(here, key, **PERSON, account_id="member-7"))
    kept = [*await read_stream(here.nats, "INBOX_BOSTON"), *await read_stream(here.nats, "INTAKE")]
    for value in PERSON.values():
        assert not [each for each in kept if value.encode() in each.body]
    (event,) = await filed(here)
    assert event.correspondent
    (words,) = wrong(await post(here, key, account_id="john@doe.example"), 400)
    assert "account_id" in words
    assert "john" not in words


async def test_what_no_event_has_a_field_for_is_kept_with_the_words(here: Door) -> None:
    key, _ = await here.key()
    told = {
        "service_code": "graffiti",
        "description": "Ugly.",
        "lat": "42.1",
        "long": "-71",
        "address_string": "12 Main Street, Dorchester, Boston",
        "address_id": "",
        "media_url": "https://pictures.example/1.jpg",
        "attribute[WALL]": "b",
        "attribute[AREA]": "2.5",
        "attribute[SEEN]": "2030-01-07T12:00:00Z",
        "attribute[SAYS]": "Hello",
        "attribute[MORE]": "Two\nlines",
    }
    data = list(({"api_key": key} | told).items())
    data += [("attribute[HUES][]", "r"), ("attribute[HUES][]", "g")]
    form = "&".join(str(httpx.QueryParams([pair])) for pair in data)
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    token_in(await here.client.post(f"{ADDRESS}.json", content=form, headers=kind))
    (event,) = await filed(here)
    assert event.place == "us.ma.boston.dorchester", "the closest that has a name"
    assert event.point == "42.1,-71", "it has a field of its own"
    assert event.text.splitlines() == [
        "Ugly.",
        "address: 12 Main Street, Dorchester, Boston",
        "media: https://pictures.example/1.jpg",
        "WALL: b",
        "AREA: 2.5",
        "SEEN: 2030-01-07T12:00:00Z",
        "SAYS: Hello",
        "MORE: Two",
        "lines",
        "HUES: r, g",
    ]


@pytest.mark.parametrize(
    ("said", "place"),
    [
        ({"address_id": "us.ma.boston"}, "us.ma.boston"),
        ({"address_id": ROXBURY, "jurisdiction_id": "us.ma.boston"}, ROXBURY),
        ({"lat": "42.3", "long": "-71.1", "jurisdiction_id": "us.ma.boston"}, "us.ma.boston"),
        ({"lat": "42.3", "long": "-71.1", "address_id": ROXBURY}, ROXBURY),
        ({"address_string": "Nowhere, ROXBURY", "jurisdiction_id": "us.ma.boston"}, ROXBURY),
        ({"address_string": "Nowhere", "jurisdiction_id": "us.ma.boston"}, "us.ma.boston"),
        ({"address_string": "5 Elm"}, "everywhere"),
    ],
)
async def test_where_it_is(here: Door, said: dict[str, str], place: str) -> None:
    key, _ = await here.key()
    token_in(await post(here, key, **({"address_id": ""} | said)))
    assert [event.place for event in await filed(here)] == [place]


@BOTH
@pytest.mark.parametrize(
    ("said", "status", "words"),
    [
        ({"service_code": ""}, 400, ["service_code is missing"]),
        ({"service_code": "parking"}, 404, ["no service with this"]),
        ({"jurisdiction_id": "atlantis.gov"}, 404, ["jurisdiction_id is none"]),
        ({"address_id": ""}, 400, ["Say where"]),
        ({"address_id": "us.ma.atlantis"}, 400, ["address_id"]),
        ({"address_id": "", "lat": "42"}, 400, ["lat and long"]),
        ({"address_id": "", "lat": "0", "long": "0"}, 400, ["no map"]),
        (
            {"address_id": "", "lat": "42", "long": "-71", "address_string": "5 Elm"},
            400,
            ["no map"],
        ),
        ({"address_id": "", "lat": "91", "long": "0"}, 400, ["lat and long"]),
        ({"address_id": "", "lat": "nan", "long": "0"}, 400, ["lat and long"]),
        ({"lat": "42", "long": "west"}, 400, ["lat and long"]),
        ({"service_code": "", "address_id": ""}, 400, ["service_code is missing", "Say where"]),
        ({"description": "x" * 4_001}, 400, ["4,000"]),
        ({"description": "a\x07b"}, 400, ["description"]),
        ({"confidential": "perhaps"}, 400, ["confidential"]),
        ({"service_code": "graffiti"}, 400, ["attribute[WALL] is missing"]),
        ({"service_code": "graffiti", "attribute[WALL]": "x"}, 400, ["singlevaluelist of b"]),
        ({"attribute[]": "x"}, 400, ["attribute"]),
    ],
)
async def test_what_is_wrong_with_it(
    here: Door, form: str, said: dict[str, str], status: int, words: list[str]
) -> None:
    key, _ = await here.key()
    found = wrong(await post(here, key, form, **said), status)
    assert len(found) == len(words)
    assert all(some in one for some, one in zip(words, found, strict=True))
    assert (await here.nats.jetstream().stream_info("INBOX_BOSTON")).state.messages == 0


@pytest.mark.parametrize(
    ("code", "values"),
    [
        ("HUES", ["r", "x"]),
        ("AREA", ["much"]),
        ("AREA", ["inf"]),
        ("AREA", ["1", "2"]),
        ("SEEN", ["yesterday"]),
        ("SAYS", ["a\nb"]),
    ],
)
async def test_attributes_are_of_their_type(here: Door, code: str, values: list[str]) -> None:
    key, _ = await here.key()
    data: dict[str, Any] = {"api_key": key} | GOOD | {"service_code": "graffiti"}
    data |= {"attribute[WALL]": "b", f"attribute[{code}][]": values}
    (words,) = wrong(await here.client.post(f"{ADDRESS}.xml", data=data), 400)
    assert code in words


@BOTH
async def test_without_a_good_key_nothing_is_taken(here: Door, form: str) -> None:
    key, key_id = await here.key()
    for given in ("", "secret", key[:-1]):
        (words,) = wrong(await post(here, given, form), 403)
        assert "api_key" in words
    narrow, _ = await here.key(kinds=("report.resolved",))
    (words,) = wrong(await post(here, narrow, form), 403)
    assert "report.submitted" in words
    await here.revoke(key, key_id)
    wrong(await post(here, key, form), 403)
    assert (await here.nats.jetstream().stream_info("INBOX_BOSTON")).state.messages == 0


async def test_the_key_may_stand_in_the_form_the_address_or_a_header(here: Door) -> None:
    key, _ = await here.key()
    token_in(await here.client.post(f"{ADDRESS}.json?api_key={key}", data=GOOD))
    bearer = {"Authorization": f"Bearer {key}"}
    token_in(await here.client.post(f"{ADDRESS}.json", data=GOOD, headers=bearer))
    answer = await here.client.post(f"{ADDRESS}.json?api_key=another", data=GOOD | {"api_key": key})
    assert "twice" in wrong(answer, 400)[0]


async def test_a_key_sends_at_its_rate(here: Door) -> None:
    key, _ = await here.key(each_s=1)
    answers_ = [await post(here, key) for _ in range(12)]
    assert answers_[0].status_code == 200
    assert wrong(answers_[-1], 429)
    assert answers_[-1].headers["retry-after"]


async def test_in_parts_without_its_pictures(here: Door) -> None:
    key, _ = await here.key()
    fields = {"api_key": key, "description": "Größer: 5 €", **GOOD}
    picture = {"media": ("lamp.jpg", b"\xff\xd8\xff\xe1GPS", "image/jpeg")}
    token_in(await here.client.post(f"{ADDRESS}.json", data=fields, files=picture))
    (event,) = await filed(here)
    assert event.text == "Größer: 5 €"
    (stored,) = await read_stream(here.nats, "INBOX_BOSTON")
    assert b"GPS" not in stored.body
    assert b"lamp.jpg" not in stored.body


@pytest.mark.parametrize(
    "shape",
    [
        lambda one: one,
        lambda one: [one],
        lambda one: {"service_requests": [one]},
        lambda one: {"requests": [{"request": one}]},
    ],
)
async def test_json_in_either_shape(here: Door, shape: Any) -> None:
    key, _ = await here.key()
    one = {"api_key": key, "attribute": {"HUES": ["r", "g"], "NOTE": 7}, "lat": None, **GOOD}
    token_in(await here.client.post(f"{ADDRESS}.json", json=shape(one)))
    (event,) = await filed(here)
    assert event.text == "HUES: r, g\nNOTE: 7"


@pytest.mark.parametrize("body", [[], [1], [{}, {}], "x", {"a": {}}, {"attribute": {"A": [[]]}}])
async def test_json_of_no_shape(here: Door, body: Any) -> None:
    wrong(await here.client.post(f"{ADDRESS}.json", json=body), 400)


async def test_other_media_types_and_packed_bodies_are_not_read(here: Door) -> None:
    key, _ = await here.key()
    for headers in (
        {"Content-Type": "text/plain"},
        {"Content-Type": "application/json", "Content-Encoding": "gzip"},
    ):
        body = json.dumps({"api_key": key} | GOOD)
        wrong(await here.client.post(f"{ADDRESS}.xml", content=body, headers=headers), 415)
    large = await post(here, key, description="x" * 70_000)
    wrong(large, 413)


async def test_sent_again_with_the_same_key_it_is_the_same_report(here: Door) -> None:
    """Without one it is another: nobody can tell that two lamps are one."""
    key, _ = await here.key()
    twice = {"Idempotency-Key": "from-my-queue-7"}
    tokens = [
        token_in(await here.client.post(f"{ADDRESS}.json", data={"api_key": key} | GOOD, headers=h))
        for h in (twice, twice, {}, {})
    ]
    assert len(set(tokens)) == 3
    assert len(await filed(here)) == 3
    others, _ = await here.key("chicago")
    data = {"api_key": others} | GOOD
    again = await here.client.post(f"{ADDRESS}.json", data=data, headers=twice)
    assert token_in(again) not in tokens
    found = await answers(here.nats, here.box)
    assert not found.dead
    assert sorted(found.accepted) == [1, 2, 3, 4]


async def test_a_full_inbox_says_when_to_come_back(here: Door) -> None:
    key, _ = await here.key()
    config = (await here.nats.jetstream().stream_info("INBOX_BOSTON")).config
    config.max_bytes = 400
    await here.nats.jetstream().update_stream(config)
    answer = await post(here, key, description="x" * 1_000)
    assert wrong(answer, 507)
    assert answer.headers["retry-after"] == "60"
