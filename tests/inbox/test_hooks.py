"""`POST /hooks/{source}/{mapping}`: as other systems send, into the same inbox with receipts."""

import base64
import hashlib
import hmac
import json
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from nats.aio.client import Client
from over_http import CHARTER, Door, door
from pydantic import SecretStr
from upstream import read_stream

from services.intake.api.hooks import hooks_of
from services.intake.api.hooks.known import Hook
from services.intake.api.hooks.reading import messages_in
from services.intake.api.hooks.signature import is_signed
from shared.contracts.inbox import ReportSubmitted
from shared.contracts.point import Point
from shared.eventsourcing.inbox.over_http import TooManyError
from shared.eventsourcing.inbox.parse import RefusalError
from shared.eventsourcing.jetstream.streams import InboxLimits, declare, suite_streams
from shared.mapping.language import SignatureShape
from shared.runtime.charter import CharterError

EXAMPLE = re.compile(r"<!-- hook: (\w+) -->\n```toml\n(.*?)```\n```json\n(.*?)```", re.DOTALL)
EXAMPLES = {
    name: (mapping, json.loads(body))
    for name, mapping, body in EXAMPLE.findall(Path("docs/upstream.md").read_text())
}
JSON, FORM = "application/json", "application/x-www-form-urlencoded"
SECRET = b"shared with the sender"
SIGNED = 'signed = { header = "X-Signature", secret = "odk", prefix = "sha256=" }\n'
ODK = EXAMPLES["odk"][1]


def hooks_in(folder: Path, **changed: str) -> dict[str, Hook]:
    (folder / "hooks").mkdir()
    for name, (mapping, _) in EXAMPLES.items():
        (folder / "hooks" / f"{name}.toml").write_text(changed.get(name, mapping))
    return hooks_of(folder, CHARTER.sources, {"odk": SecretStr(SECRET.decode())})


@pytest.fixture
def hooks(tmp_path: Path) -> dict[str, Hook]:
    return hooks_in(tmp_path)


def said(hook: Hook, body: Any, content_type: str = JSON) -> list[ReportSubmitted]:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return [
        ReportSubmitted.model_validate_json(each.body)
        for each in messages_in(hook, content_type, raw)
    ]


def test_each_example_of_the_documentation_is_a_report(hooks: dict[str, Hook]) -> None:
    (kobo,) = said(hooks["kobo"], EXAMPLES["kobo"][1])
    assert (kobo.point, kobo.place) == (Point(42.3251, -71.0953), None)
    (rapidpro,) = said(hooks["rapidpro"], EXAMPLES["rapidpro"][1])
    assert (rapidpro.place, rapidpro.sector) == ("us.ma.boston.roxbury", "street-lights")
    assert rapidpro.correspondent == "2c5a1f0b-93be-4a0e-8a53-0b4e1d0cf1aa"
    (odk,) = said(hooks["odk"], ODK)
    assert (odk.place, odk.filed_at.hour) == ("us.ma.boston.dorchester", 14)
    assert said(hooks["odk"], ODK | {"type": "submission.update"}) == []


def test_forms_have_fields_for_columns(hooks: dict[str, Hook]) -> None:
    fields = {"type": "submission.create", "id": "7", "data.end": "2026-03-04T09:25:00-05:00"}
    fields |= {"data.where": "Roxbury", "data.what": "Graffiti", "data.words": "Größer & mehr"}
    sent = httpx.Request("POST", "http://x", data=fields)
    parts = httpx.Request("POST", "http://x", data=fields, files={"f": ("a.jpg", b"\xff\xd8")})
    for request in (sent, parts):
        (found,) = said(hooks["odk"], request.read(), request.headers["content-type"])
        assert (found.report, found.text, found.sector) == ("7", "Größer & mehr", "graffiti")


@pytest.mark.parametrize(
    ("body", "words", "pointer"),
    [
        (b"[1]", "array of objects", None),
        (b'"secret"', "array of objects", None),
        (b"secret", "no JSON", None),
        (b'{"id": 1, "id": "secret"}', "twice", None),
        (ODK | {"id": ""}, "is empty, and the row has no other key", "/0/id"),
        ([ODK, ODK | {"data": {**ODK["data"], "end": "secret"}}], "column data.end", "/1/data.end"),
        ([ODK | {"data": {**ODK["data"], "what": ""}}], "column data.what", "/0/data.what"),
        ([ODK | {"data": {**ODK["data"], "words": "secret\x07"}}], "can't be the text", None),
    ],
)
def test_what_is_wrong_is_told_by_column_and_not_by_value(
    hooks: dict[str, Hook], body: Any, words: str, pointer: str | None
) -> None:
    with pytest.raises(RefusalError, match=re.escape(words)) as refused:
        said(hooks["odk"], body)
    problem = refused.value.problem
    assert "secret" not in problem.model_dump_json()
    assert pointer is None or problem.errors[0].pointer == pointer


def test_what_comes_by_one_hook_is_no_repetition_of_what_came_by_another(
    hooks: dict[str, Hook],
) -> None:
    raw = json.dumps(ODK).encode()
    two = [replace(hooks["odk"], name=name) for name in ("first", "second")]
    ids = [each.ce_id for hook in two for each in messages_in(hook, JSON, raw)]
    assert len(ids) == len(set(ids)) == 2
    with pytest.raises(RefusalError, match="200"):
        messages_in(replace(two[0], name="x" * 200), JSON, raw)


def test_no_more_come_at_once_than_the_log_takes(hooks: dict[str, Hook]) -> None:
    with pytest.raises(TooManyError):
        said(hooks["odk"], [ODK] * 1_001)


@pytest.mark.parametrize("encoding", ["hex", "base64"])
def test_a_signature_is_of_this_body_by_this_secret(encoding: Any) -> None:
    shape = SignatureShape(header="X-S", secret="s", prefix="v1=", encoding=encoding)
    digest = hmac.new(SECRET, b"body", hashlib.sha256)
    good = digest.hexdigest() if encoding == "hex" else base64.b64encode(digest.digest()).decode()
    assert is_signed(shape, SECRET, b"body", f"v1={good}")
    assert is_signed(shape, SECRET, b"body", good)
    for body, said_ in (
        (b"Body", good),
        (b"body", ""),
        (b"body", f"v1={good[:-2]}"),
        (b"body", "é"),
    ):
        assert not is_signed(shape, SECRET, body, said_)
    nobody = hmac.new(b"", b"body", hashlib.sha256).hexdigest()
    assert not is_signed(shape, b"", b"body", nobody), "without a secret anybody could sign"


@pytest.mark.parametrize(
    ("odd", "words"),
    [
        (EXAMPLES["odk"][0].replace('"boston"', '"salem"'), "is not in sources.toml"),
        (EXAMPLES["odk"][0].replace("odk/{id}", "odk/{#row}"), "no key of what comes by a hook"),
        (EXAMPLES["odk"][0].replace("sector = ", "sectr = "), "sectr"),
        ('signed = { header = "X", secret = "A/B" }\n' + EXAMPLES["odk"][0], "secret"),
    ],
)
def test_a_wrong_hook_is_named(tmp_path: Path, odd: str, words: str) -> None:
    with pytest.raises(CharterError, match=re.escape(words)) as error:
        hooks_in(tmp_path, odk=odd)
    assert "odk.toml" in str(error.value)


@pytest.fixture
async def here(nats: Client, tmp_path: Path) -> AsyncIterator[Door]:
    found = hooks_in(tmp_path, odk=SIGNED + EXAMPLES["odk"][0])
    found |= {"unsigned": replace(found["odk"], name="unsigned", secret=b"")}
    await declare(nats.jetstream(), suite_streams({"chicago": InboxLimits(max_bytes=64 * 1024**2)}))
    async with door(
        nats, ("boston", "chicago"), CHARTER.places, CHARTER.sectors, hooks=found
    ) as opened:
        yield opened


async def post(here: Door, path: str, body: Any, **headers: str) -> httpx.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    content = json.dumps(body).encode()
    return await here.client.post(
        f"/hooks/{path}", content=content, headers={"content-type": JSON} | named
    )


async def test_what_comes_twice_is_one_report_with_two_receipts(here: Door) -> None:
    key, _ = await here.key()
    _, body = EXAMPLES["rapidpro"]
    basic = base64.b64encode(f"anything:{key}".encode()).decode()
    for at, how in enumerate(
        (
            {"authorization": f"Bearer {key}"},
            {"x_api_key": key},
            {"authorization": f"Basic {basic}"},
        ),
        1,
    ):
        answer = await post(here, "boston/rapidpro", body, **how)
        assert answer.status_code == 202, answer.text
        (told,) = answer.json()
        assert told["receipt"] == answer.headers["location"] == f"/receipts/boston/{at}"
        receipt = await here.receipt(key, told["receipt"])
        assert receipt["accepted"]["duplicate"] is (at > 1)
    assert len(await read_stream(here.nats, "INTAKE")) == 1 + 1, "the key, and one report"


async def test_all_or_nothing_goes_in(here: Door) -> None:
    key, _ = await here.key()
    _, body = EXAMPLES["rapidpro"]
    wrong = body | {"run": {"uuid": "x", "created_on": "secret"}}
    answer = await post(here, "boston/rapidpro", [body, wrong], x_api_key=key)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/1/run.created_on")
    assert (await here.nats.jetstream().stream_info("INBOX_BOSTON")).state.messages == 0
    again = body | {"run": {**body["run"], "uuid": "another"}}
    answer = await post(here, "boston/rapidpro", [body, again, {}], x_api_key=key)
    assert [each["inbox_sequence"] for each in answer.json()] == [1, 2]
    assert "location" not in answer.headers
    assert (await post(here, "boston/rapidpro", {}, x_api_key=key)).json() == []


async def test_who_may_send_and_what(here: Door) -> None:
    key, key_id = await here.key()
    narrow, _ = await here.key(kinds=("report.resolved",))
    of_odk, _ = await here.key(hook="odk")
    of_rapidpro, _ = await here.key(hook="rapidpro")
    others, _ = await here.key("chicago")
    _, body = EXAMPLES["rapidpro"]
    for path, given, status in (
        ("boston/rapidpro", {}, 401),
        ("boston/rapidpro", {"authorization": "Basic !"}, 401),
        ("boston/rapidpro", {"authorization": "Bearer "}, 401),
        ("chicago/rapidpro", {"x_api_key": others}, 404),
        ("boston/rapidpro", {"x_api_key": narrow}, 403),
        ("boston/rapidpro", {"x_api_key": of_odk}, 403),
        ("boston/rapidpro", {"x_api_key": of_rapidpro}, 202),
        ("chicago/rapidpro", {"x_api_key": key}, 403),
        ("boston/nothing", {"x_api_key": key}, 404),
        ("boston/odk", {"x_api_key": key}, 403),
        ("boston/unsigned", {"x_api_key": key}, 503),
        ("boston/rapidpro", {"x_api_key": key, "content_type": "text/plain"}, 415),
        ("boston/rapidpro", {"x_api_key": key, "content_encoding": "gzip"}, 415),
    ):
        answer = await post(here, path, body, **given)
        assert (answer.status_code, path) == (status, path), answer.text
        kind = JSON if status == 202 else "application/problem+json"
        assert answer.headers["content-type"] == kind
    assert (await here.ask(key, "/receipts/boston/1")).status_code in (200, 202)
    assert (await here.ask(of_rapidpro, "/receipts/boston/1")).status_code == 403
    elsewhere = await here.send(of_rapidpro, [], content_type="application/cloudevents-batch+json")
    assert elsewhere.status_code == 403
    fields = {"api_key": of_rapidpro, "service_code": "graffiti"}
    filed = await here.client.post("/open311/v2/requests.json", data=fields)
    assert filed.status_code == 403
    large = await post(here, "boston/rapidpro", ["x" * 600_000], x_api_key=key)
    assert large.status_code == 413
    digest = hmac.new(SECRET, json.dumps(ODK).encode(), hashlib.sha256).hexdigest()
    signed = await post(here, "boston/odk", ODK, x_api_key=key, x_signature=f"sha256={digest}")
    assert signed.status_code == 202
    await here.revoke(key, key_id)
    assert (await post(here, "boston/rapidpro", body, x_api_key=key)).status_code == 401
