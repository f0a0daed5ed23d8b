"""`tribune promotion posts` and `why-not` tell of posts from the log, and draw the lot again."""

import json
from datetime import timedelta
from hashlib import sha256

import pytest
from nats.aio.client import Client
from promoted import ONE, OTHER, TRACK, charter, lived, ran

from services.promotion.domain.member import category as members
from services.promotion.domain.post import ChooseCandidate, LookAtPost, OpenPost, category
from services.promotion.domain.ranking import Candidate
from shared.eventsourcing.command_handler import CommandHandler
from shared.eventsourcing.envelope import Envelope
from shared.eventsourcing.jetstream.event_store import JetStreamEventStore
from shared.testing.examples import MONDAY, OPERATOR_ID, POST_ID, POST_OPENED, varied

__all__ = ["charter"]
pytestmark = pytest.mark.usefixtures("charter")

AT = MONDAY + timedelta(days=15)
HELD = frozenset((TRACK.name,))
FIGURES = ("fits", "here", "elsewhere", "confirmers", "sectors")


async def filled(nats: Client) -> None:
    """Both are candidates, alike in all but the lot; the second of the two is asked."""
    await lived(nats)
    handler = CommandHandler(
        JetStreamEventStore(nats), [members([TRACK]), category], lambda: MONDAY
    )
    pool = [Candidate(who, HELD, fits=5, here=5) for who in (ONE, OTHER)]
    opened = varied(POST_OPENED, tracks=(TRACK.name,), shown=1)
    for number, command in enumerate((OpenPost(opened), LookAtPost(POST_ID, AT, pool, 5))):
        await handler.carry_out(Envelope(command, f"post {number}"))
    _, second = drawn()
    choice = ChooseCandidate(POST_ID, OPERATOR_ID, AT, second, "Knows the wires")
    await handler.carry_out(Envelope(choice, "choice"))


def drawn() -> list[str]:
    """By code written apart, from nothing but the post's id."""
    seed = sha256(f"tribune post 1\n{POST_ID}".encode()).hexdigest()
    return sorted((ONE, OTHER), key=lambda who: sha256(f"{seed}\n{who}".encode()).digest())


async def test_posts_are_told_with_what_their_ranking_rests_on(nats: Client) -> None:
    await filled(nats)
    found = await ran("posts", "--json")
    assert found.exit_code == 0, found.output
    (told,) = json.loads(found.stdout)["posts"]
    assert (told["seats"], told["placed"], told["asked"], told["bench"]) == (2, 0, 1, 1)
    assert told["digest"] == sha256("\n".join(sorted((ONE, OTHER))).encode()).hexdigest()
    assert told["seed"] == sha256(f"tribune post 1\n{POST_ID}".encode()).hexdigest()
    (line,) = (await ran("posts")).stdout.splitlines()
    assert "0 of 2 filled, 2 vacant, 1 asked, 1 on the bench" in line


async def test_who_was_passed_over_reads_what_decided(nats: Client) -> None:
    await filled(nats)
    first, second = drawn()
    found = await ran("why-not", POST_ID, first, "--json")
    assert found.exit_code == 0, found.output
    told = json.loads(found.stdout)
    (beside,) = told.pop("beside")
    assert told == {"post": POST_ID, "member": first, "stands": "ranked", "place": 1}
    figures = dict(zip(FIGURES, (4, 4, 0, 0, 0), strict=True))
    assert beside == {
        "ranking": 1,
        "rank": 2,
        "reason": "Knows the wires",
        "theirs": figures,
        "own": figures,
        "differ_in": "lot",
        "is_ahead": True,
    }
    lines = (await ran("why-not", POST_ID, first)).stdout
    assert "the body said: Knows the wires" in lines
    assert "stood before them, by: lot" in lines
    asked = json.loads((await ran("why-not", POST_ID, second, "--json")).stdout)
    assert (asked["stands"], asked["beside"]) == ("asked", [])


async def test_what_is_no_post_is_refused_with_what_to_do(nats: Client) -> None:
    await lived(nats)
    found = await ran("why-not", "0" * 32, ONE)
    assert found.exit_code != 0
    assert "tribune promotion posts" in found.output
