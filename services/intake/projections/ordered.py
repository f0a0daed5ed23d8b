"""Rows in the order of a moment and an id, a page after the other."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, true


def beyond(after: tuple[datetime, str] | None, at: Any, key: Any) -> ColumnElement[bool]:
    """Behind the last row of the page before, if there was one."""
    if after is None:
        return true()
    moment, thing = after
    return or_(at > moment, and_(at == moment, key > thing))
