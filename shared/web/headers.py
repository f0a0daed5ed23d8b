"""Headers that every answer carries: nothing comes from elsewhere, nothing leaks."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
)

PERMISSIONS = "Permissions-Policy"
NOTHING_ASKED = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
ASKS_WHERE = NOTHING_ASKED.replace("geolocation=()", "geolocation=(self)")
"""Of a page on which somebody may press a button for their browser to say where they are."""

HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",  # with none, browsers do not say whose page sends a form
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    PERMISSIONS: NOTHING_ASKED,
}


FOR_A_YEAR = {"Strict-Transport-Security": "max-age=31536000"}
"""Where readers come by https; other hosts below ours may not be."""


class SecurityHeaders:
    def __init__(self, app: ASGIApp, *, is_secure: bool = False) -> None:
        self._app = app
        self._headers = HEADERS | (FOR_A_YEAR if is_secure else {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                asks_where = headers.get(PERMISSIONS) == ASKS_WHERE
                headers.update(self._headers)
                if asks_where:
                    headers[PERMISSIONS] = ASKS_WHERE
            await send(message)

        await self._app(scope, receive, send_with_headers)
