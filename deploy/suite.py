"""The services of the suite by name; each is imported only when it is asked for."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

from shared.eventsourcing.projections.read_model import ReadModel
from shared.runtime.service import Runtime

SERVICES = ("intake", "promotion", "publishing")


def composition(service: str) -> Callable[[Runtime], None]:
    return _app(service).compose  # type: ignore[no-any-return]


def read_models(service: str) -> tuple[ReadModel, ...]:
    return _app(service).READ_MODELS  # type: ignore[no-any-return]


def _app(service: str) -> Any:
    return import_module(f"services.{service}.app")
