"""Cleans one file in a process of its own: it comes by standard input, and goes by standard output.

Decoders are where strangers' bytes do harm. This process has no key, no connection, an end to its
memory and time, and may write no file.
"""

import json
import logging
import resource
import sys

MEMORY = 768 * 1024**2
SECONDS = 20
UNCLEAN = 3


def limit() -> None:
    for what, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


def main() -> int:
    limit()
    logging.disable(logging.CRITICAL)  # the libraries tell what stands in the file
    from services.intake.files.sorts import UncleanError, kind_of  # noqa: PLC0415

    content = sys.stdin.buffer.read()
    try:
        kind = kind_of(content)
        preview, whole = b"", b""
        if kind == "pdf":
            from services.intake.files import documents  # noqa: PLC0415  either is slow to import

            whole = documents.cleaned(content)
        else:
            from services.intake.files import pictures  # noqa: PLC0415

            preview, whole = pictures.cleaned(content, kind)
    except UncleanError as error:
        sys.stdout.write(error.why)
        return UNCLEAN
    head = json.dumps({"kind": kind, "preview": len(preview)}).encode()
    sys.stdout.buffer.write(b"\n".join((head, preview + whole)))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
