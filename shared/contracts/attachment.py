"""How a file that goes with a report is named: by a digest under the report's own key, with what it
is, how large and for how long that name is good, and a proof that only who has the key can make."""

import hmac
import re
from datetime import UTC, datetime, timedelta
from typing import Annotated, Literal, NamedTuple, get_args

from pydantic import StringConstraints

from shared.contracts.identity import aggregate_id

FileKind = Literal["jpeg", "png", "webp", "pdf"]
MEDIA_TYPES: dict[str, str] = {
    "jpeg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "pdf": "application/pdf",
}

MOST_FILES = 10
"""Of one report."""

GOOD_FOR = timedelta(days=7)
"""A name: for as long at least, to the end of that day (UTC)."""

OVER_AFTER = GOOD_FOR + timedelta(days=1)
"""No name of a file that was uploaded before is good any more."""

_FIRST = datetime(1970, 1, 1, tzinfo=UTC)
_DAY = timedelta(days=1)
_SAID = rf"[0-9a-f]{{32}}\.({'|'.join(get_args(FileKind))})\.[0-9]{{1,9}}"
NAME_PATTERN = rf"^{_SAID}(\.[0-9]{{1,6}})?\.[0-9a-f]{{32}}$"
AttachmentName = Annotated[str, StringConstraints(pattern=NAME_PATTERN)]
"""As whoever uploads a file is told it, and names it in a report. Before names had a term none told
its day: such a name is good for a report alone that has it already."""

_NAME = re.compile(NAME_PATTERN)
TERMED = 4
"""Dots of a name that has a term."""


class Attached(NamedTuple):
    """`digest` is of what was uploaded, `size` of what is stored, in steps; `in_time` whether its
    name is still good."""

    digest: str
    kind: FileKind
    size: int
    in_time: bool = True


def files_of(whose: str) -> str:
    """Under what the key lies that all files of a report are sealed by, or all pictures of a
    checker's findings. Not under the report's own id: what has a key there is sealed, and words of
    an open report are not."""
    return aggregate_id("files", "", whose)


def all_of(whose: str) -> tuple[str, str]:
    """Under what the keys of a report lie, or of a checker's findings: of words, and of files."""
    return whose, files_of(whose)


def file_digest(key: bytes, content_digest: bytes) -> str:
    """The same file in two reports has two digests: nobody sees that it is the same."""
    return hmac.digest(key, b"file\n" + content_digest, "sha256")[:16].hex()


def picture_of(key: bytes, digest: str) -> str:
    """What it is called in public: nobody sees by it which file of which report it is."""
    return hmac.digest(key, b"picture\n" + digest.encode(), "sha256")[:16].hex()


def name_of(key: bytes, attached: Attached, now: datetime) -> str:
    day = (now + OVER_AFTER - _FIRST) // _DAY
    said = f"{attached.digest}.{attached.kind}.{attached.size}.{day}"
    return f"{said}.{_proof(key, said)}"


def named(key: bytes, name: str, now: datetime) -> Attached | None:
    """What a name says; None if nobody was ever told it for a file of this report."""
    if not _NAME.fullmatch(name):
        return None
    said, _, proof = name.rpartition(".")
    if not hmac.compare_digest(proof, _proof(key, said)):
        return None
    digest, kind, size, *_ = said.split(".")
    return Attached(digest, kind, int(size), is_in_time(name, now))  # type: ignore[arg-type]


def is_in_time(name: str, now: datetime) -> bool:
    """Whether a name is still good, if it ever was."""
    return now < good_until(name)


def good_until(name: str) -> datetime:
    """Of a name that tells no day its end is long ago."""
    *_, day, _ = name.split(".")
    return _FIRST + int(day) * _DAY if name.count(".") == TERMED else _FIRST


def _proof(key: bytes, said: str) -> str:
    return hmac.digest(key, b"name\n" + said.encode(), "sha256")[:16].hex()
