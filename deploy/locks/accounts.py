"""The accounts of a suite as NATS's server is told of them. Pure: signing is done elsewhere.

All streams are in one account, LOG. Everybody else has an account of their own, which imports just
what they may ask. So what they name as the place for an answer is a subject of their own account:
within one account the server itself would write its answer under any subject, a stream's too.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from deploy.locks.kinds import API, SERVICES, Rights

LOG, SYSTEM = "log", "system"

ELSEWHERE = "$JS.tribune.API."
"""Where an account finds the log's API: under its usual name the server would answer that it has no
streams of its own. What is asked under that name is mapped to this one, before anybody looks at
permissions."""

INBOXES = "_INBOX.>"
NO_LIMIT = -1
CONNECTIONS, SUBSCRIPTIONS, PAYLOAD = 20, 500, 1024 * 1024
ANSWERED_WITHIN_NS = 300 * 10**9

IN_THE_LOG = (
    *(
        "intake.>",
        "promotion.>",
        "publishing.>",
        "gate.>",
        "public.>",
        "inbox.>",
        "receipt.>",
        "told.>",
    ),
    *("bookmark.>", "dead.>", "position.>", "lease.>", "schedule.>", "clock.>", "$O.>"),
    *(f"{API}>", "$JS.ACK.>"),
)


def log_account(public: Mapping[str, str]) -> dict[str, Any]:
    """Holds the streams. Those inside may ask the services, too; `public` are accounts' keys."""
    return {
        "limits": _limits() | _of_jetstream(),
        "exports": [_export(subject) for subject in IN_THE_LOG],
        "imports": [
            _import(public[service], f"{sort}.{service}.*")
            for service in SERVICES
            for sort in ("cmd", "query")
        ],
        "default_permissions": _nothing(),
    }


def system_account() -> dict[str, Any]:
    return {"limits": _limits(), "default_permissions": _nothing()}


def account_of(rights: Rights, public: Mapping[str, str], *, outside: bool) -> dict[str, Any]:
    """Of one user, whose rights are those of the account: they can change without new keys."""
    imports = [_import(public[LOG], subject) for subject in rights.requests]
    imports += [_import(public[service], subject) for service, subject in rights.of_services]
    asked = [*rights.requests, *(subject for _, subject in rights.of_services)]
    return {
        "limits": _limits() | (_of_outsiders() if outside else {}),
        "exports": [_export(subject) for subject in rights.answers],
        "imports": imports,
        "mappings": {f"{API}>": [{"subject": f"{ELSEWHERE}>", "weight": 100}]},
        "default_permissions": _allowed(
            [*map(_elsewhere, asked)],
            rights.answers,
            [*map(_elsewhere, rights.never)],
            rights.among,
        ),
    }


def user_of(rights: Rights, *, inside: bool, outside: bool) -> dict[str, Any]:
    """Permissions of a user of the log's account; those of others stand in their accounts. Only
    those outside come by WebSocket."""
    asked = [*rights.requests, *(subject for _, subject in rights.of_services)]
    ways = ["STANDARD", "WEBSOCKET"] if outside else ["STANDARD"]
    permissions = _allowed(asked, ()) if inside else {"pub": {}, "sub": {}}
    return _user(permissions) | {"allowed_connection_types": ways}


def everything() -> dict[str, Any]:
    """For a user who may do whatever the account can."""
    return _user(_allowed([">"], [">"]))


def _user(permissions: Mapping[str, Any]) -> dict[str, Any]:
    return {**permissions, "subs": NO_LIMIT, "data": NO_LIMIT, "payload": NO_LIMIT}


def _allowed(
    publish: Sequence[str],
    answers: Sequence[str],
    never: Sequence[str] = (),
    among: Sequence[str] = (),
) -> dict[str, Any]:
    """Who answers may do so once for each question. What is told `among` the replicas of one
    service is of its own account alone: nobody imports it."""
    subscribe = {"allow": [*answers, *among, INBOXES]}
    allowed: dict[str, Any] = {"pub": {"allow": sorted({*publish, *among})}, "sub": subscribe}
    if never:
        allowed["pub"]["deny"] = sorted(never)
    if answers:
        allowed["resp"] = {"max": 1, "ttl": ANSWERED_WITHIN_NS}
    return allowed


def _nothing() -> dict[str, Any]:
    return {"pub": {"deny": [">"]}, "sub": {"deny": [">"]}}


def _export(subject: str) -> dict[str, Any]:
    """Several may answer, and a question may have many answers."""
    return {"name": subject, "subject": subject, "type": "service", "response_type": "Stream"}


def _import(account: str, subject: str) -> dict[str, Any]:
    return {
        "name": subject,
        "subject": subject,
        "account": account,
        "local_subject": _elsewhere(subject),
        "type": "service",
    }


def _elsewhere(subject: str) -> str:
    return ELSEWHERE + subject.removeprefix(API) if subject.startswith(API) else subject


def _limits() -> dict[str, Any]:
    unlimited = ("subs", "data", "payload", "imports", "exports", "conn")
    return dict.fromkeys(unlimited, NO_LIMIT) | {"wildcards": True, "leaf": 0}


def _of_outsiders() -> dict[str, Any]:
    limits = {"conn": CONNECTIONS, "subs": SUBSCRIPTIONS, "payload": PAYLOAD}
    return limits | {"exports": 0, "disallow_bearer": True}


def _of_jetstream() -> dict[str, Any]:
    return dict.fromkeys(("mem_storage", "disk_storage", "streams", "consumer"), NO_LIMIT)
