"""Rows in the order of a moment or day and an id, a page after the other."""

from typing import Any

from sqlalchemy import ColumnElement, or_, true


def beyond(after: tuple[Any, str] | None, at: Any, key: Any) -> ColumnElement[bool]:
    """Behind the last row of the page before, if there was one; said so that the index is entered
    where that ended."""
    if after is None:
        return true()
    moment, thing = after
    further: ColumnElement[bool] = (at >= moment) & or_(at > moment, key > thing)
    return further
