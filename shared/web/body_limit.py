"""What is sent to us may be so large and take so long, and no more, whether its length was told or
not."""

import asyncio
from http import HTTPStatus

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.web.programs import ATTACHMENTS, EVENTS, HOOKS, OPEN311

MOST_SENT = 64 * 1024
PARTS = "multipart/form-data"
OF_CHECKERS = ("/checking/finding", "/checking/finding/kept")
TAKES_FILES = frozenset(
    (ATTACHMENTS, "/report", "/trace/reply", "/mine/files", "/api/trace/files", *OF_CHECKERS)
)
REQUESTS = f"{OPEN311}v2/requests."
"""Whoever reads there holds no more of it than there is place for."""

MORE_SENT = {EVENTS: 2 * 1024 * 1024}
"""Where messages of sources come in batches: it is read once they have shown who they are."""

MOST_WITH_FILES, WITH_FILES_WITHIN_S = 64 * 1024 * 1024, 120.0
"""Of what comes in parts where files are taken: what is too much is passed over, and not held."""

LEAST_IN_A_S = 8 * 1024
"""Beyond ten seconds, and ten for which one may wait for a place: whoever sends a byte now and then
has none for long."""

MOST_BY_HOOKS = 512 * 1024
"""A long survey, or several; read once it is known who sends."""

SENT_WITHIN_S = 10.0
"""All of it: who sends a byte now and then would never be done."""

GONE: Message = {"type": "http.disconnect"}
CLOSE = {"Connection": "close"}


class BodyLimit:
    """Starlette's own limit answers by itself, without a page or a problem."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        most = _most(scope)
        if _told(scope) > most:
            raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        within_s = WITH_FILES_WITHIN_S if most == MOST_WITH_FILES else SENT_WITHIN_S
        begun = asyncio.get_running_loop().time()
        taken, is_whole, is_answered = 0, False, False

        async def receive_so_much() -> Message:
            nonlocal taken, is_whole
            if is_whole:
                return await receive()
            try:
                may_take_s = min(within_s, 2 * SENT_WITHIN_S + taken / LEAST_IN_A_S)
                async with asyncio.timeout_at(begun + may_take_s):
                    message = await receive()
            except TimeoutError:
                if is_answered:  # a stream that listens for the reader's end
                    return GONE
                raise HTTPException(HTTPStatus.REQUEST_TIMEOUT, headers=CLOSE) from None
            taken += len(message.get("body", b""))
            is_whole = not message.get("more_body", False)
            if taken > most:
                raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            return message

        async def send_and_note(message: Message) -> None:
            nonlocal is_answered
            is_answered = True
            await send(message)

        await self._app(scope, receive_so_much, send_and_note)


def _most(scope: Scope) -> int:
    path = str(scope.get("path", "")).removeprefix(scope.get("root_path", ""))
    if (path in TAKES_FILES or path.startswith(REQUESTS)) and _is_in_parts(scope):
        return MOST_WITH_FILES
    if path.startswith(HOOKS):
        return MOST_BY_HOOKS
    return MORE_SENT.get(path, MOST_SENT)


def _is_in_parts(scope: Scope) -> bool:
    if scope["type"] != "http":
        return False
    kind = Headers(scope=scope).get("Content-Type", "")
    return kind.partition(";")[0].strip().lower() == PARTS


def _told(scope: Scope) -> int:
    if scope["type"] != "http":
        return 0
    length = Headers(scope=scope).get("Content-Length", "")
    return int(length) if length.isdecimal() else 0
