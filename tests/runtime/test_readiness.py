"""What `/readyz` and `/metrics` say of a service: what is wrong, what it waits for, what it warns
of."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, cast

import httpx
import pytest
from looking_again import until
from nats.aio.client import Client
from watched import BOSTON

from shared.eventsourcing.jetstream.streams import declare, suite_streams
from shared.eventsourcing.projections.projections import Making
from shared.runtime import metrics
from shared.runtime.http import inner_app
from shared.runtime.loops import Loop, Loops
from shared.runtime.readiness import Readiness, no_connection
from shared.runtime.runtime import Runtime
from shared.runtime.watch import Watch
from shared.web.frame import Frame, House

WITHIN_S = 60.0


@dataclass
class Told:
    """What readiness is told by the parts of a service."""

    client: Client
    watch: Watch
    goal: int = 10
    position: int = 0
    aside: dict[str, int] = field(default_factory=dict)
    making: dict[str, Making] = field(default_factory=dict)
    trouble: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        async def goal() -> int:
            return self.goal

        self.loop = Loop("inbox", asyncio.Event().wait, "INTAKE", lambda: self.position, goal)  # type: ignore[arg-type]
        loops = Loops([self.loop, Loop("watch", self.watch.run)])
        facts = {
            "client": self.client,
            "loops": loops,
            "set_aside": lambda: self.aside,
            "making": lambda: self.making,
            "troubles": [lambda: self.trouble],
        }
        self.readiness = Readiness(cast(Runtime, SimpleNamespace(**facts)), self.watch)
        self.app = inner_app(Frame(House("Tribune"), "intake"), self.readiness.condition)

    async def get(self, path: str) -> httpx.Response:
        transport = httpx.ASGITransport(self.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://x") as client:
            return await client.get(path)

    async def ready(self) -> tuple[int, Any]:
        answer = await self.get("/readyz")
        return answer.status_code, answer.json()


@asynccontextmanager
async def following(told: Told) -> AsyncIterator[Told]:
    task = asyncio.create_task(told.readiness.follow())
    try:
        yield told
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@pytest.fixture
def told(declared: Client, watch: Watch) -> Told:
    return Told(declared, watch)


async def test_who_has_not_reached_what_stood_there_is_not_ready_and_says_how_far(
    told: Told,
) -> None:
    async with following(told):
        await until(lambda: told.readiness.reasons() == ["inbox: at 0 of 10 (0%)"])
        told.position = 9
        assert (await told.ready())[1]["reasons"] == ["inbox: at 9 of 10 (90%)"]
        told.position = 10
        assert (await told.ready())[0] == 200


async def test_a_service_without_its_streams_is_not_ready_and_names_them(
    watch: Watch, bare_nats: Client
) -> None:
    told = Told(bare_nats, watch, goal=0)
    assert (await told.ready())[0] == 503, "nobody could be asked yet"
    async with following(told):
        await declare(bare_nats.jetstream(), suite_streams(BOSTON))
        await bare_nats.jetstream().delete_stream("DEAD")
        await watch.look()
        await until(lambda: "(DEAD)" in str(told.readiness.reasons()))
        code, said = await told.ready()
        words = "the streams are not there yet (DEAD); `tribune setup` declares them"
        assert (code, said["reasons"][-1]) == (503, words)
        await declare(bare_nats.jetstream(), suite_streams(BOSTON))
        async with asyncio.timeout(WITHIN_S):
            while (await told.ready())[0] != 200:
                await watch.look()


async def test_a_standby_is_ready_and_says_so(told: Told) -> None:
    """Others do its work; it answers, and takes over when it has to."""
    told.loop.lease = cast(Any, SimpleNamespace(held_by="another"))
    async with following(told):
        await until(lambda: told.readiness.reasons() == [])
        code, said = await told.ready()
    assert (code, said["standby"], said["reasons"]) == (200, ["inbox"], [])


async def test_a_trouble_makes_it_not_ready(told: Told) -> None:
    told.position = 10
    async with following(told):
        await until(lambda: told.readiness.reasons() == [])
        told.loop.trouble = "LogUnavailableError: no answer"
        code, said = await told.ready()
    assert (code, said["reasons"]) == (503, ["inbox: LogUnavailableError: no answer"])


async def test_what_a_part_of_the_service_misses_makes_it_not_ready(told: Told) -> None:
    told.position = 10
    async with following(told):
        await until(lambda: told.readiness.reasons() == [])
        told.trouble = ["the gate does not answer"]
        assert (await told.ready())[0] == 503
        told.trouble = []
        assert (await told.ready())[0] == 200


async def test_what_is_set_aside_is_warned_of_with_what_to_do_and_measured(told: Told) -> None:
    """It is ready all the same: the other rows are right."""
    told.position, told.aside = 10, {"reports_v1": 1_234}
    async with following(told):
        await until(lambda: _aside() == 1_234)
        code, said = await told.ready()
        exposed = (await told.get("/metrics")).text
    assert code == 200
    (warning,) = said["warnings"]
    assert warning.startswith("reports_v1: 1,234 events are set aside; mend")
    assert "`tribune rebuild reports_v1`" in warning
    assert 'tribune_set_aside{model="reports_v1"} 1234.0' in exposed


def _aside() -> float | None:
    return metrics.registry.get_sample_value("tribune_set_aside", {"model": "reports_v1"})


async def test_a_healed_model_is_measured_as_healed(told: Told) -> None:
    told.aside = {"reports_v1": 3}
    async with following(told):
        await until(lambda: _aside() == 3)
        told.aside = {}
        await until(lambda: not _aside())
        assert (await told.ready())[1]["warnings"] == []


async def test_a_read_model_that_is_being_made_is_told_and_keeps_nobody_from_being_ready(
    told: Told,
) -> None:
    told.position = 10
    told.making = {"reports_v2": Making(400, 1_000), "checks_v2": Making(5, 9, "DataError")}
    async with following(told):
        await until(lambda: told.readiness.reasons() == [])
        code, said = await told.ready()
    assert code == 200
    assert said["warnings"] == [
        "reports_v2 is being made: at 400 of 1,000",
        "checks_v2 is being made: at 5 of 9; its follower fails: DataError",
    ]


async def test_what_is_not_shown_before_it_has_caught_up_keeps_it_from_being_ready(
    told: Told,
) -> None:
    """Older code that is back after newer: its pages show nothing of that."""
    told.position = 10
    told.making = {"reports_v2": Making(400, 1_000, catches_up=True)}
    async with following(told):
        said = ["reports_v2 is catching up, and shows nothing yet: at 400 of 1,000"]
        await until(lambda: told.readiness.reasons() == said)
        code, answer = await told.ready()
        assert (code, answer["reasons"], answer["warnings"]) == (503, said, [])
        told.making = {}
        assert (await told.ready())[0] == 200


def test_a_certificate_that_has_expired_is_said_and_not_only_that_nobody_answers() -> None:
    expired = ssl.SSLCertVerificationError(1, "certificate verify failed")
    expired.verify_code, expired.verify_message = 10, "certificate has expired"
    assert no_connection(expired).startswith(
        "no connection to NATS: it shows a certificate that has expired; `tribune init"
    )
    for error in (None, ConnectionRefusedError()):
        assert no_connection(error) == "no connection to NATS"
