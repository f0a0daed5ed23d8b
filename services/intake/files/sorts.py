"""What a file is, by its first bytes: never by its name or by what its sender says."""

from shared.contracts.attachment import FileKind

JPEG, PNG, PDF = b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"%PDF-"
ISO_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif", b"avis")
BRAND_AT = slice(8, 12)


class UncleanError(Exception):
    """It can't be cleaned; `why` is one of the reasons in `reasons.py`, `is_slow` if it took all
    the time that there is for one."""

    def __init__(self, why: str, *, is_slow: bool = False) -> None:
        super().__init__(why)
        self.why, self.is_slow = why, is_slow


def kind_of(content: bytes) -> FileKind:
    """Raises UncleanError."""
    if content.startswith(JPEG):
        return "jpeg"
    if content.startswith(PNG):
        return "png"
    if content.startswith(b"RIFF") and content[BRAND_AT] == b"WEBP":
        return "webp"
    if content.startswith(PDF):
        return "pdf"
    if content.startswith((b"GIF87a", b"GIF89a")):
        raise UncleanError("gif")
    if content[4:8] == b"ftyp" and content[BRAND_AT] in ISO_BRANDS:
        raise UncleanError("heic")
    raise UncleanError("unknown")
