"""Addresses that programs ask, of whatever service: they are answered with problems, not pages."""

from starlette.requests import Request

EVENTS, RECEIPTS = "/events", "/receipts/"
"""Where sources send, and where they ask."""

ATTACHMENTS = "/attachments"
"""Where sources send files that reports are to name."""

HOOKS = "/hooks/"
"""Where systems send that speak as they do."""

OPEN311 = "/open311/"
"""Where clients of Open311 do both."""

BEGIN = ("/api/", RECEIPTS, OPEN311, HOOKS)
ALONE = frozenset(("/healthz", "/readyz", "/metrics", "/openapi.json", EVENTS, ATTACHMENTS))


def for_programs(request: Request) -> bool:
    path = str(request.scope["path"]).removeprefix(request.scope.get("root_path", ""))
    return path.startswith(BEGIN) or path in ALONE
