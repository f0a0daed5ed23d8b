"""Which suite a command means, and the settings that one goes by; nothing is connected for it."""

import sys
from functools import cache
from pathlib import Path

from deploy.embedded import is_running
from deploy.embedded.remembered import charter_of
from deploy.embedded.suite import KEYS
from deploy.folders import DEMO_DIR, SUITE_DIR
from shared.runtime.settings import Settings


def settings_at_hand(given: Path | None) -> Settings:
    """Those by which `connected` would go, without connecting."""
    settings = Settings()
    by_url = given is None and "nats_url" in settings.model_fields_set
    return settings if by_url else settings_of(given or SUITE_DIR)


def settings_of(data_dir: Path) -> Settings:
    """As the suite in this folder has them: it goes by the charter with which it was started."""
    settings = Settings(_env_file=None, data_dir=data_dir)
    named, charter_dir = settings.charter_dir, charter_of(data_dir, settings)
    if named.resolve() != charter_dir.resolve() and "charter_dir" in settings.model_fields_set:
        _tell_once(
            f"the suite in {data_dir} goes by the charter in {charter_dir}, with which it was"
            f" started; TRIBUNE_CHARTER_DIR names {named}, which does not count here"
        )
    settings.charter_dir = charter_dir
    settings.nats_credentials, settings.nats_ca, settings.keys_dir = None, None, data_dir / KEYS
    if is_running(data_dir) and not settings.keys_dir.exists():  # one of an older version
        settings.keys_dir = None
    return settings


@cache
def _tell_once(line: str) -> None:
    """A command may connect twice."""
    print(line, file=sys.stderr)  # noqa: T201


def start_of(data_dir: Path) -> str:
    """What starts the suite in a folder."""
    if data_dir == DEMO_DIR:
        return "tribune demo"
    return "tribune up" if data_dir == SUITE_DIR else f"tribune up --data-dir {data_dir}"


def elsewhere(data_dir: Path) -> str:
    """Most often it is the demonstration that is meant."""
    if data_dir == DEMO_DIR or not is_running(DEMO_DIR):
        return ""
    return f"the demonstration runs in {DEMO_DIR}, which `--data-dir {DEMO_DIR}` names; else "
