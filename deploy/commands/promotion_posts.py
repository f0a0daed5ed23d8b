"""`tribune promotion posts` and `why-not`: posts, and why somebody was not asked for one."""

import json
from collections.abc import Iterator
from contextlib import aclosing
from pathlib import Path
from typing import Any

from deploy.connecting import connected
from deploy.looking import posts as looking
from deploy.looking.lookup import Log
from deploy.looking.why import UnknownIdError
from services.promotion.domain.comparison import Beside, Comparison, comparison
from services.promotion.domain.post_state import Post
from services.promotion.domain.ranking import FIGURES, of
from shared.contracts.identity import is_ours
from shared.contracts.post import Ranked
from shared.runtime.outside import harmless

STANDS = {
    "placed": "has a seat",
    "asked": "is asked whether they take a seat",
    "chosen": "is chosen; a second person has to allow it",
    "out": "stood back, declined or did not answer",
    "before": "had a seat last, so it is somebody else's turn first",
    "ranked": "is a candidate",
    "unranked": "is not among the candidates who were ranked last",
}


async def posts(data_dir: Path | None, *, as_json: bool) -> int:
    async with connected(data_dir) as suite:
        log = Log(suite.client, suite.codec)
        async with aclosing(looking.opened(log)) as found:
            told = [
                _post(each.post_id, await looking.one(log, each.post_id)) async for each in found
            ]
    if as_json:
        print(json.dumps({"posts": told}))  # noqa: T201
        return 0
    for each in told:
        print(harmless(_in_words(each)))  # noqa: T201
    if not told:
        print("no post was opened yet")  # noqa: T201
    return 0


def _post(post_id: str, post: Post) -> dict[str, Any]:
    terms, ranked = post.terms, post.ranked
    return {
        "post": post_id,
        "title": terms.title,
        "place": terms.place,
        "sector": terms.sector,
        "tracks": list(terms.tracks),
        "life": post.life,
        "seats": terms.seats,
        "placed": len(post.placed),
        "asked": len(post.offers),
        "bench": len(post.bench),
        "ranked_as_of": ranked.as_of if ranked else None,
        "seed": ranked.seed if ranked else None,
        "digest": ranked.digest if ranked else None,
    }


def _in_words(told: dict[str, Any]) -> str:
    stands = "closed" if told["life"] == "closed" else f"{told['seats'] - told['placed']} vacant"
    bench = "not ranked yet" if told["seed"] is None else f"{told['bench']} on the bench"
    if told["bench"] == 0 and told["seed"] is not None:
        bench = "the bench is empty"
    return (
        f"{told['post']}  {told['title']}  {told['place']} {told['sector']}  {told['placed']} of"
        f" {told['seats']} filled, {stands}, {told['asked']} asked, {bench}"
    )


async def why_not(data_dir: Path | None, post_id: str, member: str, *, as_json: bool) -> int:
    """Raises UnknownIdError."""
    async with connected(data_dir) as suite:
        log = Log(suite.client, suite.codec)
        post = await looking.one(log, post_id) if is_ours(post_id) else Post()
    if post.life == "unknown":
        raise UnknownIdError(
            f"there is no post {post_id}; `tribune promotion posts` tells which there are"
        )
    found = comparison(post, member)
    if as_json:
        print(json.dumps(_as_json(post_id, member, found)))  # noqa: T201
        return 0
    for line in _lines(post, member, found):
        print(harmless(line))  # noqa: T201
    return 0


def _as_json(post_id: str, member: str, found: Comparison) -> dict[str, Any]:
    return {
        "post": post_id,
        "member": member,
        "stands": found.stands,
        "place": found.place or None,
        "beside": [
            {
                "ranking": each.number,
                "rank": each.rank,
                "reason": each.reason or None,
                "theirs": _figures(each.theirs),
                "own": _figures(each.own),
                "differ_in": each.by or None,
                "is_ahead": each.is_ahead,
            }
            for each in found.beside
        ],
    }


def _figures(one: Ranked | None) -> dict[str, int] | None:
    return dict(zip(FIGURES, of(one), strict=True)) if one else None


def _lines(post: Post, member: str, found: Comparison) -> Iterator[str]:
    where = f", at place {found.place} of the bench" if found.place else ""
    yield f"{member} for {post.terms.title}: {STANDS[found.stands]}{where}"
    if not found.beside:
        yield "  nobody else was asked yet"
    for each in found.beside:
        yield f"  beside who was asked as number {each.rank} of ranking {each.number}:"
        yield from (f"    {line}" for line in _compared(each))


def _compared(each: Beside) -> Iterator[str]:
    if each.reason:
        yield f"the body said: {each.reason}"
    yield f"theirs: {_said(each.theirs)}"
    if each.own is None:
        yield "was no candidate then"
        return
    yield f"own:    {_said(each.own)}"
    yield f"{'stood before them' if each.is_ahead else 'stood behind them'}, by: {each.by}"


def _said(one: Ranked | None) -> str:
    told = _figures(one)
    return ", ".join(f"{name} {figure}" for name, figure in told.items()) if told else "not ranked"
