"""The programs of the suite by name; each is imported only when it is asked for."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine, ExceptionContext, event

from deploy.programs import GATE, PROGRAMS, SERVICES
from shared.contracts.routing import log_of
from shared.eventsourcing.codec import PLAIN, Codec
from shared.eventsourcing.decider import Category
from shared.eventsourcing.jetstream.connection import Client
from shared.eventsourcing.projections.database import CACHE_MB, open_database
from shared.eventsourcing.projections.read_model import ReadModel
from shared.eventsourcing.reaction import Reaction
from shared.eventsourcing.relay import Passage
from shared.runtime.databases import in_words
from shared.runtime.program import Program
from shared.runtime.settings import Settings

if TYPE_CHECKING:  # it brings the whole of a service with it, and most commands need none
    from shared.runtime.runtime import Runtime

APPS = {GATE: "services.publishing.gate"}


@dataclass(frozen=True)
class Flow:
    """What one service does about the events of one stream: a reaction, or a relay. `program` runs
    it, where that is not all of the service."""

    service: str
    name: str
    stream: str
    target: str
    filters: tuple[str, ...] = ()
    program: str = ""

    @property
    def asked(self) -> str:
        """Who is asked about it."""
        return self.program or self.service


def program_named(name: str) -> Program:
    found: Program = getattr(_app(name), "PROGRAM", Program.of(name))
    return found


def redriver(service: str) -> str:
    """Who tries a service's dead letters again: in publishing, only relays bury any."""
    parts = [name for name in PROGRAMS if program_named(name).service == service]
    return parts[-1]


def composition(program: str) -> "Callable[[Runtime], None]":
    return _app(program).compose  # type: ignore[no-any-return]


def read_models(service: str) -> tuple[ReadModel, ...]:
    return _app(service).READ_MODELS  # type: ignore[no-any-return]


def read_models_named(service: str, names: Collection[str]) -> list[ReadModel]:
    """Also those that are replaced, for they may be served still; the newest ones if none is
    named."""
    models = read_models(service)
    if not names:
        return list(models)
    return [each for model in models for each in model.versions() if each.name in names]


def categories(service: str) -> tuple[Category, ...]:
    """The categories that the service writes."""
    return getattr(_app(service), "CATEGORIES", ())


def reactions(service: str) -> tuple[Reaction, ...]:
    return getattr(_app(service), "REACTIONS", ())


def passages(program: str, settings: Settings) -> tuple[Passage, ...]:
    """The relays that it runs; none while the key that they need is not known."""
    known = getattr(_app(program), "known_passages", None)
    return known(settings) if known else ()


def ledger(client: Client, settings: Settings, codec: Codec = PLAIN) -> Any:
    """Of the gate's releases; None while the release key is not known."""
    return _app(GATE).known_ledger(client, settings, codec)


def flows() -> list[Flow]:
    """Every way from one stream into another, or from a log into itself. Raises ValueError if two
    have one name: `redo`, `status` and `verify` know them by it."""
    found = []
    for service in SERVICES:
        found += [
            Flow(service, each.name, each.stream, log_of(service), each.filters)
            for each in reactions(service)
        ]
    for each in map(program_named, PROGRAMS):
        relays: dict[str, tuple[str, str]] = getattr(_app(each.name), "RELAYS", {})
        found += [Flow(each.service, name, *way, program=each.name) for name, way in relays.items()]
    names = [flow.name for flow in found]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise ValueError(f"two reactions or relays are named {', '.join(twice)}")
    return found


class DatabaseAwayError(Exception):
    """A service's database can't be asked; says which, where and why."""


def database(settings: Settings, service: str, cache_mb: int = CACHE_MB) -> Engine:
    """Raises DatabaseAwayError as soon as it is asked and is away."""
    engine = open_database(settings.database(service), cache_mb)

    def tell(context: ExceptionContext) -> None:
        error = context.sqlalchemy_exception
        words = in_words(service, engine.url, error) if error is not None else None
        if words is not None:
            raise DatabaseAwayError(words) from error

    event.listen(engine, "handle_error", tell)
    return engine


def _app(program: str) -> Any:
    return import_module(APPS.get(program, f"services.{program}.app"))
