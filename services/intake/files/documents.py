"""Makes a PDF anew from its pages alone: no scripts, files or forms in it, no word of who made it.

What it can't be sure of it refuses.
"""

import io
import re
from typing import Any

from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    IndirectObject,
    NameObject,
    StreamObject,
)

from services.intake.files.sorts import UncleanError

MOST_PAGES, MOST_OBJECTS = 200, 50_000
OF_A_PAGE = {
    "/Type", "/Parent", "/Resources", "/MediaBox", "/CropBox", "/Rotate", "/Contents", "/Group",
    "/UserUnit",
}  # fmt: skip
GOES = {
    "/Metadata", "/PieceInfo", "/AF", "/AA", "/OpenAction", "/JS", "/JavaScript", "/EmbeddedFiles",
    "/EF", "/Annots", "/LastModified", "/Thumb", "/OPI", "/Measure", "/PtData", "/StructParents",
    "/StructParent", "/Ref", "/Alternates", "/URI", "/Launch",
}  # fmt: skip
"""From whatever has it: dictionaries of resources have no names such as these in good files."""

NEVER = re.compile(
    rb"/(Metadata|JavaScript|JS|EmbeddedFiles?|EF|OpenAction|AA|Launch|AcroForm|XFA|RichMedia|PieceInfo"
    rb"|URI|SubmitForm|ImportData|GoToR|GoToE|Filespec|Annots)\b"
)
SOI, EOI, START_OF_SCAN, ADOBE, COMMENT = b"\xff\xd8", b"\xff\xd9", 0xDA, 0xEE, 0xFE
APPLICATION = range(0xE0, 0xF0)
BARE = (0x01, *range(0xD0, 0xD8))
END_OF_DOTS = re.compile(rb"\xff+[^\x00\xff\xd0-\xd7]")
"""What comes after the dots of a scan; what they are packed in has no such bytes."""

AS_JPEG, AS_JPEG_2000 = ("/DCTDecode", "/DCT"), "/JPXDecode"


def cleaned(content: bytes) -> bytes:
    """Raises UncleanError."""
    try:
        reader = PdfReader(io.BytesIO(content), strict=False)
        if reader.is_encrypted:
            raise UncleanError("locked")  # noqa: TRY301
        if not 0 < len(reader.pages) <= MOST_PAGES:
            raise UncleanError("pages")  # noqa: TRY301
        return _made_anew(reader)
    except UncleanError:
        raise
    except MemoryError:
        raise UncleanError("document") from None
    except Exception:  # noqa: BLE001  what it raises over a stranger's bytes is not written down
        raise UncleanError("document") from None


def _made_anew(reader: PdfReader) -> bytes:
    pages = []
    for page in reader.pages:
        found = {
            each: page[each] for each in ("/MediaBox", "/CropBox", "/Resources") if each in page
        }
        for key in [each for each in page if each not in OF_A_PAGE]:
            del page[key]
        for key, value in found.items():  # a page may have them from the one above it
            page[NameObject(key)] = value
        pages.append(page)
    writer = PdfWriter()
    for page in pages:
        writer.add_page(page)
    seen = set[int]()
    for page in writer.pages:
        _scrub(page, seen)
    writer.metadata = None
    root: Any = writer._root_object  # noqa: SLF001  there is no other way to it
    for key in [each for each in root if each not in ("/Type", "/Pages")]:
        del root[key]
    writer.compress_identical_objects(remove_duplicates=False, remove_unreferenced=True)
    out = io.BytesIO()
    writer.write(out)
    return _looked_through(out.getvalue())


def _scrub(found: Any, seen: set[int]) -> None:
    """All that can be reached from a page, each once."""
    waiting = [found]
    while waiting:
        one = waiting.pop()
        one = one.get_object() if isinstance(one, IndirectObject) else one
        if id(one) in seen or not isinstance(one, ArrayObject | DictionaryObject):
            continue
        seen.add(id(one))
        if len(seen) > MOST_OBJECTS:
            raise UncleanError("document")
        if isinstance(one, ArrayObject):
            waiting += one
            continue
        for key in [each for each in one if each in GOES]:
            del one[key]
        if isinstance(one, StreamObject):
            _scrub_stream(one)
        waiting += [value for key, value in one.items() if key != "/Parent"]


def _scrub_stream(stream: StreamObject) -> None:
    """Photographs in it say where they were taken, as others do."""
    said: Any = stream["/Filter"] if "/Filter" in stream else []  # noqa: SIM401  get looks no further
    names = [said] if isinstance(said, NameObject) else [each.get_object() for each in said]
    is_jpeg = any(each in AS_JPEG for each in names)
    if AS_JPEG_2000 in names or (is_jpeg and len(names) > 1):
        raise UncleanError("document")
    if is_jpeg:
        stream._data = without_words(stream._data)  # noqa: SLF001  as it stands, not unpacked


def without_words(jpeg: bytes) -> bytes:
    """A JPEG without what is said beside its dots, and nothing of what hangs on its end: telephones
    put a film there, or a second picture that says again where it was. Raises UncleanError."""
    if not jpeg.startswith(SOI):
        raise UncleanError("document")
    kept, at, has_dots = [SOI], len(SOI), False
    while at + 4 <= len(jpeg):
        marker = jpeg[at + 1]
        if jpeg[at] != 0xFF:  # noqa: PLR2004
            break
        if marker == 0xFF or marker in BARE:  # noqa: PLR2004
            at += 1 if marker == 0xFF else 2  # noqa: PLR2004
            continue
        if jpeg.startswith(EOI, at):
            break
        after = at + 2 + int.from_bytes(jpeg[at + 2 : at + 4], "big")
        if marker == START_OF_SCAN:
            end = END_OF_DOTS.search(jpeg, after)
            after, has_dots = end.start() if end else len(jpeg), True
        if marker == ADOBE or marker not in (*APPLICATION, COMMENT):
            kept.append(jpeg[at:after])
        at = after
    if not has_dots:
        raise UncleanError("document")
    return b"".join([*kept, EOI])


def _looked_through(made: bytes) -> bytes:
    """Beside what is packed, which is drawn and nothing else."""
    outside = re.sub(rb"(?s)\bstream\r?\n.*?\bendstream\b", b"", made)
    if NEVER.search(outside) or b"/ObjStm" in outside:
        raise UncleanError("document")
    return made
