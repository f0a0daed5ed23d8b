"""`tribune receipts`: what became of messages, and why some were refused."""

import json
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from deploy.commands.progress import telling
from deploy.commands.receipts_told import figures_of, line_of
from deploy.commands.refusals_told import refusal_figures, refusal_lines
from deploy.connecting import Connected, connected
from deploy.given import UnknownNameError
from deploy.looking.accounts import Account, accounts
from deploy.looking.receipts import STREAM, Asked, One, receipts
from deploy.looking.unanswered import Unanswered, unanswered
from deploy.terminal import Terminal
from shared.contracts.receipt import Refused
from shared.contracts.routing import is_inbox, source_of
from shared.runtime.outside import harmless

ALWAYS = ("accepted", "duplicate", "refused")

console = Terminal(stderr=True)


@dataclass(frozen=True)
class Given:
    """What the command was called with; `each` for receipt by receipt."""

    data_dir: Path | None
    asked: Asked
    each: bool = False
    as_json: bool = False


async def tell_receipts(given: Given) -> int:
    """Raises UnknownNameError for a source or a message that nothing knows."""
    async with connected(given.data_dir) as suite:
        await _require(suite, given.asked.source)
        if given.asked.message:
            await _tell_each(given, _of_one(suite, given.asked))
        elif given.each:
            await _tell_each(given, _all(suite, given.asked))
        else:
            with telling(console, "receipts", f"messages of {STREAM}") as tell:
                found = await accounts(suite.client, given.asked, lambda n, of: tell(n, n / of))
            _tell(given, found)
    return 0


async def _require(suite: Connected, source: str) -> None:
    live = [str(info.config.name) for info in await suite.client.jetstream().streams_info()]
    known = sorted(source_of(name) for name in live if is_inbox(name))
    if STREAM not in live:
        raise UnknownNameError(f"{suite.where} has no {STREAM}; `tribune setup` declares it")
    if source not in ("*", *known):
        raise UnknownNameError(
            f"{suite.where} has no source {source}: there are inboxes of"
            f" {', '.join(known) or 'none'}"
        )


async def _all(suite: Connected, asked: Asked) -> AsyncGenerator[One, None]:
    """That hold."""
    async with aclosing(receipts(suite.client, asked, lambda _, __: None)) as batches:
        async for batch in batches:
            for one in batch.ones:
                if asked.message or not one.is_withdrawn:
                    yield one


async def _of_one(suite: Connected, asked: Asked) -> AsyncGenerator[One | Unanswered, None]:
    """Who asks for refusals alone is told nothing of one that was not refused."""
    is_known = False
    async with aclosing(_all(suite, replace(asked, refused_only=False))) as ones:
        async for one in ones:
            is_known = True
            if isinstance(one.receipt, Refused) or not asked.refused_only:
                yield one
    if is_known:
        return
    async with aclosing(unanswered(suite.client, asked)) as messages:
        async for message in messages:
            is_known = True
            yield message
    if not is_known:
        raise UnknownNameError(
            f"{suite.where} has no message {asked.message}{_of_whom(asked)}: no receipt names it,"
            " and no inbox holds it. Give its ce-id, its place such as INBOX_BOSTON/12, or the id"
            " of a report or check"
        )


def _of_whom(asked: Asked) -> str:
    return "" if asked.source == "*" else f" of {asked.source}"


async def _tell_each(given: Given, ones: AsyncGenerator[One | Unanswered, None]) -> None:
    """As they are found: there may be more of them than there is memory for."""
    before = "["
    async with aclosing(ones):
        async for one in ones:
            if given.as_json:
                print(f"{before}{json.dumps(figures_of(one))}", end="")  # noqa: T201
            else:
                print(harmless(line_of(one)))  # noqa: T201
            before = ",\n"
    if given.as_json:
        print("]" if before != "[" else "[]")  # noqa: T201
    elif before == "[":
        print(harmless(_nothing(given.asked)))  # noqa: T201


def _nothing(asked: Asked) -> str:
    return "Nothing was refused." if asked.refused_only else "No message has a receipt yet."


def _tell(given: Given, found: dict[str, Account]) -> None:
    refused_only = given.asked.refused_only
    if given.as_json:
        told = {source: _figures(of, refused_only=refused_only) for source, of in found.items()}
        print(json.dumps(told))  # noqa: T201
        return
    for source, account in found.items():
        counts = _counts(account, refused_only=refused_only)
        said = (f"{count:,} {name}" for name, count in counts.items() if count or name in ALWAYS)
        print(f"{source}: {'  '.join(said)}")  # noqa: T201
        for line in refusal_lines(account.refusals):
            print(harmless(line))  # noqa: T201
    if not found:
        print(harmless(_nothing(given.asked)))  # noqa: T201


def _counts(account: Account, *, refused_only: bool) -> dict[str, int]:
    """Of whom only refusals were asked, nothing else is known."""
    refused = {"refused": account.refusals.total}
    if refused_only:
        return refused
    received = {"accepted": account.accepted, "duplicate": account.duplicate}
    return received | refused | {"withdrawn": account.withdrawn, "lost": account.lost}


def _figures(account: Account, *, refused_only: bool) -> dict[str, Any]:
    refusals = refusal_figures(account.refusals)
    told = {"refusals": refusals, "other_reasons": account.refusals.others}
    return _counts(account, refused_only=refused_only) | told
