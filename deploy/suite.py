"""The services of the suite by name; each is imported only when it is asked for."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

from sqlalchemy import Engine

from shared.eventsourcing.decider import Category
from shared.eventsourcing.projections.database import open_database
from shared.eventsourcing.projections.read_model import ReadModel
from shared.runtime.service import Runtime
from shared.runtime.settings import Settings

SERVICES = ("intake", "promotion", "publishing")


def composition(service: str) -> Callable[[Runtime], None]:
    return _app(service).compose  # type: ignore[no-any-return]


def read_models(service: str) -> tuple[ReadModel, ...]:
    return _app(service).READ_MODELS  # type: ignore[no-any-return]


def categories(service: str) -> tuple[Category, ...]:
    """The categories that the service writes."""
    return _app(service).CATEGORIES  # type: ignore[no-any-return]


def database(settings: Settings, service: str) -> Engine:
    return open_database(settings.database(service))


def _app(service: str) -> Any:
    return import_module(f"services.{service}.app")
