"""Cleans one file in a process of its own: it comes by standard input, and goes by standard output.

Decoders are where strangers' bytes do harm. This process has no key, no connection, an end to its
memory and time, and before it looks at what came it shuts itself in (`walls.py`).
"""

import codecs
import json
import logging
import resource
import sys
from collections.abc import Callable
from importlib import import_module

from services.intake.files.walls import shut

MEMORY = 768 * 1024**2
SECONDS = 20
UNCLEAN = 3
CODECS = ("ascii", "charmap", "cp1252", "latin-1", "utf-8", "utf-16", "utf-16-be", "utf-16-le")
OF_PICTURES = (
    "ImageColor",
    "ImageFilter",
    "ImagePalette",
    "MpoImagePlugin",
    "TiffImagePlugin",
    "WebPImagePlugin",
)
"""What Pillow imports when a file wants it."""


def limit() -> None:
    for what, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


def cleaner_of(kind: str) -> Callable[[bytes], tuple[bytes, bytes]]:
    """With all that it will ever import: either is slow to."""
    for each in CODECS:
        codecs.lookup(each)
    if kind == "pdf":
        from services.intake.files import documents  # noqa: PLC0415

        import_module("pypdf.filters")
        return lambda content: (b"", documents.cleaned(content))
    from services.intake.files import pictures  # noqa: PLC0415

    for each in OF_PICTURES:
        import_module(f"PIL.{each}")
    import_module("PIL.Image").preinit()
    return lambda content: pictures.cleaned(content, kind)


def main() -> int:
    limit()
    logging.disable(logging.CRITICAL)  # the libraries tell what stands in the file
    from services.intake.files.sorts import UncleanError, kind_of  # noqa: PLC0415

    content = sys.stdin.buffer.read()
    try:
        kind = kind_of(content)
        cleaned = cleaner_of(kind)
        shut()
        preview, whole = cleaned(content)
    except UncleanError as error:
        sys.stdout.write(error.why)
        return UNCLEAN
    head = json.dumps({"kind": kind, "preview": len(preview)}).encode()
    sys.stdout.buffer.write(b"\n".join((head, preview + whole)))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
