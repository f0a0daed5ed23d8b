"""Waits until everything that was started is ready, for as long as anything moves."""

import asyncio
import socket
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress

import httpx

from deploy.embedded.keeping import DoesNotStartError, Keeper, end_of
from deploy.embedded.suite import NATS, Suite

LOOKED_AT_EVERY_S = 0.1
ANSWERS_WITHIN_S = 5.0

Tell = Callable[[Mapping[str, str]], None]
"""Gets what each part that is not ready waits for."""


class Patience:
    """Ends only once nothing new was seen for a good while, however long it takes in all.

    What was seen before is nothing new: a part that gets as far as before its last start, again
    and again, does not move.
    """

    def __init__(self, lasts_s: float) -> None:
        self._lasts_s = lasts_s
        self._seen: set[tuple[str, str]] = set()
        self._since = _now()

    def see(self, state: Mapping[str, str]) -> bool:
        """Whether there is any left."""
        if not self._seen.issuperset(state.items()):
            self._seen.update(state.items())
            self._since = _now()
        return _now() - self._since < self._lasts_s


async def nats_answers(suite: Suite, keeper: Keeper, run: asyncio.Task[None], tell: Tell) -> None:
    """It does so once it has read what its log consists of."""
    patience, log = Patience(suite.patience_s), suite.log_of(NATS)
    while not _answers(suite.nats_port):
        if run.done():
            run.result()
        tell({NATS: "reads the log"})
        if not patience.see({NATS: str(log.stat().st_size if log.exists() else 0)}):
            raise DoesNotStartError(f"NATS does not start; {end_of(log)}")
        await asyncio.sleep(LOOKED_AT_EVERY_S)
    keeper.has_answered = True


def _answers(port: int) -> bool:
    with suppress(OSError):
        socket.create_connection(("127.0.0.1", port), 0.5).close()
        return True
    return False


async def all_ready(
    suite: Suite, keepers: Sequence[Keeper], runs: Sequence[asyncio.Task[None]], tell: Tell
) -> None:
    """All at the same time: who stands by is ready, and not ready again once the work is its own.

    Raises DoesNotStartError once nothing moves any more; and what a part ends with.
    """
    waits_for = {keeper.part: "starts" for keeper in keepers}
    patience = Patience(suite.patience_s)
    async with httpx.AsyncClient(trust_env=False, timeout=ANSWERS_WITHIN_S) as http:
        while waits_for:
            for run in runs:
                if run.done():
                    run.result()
            said = await asyncio.gather(*[_reasons(suite, keeper, http) for keeper in keepers])
            waits_for = {
                keeper.part: reasons
                for keeper, reasons in zip(keepers, said, strict=True)
                if reasons is not None
            }
            tell(waits_for)
            if waits_for and not patience.see(waits_for):
                raise DoesNotStartError(_nothing_moves(suite, waits_for))
            await asyncio.sleep(LOOKED_AT_EVERY_S)


async def _reasons(suite: Suite, keeper: Keeper, http: httpx.AsyncClient) -> str | None:
    """Why it is not ready; None if it is."""
    try:
        answer = await http.get(f"http://127.0.0.1:{suite.inner[keeper.part]}/readyz")
        reasons = answer.json()["reasons"]
    except (httpx.HTTPError, ValueError, KeyError):
        return "does not answer" if keeper.has_answered else "starts"
    keeper.has_answered = True
    return None if answer.status_code == httpx.codes.OK else "; ".join(reasons)


def _nothing_moves(suite: Suite, waits_for: Mapping[str, str]) -> str:
    said = ". ".join(f"{part}: {reasons}" for part, reasons in waits_for.items())
    logs = ", ".join(str(suite.log_of(part)) for part in waits_for)
    return f"nothing has moved for {suite.patience_s:.0f} s. {said}. See {logs}"


def _now() -> float:
    return asyncio.get_running_loop().time()
