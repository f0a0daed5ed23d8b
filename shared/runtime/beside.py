"""Databases beside the log, for what no log can make anew."""

import os
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event, make_url

from shared.eventsourcing.projections.database import open_database


def open_store(url: str) -> Engine:
    """Nothing else has what stands here, so it is on disk before anybody is told of it; and what is
    deleted is overwritten."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return open_database(url)
    path = Path(str(parsed.database))
    path.parent.mkdir(parents=True, exist_ok=True)
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    engine = open_database(url)
    event.listen(engine, "connect", _carefully)
    return engine


def _carefully(connection: Any, _: Any) -> None:
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA secure_delete=ON")
