"""Batched direct gets: many messages of a stream by one question, page after page."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from nats.js.errors import NotFoundError

from shared.eventsourcing.errors import LogUnavailableError
from shared.eventsourcing.jetstream.message import Message

PAGE = 1000
PAGE_BYTES = 8 * 1024 * 1024
ANSWER_WITHIN_S = 5.0
TRY_FOR_S = 60.0
PAUSE_S = 0.1
NOTHING, END, TOO_MANY_SUBJECTS, NOBODY = "404", "204", "413", "503"


class TooManySubjectsError(Exception):
    """More subjects than the server looks up at once."""


class NoStreamError(LogUnavailableError):
    """The log is there, and the stream is not: waiting would not bring it."""


@dataclass
class Page:
    """`up_to` is the stream's sequence of which the answer is a picture, where the server says."""

    messages: list[Message] = field(default_factory=list)
    more: bool = False
    up_to: int = 0


@dataclass
class _Question:
    done: asyncio.Future[dict[str, str]]
    page: Page = field(default_factory=Page)


class DirectGet:
    """Asks over one subscription for all questions; each has a subject of its own below it."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._inbox = client.new_inbox()
        self._open: dict[str, _Question] = {}
        self._tokens = count()
        self._subscribed = False

    async def all(self, stream: str, query: dict[str, Any]) -> Page:
        """All pages as one. Raises TooManySubjectsError; LogUnavailableError if the server does not
        say what is in the log, at once (NoStreamError) where there is no such stream."""
        whole = await self._patiently(stream, query)
        last, more = whole, whole.more
        while more:
            rest = query | {"seq": last.messages[-1].sequence + 1}
            if whole.up_to:
                rest["up_to_seq"] = whole.up_to
            last = await self._patiently(stream, rest)
            whole.messages += last.messages
            more = last.more and bool(last.messages)
        return whole

    async def span(self, stream: str, first: int, last: int) -> AsyncIterator[Message]:
        """The messages from one sequence to another, both included; without those that are gone.
        Raises LogUnavailableError."""
        while first <= last:
            query = {"seq": first, "next_by_subj": ">", "batch": last - first + 1}
            page = await self._patiently(stream, query)
            for message in page.messages:
                if message.sequence <= last:
                    yield message
            if not page.messages or not page.more:
                return
            first = page.messages[-1].sequence + 1

    async def _patiently(self, stream: str, query: dict[str, Any]) -> Page:
        """A server that is busy or away for a moment must not cost what was loaded already."""
        give_up = asyncio.get_running_loop().time() + TRY_FOR_S
        while True:
            try:
                return await self._page(stream, query)
            except NoStreamError:
                raise
            except (NatsError, OSError, TimeoutError, LogUnavailableError) as error:
                if self._client.is_closed or asyncio.get_running_loop().time() > give_up:
                    reason = error or type(error).__name__
                    raise LogUnavailableError(f"{stream} does not answer: {reason}") from error
            await asyncio.sleep(PAUSE_S)

    async def _page(self, stream: str, query: dict[str, Any]) -> Page:
        if not self._subscribed:
            self._subscribed = True
            await self._client.subscribe(f"{self._inbox}.*", cb=self._receive)
        token = str(next(self._tokens))
        question = _Question(asyncio.get_running_loop().create_future())
        self._open[token] = question
        try:
            body = json.dumps({"batch": PAGE, "max_bytes": PAGE_BYTES} | query).encode()
            subject, reply = f"$JS.API.DIRECT.GET.{stream}", f"{self._inbox}.{token}"
            await self._client.publish(subject, body, reply=reply)
            async with asyncio.timeout(ANSWER_WITHIN_S):
                headers = await question.done
        finally:
            del self._open[token]
        status = headers.get("Status", "")
        if status == TOO_MANY_SUBJECTS:
            raise TooManySubjectsError
        if status not in (NOTHING, END):
            if status == NOBODY:
                await self._look_for(stream)
            raise LogUnavailableError(f"{stream} answered with status {status!r}")
        question.page.more = headers.get("Nats-Num-Pending", "0") != "0"
        question.page.up_to = int(headers.get("Nats-UpTo-Sequence", 0))
        return question.page

    async def _look_for(self, stream: str) -> None:
        """Nobody answers for a stream that is not there, nor for one whose server just starts."""
        try:
            await self._client.jetstream().stream_info(stream)
        except NotFoundError:
            raise NoStreamError(
                f"there is no stream {stream}; `tribune setup` declares it"
            ) from None

    async def _receive(self, raw: Msg) -> None:
        question = self._open.get(raw.subject.rpartition(".")[2])
        if question is None:
            return
        headers = raw.headers or {}
        if "Nats-Sequence" in headers:
            subject, sequence = headers["Nats-Subject"], int(headers["Nats-Sequence"])
            question.page.messages.append(Message(subject, headers, raw.data, sequence))
        elif not question.done.done():
            question.done.set_result(headers)
