"""Every road into the composed suite, and what becomes of what came, with two of each service."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from composed import PROGRAMS, Composed, eventually
from files_made import photograph
from street import CODE, hidden, told
from test_scale import TWICE, WITHIN_S, each_loop_has_one_owner, owner

pytestmark = [pytest.mark.compose, pytest.mark.deep]

WHERE = {"place": "us.ma.boston.roxbury", "sector": "street-lights"}
BATCHED = {"Content-Type": "application/cloudevents-batch+json", "Prefer": "wait=30"}


@pytest.fixture
def twice(suite: Composed) -> Composed:
    suite.compose("down", "--volumes")
    suite.compose("up", "--detach", "--wait", *TWICE)
    eventually("each loop has one owner", lambda: each_loop_has_one_owner(suite), WITHIN_S)
    return suite


def before(suite: Composed, port: str) -> httpx.Client:
    base = f"https://127.0.0.1:{suite.ports[port]}"
    return httpx.Client(
        base_url=base, verify=suite.trust, trust_env=False, timeout=60, follow_redirects=True
    )


@pytest.fixture
def people(twice: Composed) -> Iterator[httpx.Client]:
    with before(twice, "INTAKE") as client:
        yield client


@pytest.fixture
def readers(twice: Composed) -> Iterator[httpx.Client]:
    with before(twice, "SITE") as client:
        yield client


def pictures(name: str, turned: int) -> Any:
    return [("files", (name, photograph((640, 480), turned=turned), "image/jpeg"))]


def traced(people: httpx.Client, code: str) -> httpx.Response:
    return people.post("/trace", data=hidden(people.get("/trace")) | {"code": code})


def sent(people: httpx.Client, key: str, *events: tuple[str, dict[str, Any]]) -> list[int]:
    """The status of each."""
    batch = [
        {"specversion": "1.0", "id": f"{kind}/{number}", "source": "/boston", "type": kind}
        | {"data": data}
        for number, (kind, data) in enumerate(events)
    ]
    authorised = BATCHED | {"Authorization": f"Bearer {key}"}
    answer = people.post("/events", content=json.dumps(batch), headers=authorised)
    return [each["status"] for each in answer.json()]


def test_by_every_road_and_to_its_end(
    twice: Composed, people: httpx.Client, readers: httpx.Client
) -> None:
    """Meanwhile each process that has most of the work of its service is killed."""
    key = twice.tribune("key", "add", "boston").strip()
    form = hidden(people.get("/report")) | told(**WHERE, known_to="all")
    answer = people.post("/report", data=form, files=pictures("one.jpg", 1))
    code = CODE.search(answer.text)
    assert code, answer.text
    for program in PROGRAMS:
        twice.kill(program, owner(twice, program))
    reply = hidden(traced(people, code[1])) | {"words": "One more."}
    people.post("/trace/reply", data=reply, files=pictures("two.jpg", 2))
    eventually(
        "both files stand with it",
        lambda: "2 files go with it." in traced(people, code[1]).text,
        WITHIN_S,
    )
    filed = people.post(
        "/open311/v2/requests.json",
        data={
            "api_key": key,
            "service_code": WHERE["sector"],
            "address_id": WHERE["place"],
            "description": "Two lamps are out.",
        },
    )
    assert filed.status_code in (200, 201), filed.text
    now = datetime.now(UTC)
    about = {**WHERE, "confidential": False}
    ago = {days: (now - timedelta(days=days)).isoformat() for days in (1, 2, 3)}
    promised = {"owner": "PWD", "task": "Mend the lamp", "made_at": ago[3], **about}
    assert (
        sent(
            people,
            key,
            ("report.submitted", {"report": "R1", "filed_at": ago[3], "text": "Dark.", **about}),
            (
                "report.resolved",
                {"report": "R1", "outcome": "confirmed", "resolved_at": ago[2]},
            ),
            ("commitment.made", {"commitment": "C1", "report": "R1", "due_at": ago[1], **promised}),
            ("commitment.made", {"commitment": "C2", "due_at": ago[2], **promised}),
            ("commitment.done", {"commitment": "C2", "owner": "PWD", "done_at": ago[1]}),
        )
        == [200] * 5
    )

    def figures() -> dict[str, Any]:
        return dict(readers.get("/api/figures").json())

    eventually("it is raised in public", lambda: figures()["overdue"] == 2, WITHIN_S)
    found = figures()
    assert (found["reports"], found["confirmed"], found["checks"]) == (3, 1, 2)
    states = [each["state"] for each in readers.get("/api/checks").json()["checks"]]
    assert sorted(states) == ["done-late", "overdue"]
    (kept,) = readers.get("/api/patterns?by=owner").json()["rows"]
    assert (kept["of"], kept["late"], kept["not_done"]) == ("PWD", 1, 1)
    for page in ("/coverage", "/checking", "/trace", "/report"):
        assert people.get(page).status_code == 200, page
    for page in ("/patterns", "/owners", "/checks", "/checks.ics", "/feed/overdue.atom"):
        assert readers.get(page).status_code == 200, page
    twice.compose("up", "--detach", "--wait", *TWICE)
    eventually("all is worked through", twice.settled, WITHIN_S)
    eventually("each loop has one owner", lambda: each_loop_has_one_owner(twice), WITHIN_S)
    assert twice.status()["dead"] == 0
    assert counted_anew(twice)["differences"] == []
    assert json.loads(twice.tribune("verify", "--json"))["wrong"] == []


def counted_anew(suite: Composed) -> Any:
    """As an operator does: by TLS, with the edge's own authority."""
    authority = suite.clone.parent / "edge.crt"
    file = "/data/caddy/pki/authorities/local/root.crt"
    authority.write_text(suite.compose("exec", "-T", "edge", "cat", file))
    site = f"https://127.0.0.1:{suite.ports['SITE']}"
    trusting = ["env", f"SSL_CERT_FILE={authority}", *suite.command("recount", site, "--json")]
    return json.loads(suite.run(*trusting))
