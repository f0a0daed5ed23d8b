"""Rows that say which login holds which report: digests and sealed texts, by a key of the vault."""

import json
import sqlite3
from collections.abc import Collection

from shared.contracts.identity import keyed
from shared.runtime.box import Box
from shared.runtime.vault.store import KeyStore

HOLDERS = "holders"
"""Whose key it is: one for all rows, wrapped as all others. Without it they say nothing, and what
is looked for is found by its digest all the same."""


def put(
    change: sqlite3.Connection, key: bytes, login_id: str, report_id: str, person_id: str
) -> bool:
    """Whether it is new."""
    holder, report = _of_login(key, login_id), _thing(key, report_id)
    person = _thing(key, person_id) if person_id else ""
    sealed = Box(key).seal(report_id.encode(), HOLDERS, holder, report)
    row = (holder, report, person, sealed)
    return change.execute("INSERT OR IGNORE INTO held VALUES (?, ?, ?, ?)", row).rowcount > 0


def reports_of(read: sqlite3.Connection, key: bytes, login_id: str) -> list[str]:
    """A row that was changed or moved is none."""
    box, holder = Box(key), _of_login(key, login_id)
    rows = read.execute("SELECT report, sealed FROM held WHERE holder = ?", (holder,)).fetchall()
    opened = [box.open(sealed, HOLDERS, holder, report) for report, sealed in rows]
    return sorted(each.decode() for each in opened if each)


def forget(store: KeyStore, key: bytes | None, erased: Collection[str]) -> None:
    """Of reports and persons that are erased, whoever holds what is theirs. Raises
    VaultAwayError."""
    if key is None or not erased or not _any(store):
        return
    things = json.dumps([_thing(key, each) for each in erased])
    among = "IN (SELECT value FROM json_each(?))"
    _delete(store, f"report {among} OR person {among}", things, things)


def forget_login(store: KeyStore, key: bytes, login_id: str, report_id: str = "") -> None:
    """All that it holds, or one report. Raises VaultAwayError."""
    holder = _of_login(key, login_id)
    if report_id:
        _delete(store, "holder = ? AND report = ?", holder, _thing(key, report_id))
    else:
        _delete(store, "holder = ?", holder)


def _any(store: KeyStore) -> bool:
    with store.reading() as read:
        return read.execute("SELECT 1 FROM held LIMIT 1").fetchone() is not None


def _delete(store: KeyStore, which: str, *values: str) -> None:
    """Nothing of them is left in the file or its log afterwards."""
    with store.changing() as change:
        gone = change.execute(f"DELETE FROM held WHERE {which}", values).rowcount  # noqa: S608  # nosec B608  our own text
    if gone:
        store.truncate()


def _of_login(key: bytes, login_id: str) -> str:
    return keyed(key, "login", login_id)


def _thing(key: bytes, known_as: str) -> str:
    return keyed(key, "thing", known_as)
