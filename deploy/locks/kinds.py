"""What each kind of user may do at NATS: read from `kinds/*.toml`, and written out in full.

Only what is allowed is listed. `writes` are subjects of streams, `reads` streams that may be read
in any way, `asks` other requests, `answers` what a service is asked, `among` what its replicas tell
each other, which nobody else hears; `never` is what a star in `asks` does not stand for.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

FOLDER = Path(__file__).with_name("kinds")
SERVICES = ("intake", "promotion", "publishing", "gate")
"""Who is asked: all that is run of the suite."""

TOOLS = ("setup", "operator", "clock")
OUTSIDE = ("source", "dashboard", "staff", "member")

OF_A_READER = (
    "STREAM.INFO.{0}",
    "STREAM.MSG.GET.{0}",
    "DIRECT.GET.{0}",
    "DIRECT.GET.{0}.>",
    "CONSUMER.CREATE.{0}.>",
    "CONSUMER.INFO.{0}.*",
    "CONSUMER.DELETE.{0}.*",
    "CONSUMER.MSG.NEXT.{0}.*",
)
OF_ONE_CONSUMER = ("CONSUMER.INFO.{0}.{1}", "CONSUMER.MSG.NEXT.{0}.{1}", "CONSUMER.RESET.{0}.{1}")
API = "$JS.API."


class _Follows(BaseModel):
    model_config = ConfigDict(extra="forbid")

    stream: str
    filter: str = ""
    formerly: tuple[str, ...] = ()


class Kind(BaseModel):
    """`inside`: its users are of the log's own account, all others have one for each."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    about: str
    inside: bool = False
    outside: bool = False
    writes: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()
    among: tuple[str, ...] = ()
    commands: tuple[str, ...] = ()
    follows: _Follows | None = None


@dataclass(frozen=True)
class ReadyConsumer:
    """A consumer that stands ready for one user alone, who may read with it and nothing else.
    `formerly` are streams on which older versions had it."""

    stream: str
    consumer: str
    filter: str
    formerly: tuple[str, ...] = ()


@dataclass(frozen=True)
class Rights:
    """Of one user, in full. `of_services` go to the account of a service, by its name; all other
    `requests` to that of the log."""

    requests: tuple[str, ...]
    of_services: tuple[tuple[str, str], ...]
    answers: tuple[str, ...]
    ready: ReadyConsumer | None
    never: tuple[str, ...] = ()
    among: tuple[str, ...] = ()


@cache
def kind(name: str) -> Kind:
    return Kind.model_validate(tomllib.loads((FOLDER / f"{name}.toml").read_text()))


def rights(of: str, name: str = "") -> Rights:
    """Of the user `name` of that kind; those of the suite's own kinds have no other name."""
    found = kind(of)
    requests = [*found.writes, *found.asks]
    for stream in found.reads:
        requests += [API + subject.format(stream) for subject in OF_A_READER]
        requests.append(f"$JS.ACK.{stream}.>")
    ready = _ready(found, of, name)
    if ready:
        parts = ready.stream, ready.consumer
        requests += [API + subject.format(*parts) for subject in OF_ONE_CONSUMER]
    named = [each.format(name=name, NAME=name.upper()) for each in requests]
    asked = [each for each in (*named, *found.commands) if _is_of_services(each)]
    return Rights(
        tuple(each for each in named if not _is_of_services(each)),
        tuple(pair for each in asked for pair in _by_service(each)),
        found.answers,
        ready,
        found.never,
        found.among,
    )


def _ready(found: Kind, of: str, name: str) -> ReadyConsumer | None:
    follows = found.follows
    if follows is None:
        return None
    stream = follows.stream.format(NAME=name.upper())
    return ReadyConsumer(stream, f"{of}-{name}", follows.filter.format(name=name), follows.formerly)


def _is_of_services(subject: str) -> bool:
    return subject.startswith(("cmd.", "query."))


def _by_service(subject: str) -> list[tuple[str, str]]:
    """A star in the place of the service stands for all of them."""
    sort, service, what = subject.split(".", 2)
    services = SERVICES if service == "*" else (service,)
    return [(each, f"{sort}.{each}.{what}") for each in services]
