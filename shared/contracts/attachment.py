"""How a file that goes with a report is named: by a digest under the report's own key, with what it
is and how large, and a proof that only who has the key can make."""

import hmac
import re
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

NAME_PATTERN = rf"^[0-9a-f]{{32}}\.({'|'.join(get_args(FileKind))})\.[0-9]{{1,9}}\.[0-9a-f]{{32}}$"
AttachmentName = Annotated[str, StringConstraints(pattern=NAME_PATTERN)]
"""As whoever uploads a file is told it, and names it in a report."""

_NAME = re.compile(NAME_PATTERN)


class Attached(NamedTuple):
    """`digest` is of what was uploaded, `size` of what is stored, in steps."""

    digest: str
    kind: FileKind
    size: int


def files_of(report_id: str) -> str:
    """Under what the key lies that all files of a report are sealed by. Not under the report's own
    id: what has a key there is sealed, and words of an open report are not."""
    return aggregate_id("files", "", report_id)


def all_of(report_id: str) -> tuple[str, str]:
    """Under what the keys of a report lie: of its words, and of its files."""
    return report_id, files_of(report_id)


def file_digest(key: bytes, content_digest: bytes) -> str:
    """The same file in two reports has two digests: nobody sees that it is the same."""
    return hmac.digest(key, b"file\n" + content_digest, "sha256")[:16].hex()


def picture_of(key: bytes, digest: str) -> str:
    """What it is called in public: nobody sees by it which file of which report it is."""
    return hmac.digest(key, b"picture\n" + digest.encode(), "sha256")[:16].hex()


def name_of(key: bytes, attached: Attached) -> str:
    said = f"{attached.digest}.{attached.kind}.{attached.size}"
    return f"{said}.{_proof(key, said)}"


def named(key: bytes, name: str) -> Attached | None:
    """What a name says; None if nobody was ever told it for a file of this report."""
    if not _NAME.fullmatch(name):
        return None
    said, _, proof = name.rpartition(".")
    if not hmac.compare_digest(proof, _proof(key, said)):
        return None
    digest, kind, size = said.split(".")
    return Attached(digest, kind, int(size))  # type: ignore[arg-type]


def _proof(key: bytes, said: str) -> str:
    return hmac.digest(key, b"name\n" + said.encode(), "sha256")[:16].hex()
