"""What strangers send as pictures and documents: what is left of it, and what is refused."""

import io
import zipfile
import zlib
from pathlib import Path

import pytest
from files_made import MARK, bomb, document, photograph
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    EncodedStreamObject,
    NameObject,
    StreamObject,
)

from services.intake.files import documents, program
from services.intake.files.cleaning import MOST_BYTES, Cleaner
from services.intake.files.documents import without_words
from services.intake.files.reasons import REASONS
from services.intake.files.sorts import UncleanError


async def refused(content: bytes) -> str:
    with pytest.raises(UncleanError) as told:
        await Cleaner().clean(content)
    assert told.value.why in REASONS
    return told.value.why


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
async def test_a_photograph_says_no_more_where_and_by_whom_it_was_taken(kind: str) -> None:
    sent = photograph(kind=kind)
    assert MARK in sent
    cleaned = await Cleaner().clean(sent)
    assert cleaned.kind == kind.lower()
    for made in (cleaned.whole, cleaned.preview):
        for word in (MARK, b"Exif", b"GPS", b"http", b"xmp", b"eXIf", b"tEXt", b"iTXt"):
            assert word not in made, word
        picture = Image.open(io.BytesIO(made))
        assert not picture.getexif()
        assert picture.size == (240, 320), "it stands upright, as it was held"
        red = picture.convert("RGB").getpixel((235, 5))
        assert red[0] > 150 > red[1], "and its corner is where it was seen"


async def test_of_a_large_photograph_there_is_a_small_one_to_look_at() -> None:
    cleaned = await Cleaner().clean(photograph((2600, 2000)))
    assert max(Image.open(io.BytesIO(cleaned.preview)).size) == 1280
    assert Image.open(io.BytesIO(cleaned.whole)).size == (2000, 2600)


async def test_what_hangs_on_a_picture_is_gone() -> None:
    """A file that is a picture from its beginning and an archive, or a page, from its end."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("run.js", MARK * 10)
    page = b"<script>" + MARK + b"</script>"
    for more in (held.getvalue(), page, document()):
        cleaned = await Cleaner().clean(photograph() + more)
        assert MARK not in cleaned.whole
        assert not zipfile.is_zipfile(io.BytesIO(cleaned.whole))
        assert b"%PDF" not in cleaned.whole


async def test_what_a_picture_can_be_seen_through_stays() -> None:
    glass, out = Image.new("RGBA", (40, 30), (0, 0, 255, 0)), io.BytesIO()
    glass.save(out, "PNG")
    cleaned = await Cleaner().clean(out.getvalue())
    assert Image.open(io.BytesIO(cleaned.whole)).getpixel((5, 5))[3] == 0
    assert Image.open(io.BytesIO(cleaned.preview)).getpixel((5, 5)) == (255, 255, 255)


async def test_what_was_wiped_away_in_a_picture_is_gone() -> None:
    for kind in ("PNG", "WEBP"):
        wiped, out = Image.new("RGBA", (40, 30), (200, 30, 30, 255)), io.BytesIO()
        wiped.paste((200, 30, 30, 0), (0, 0, 20, 30))
        wiped.save(out, kind, lossless=True, exact=True)
        made = Image.open(io.BytesIO((await Cleaner().clean(out.getvalue())).whole)).convert("RGBA")
        assert made.getpixel((5, 5))[0] < 30
        assert made.getpixel((35, 5))[0] > 150


def moving(kind: str) -> bytes:
    out = io.BytesIO()
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "blue")]
    frames[0].save(out, kind, save_all=True, append_images=frames[1:])
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "unknown"),
        (b"MZ\x90\x00", "unknown"),
        (b"<html><script>alert(1)</script>", "unknown"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "unknown"),
        (b" %PDF-1.7", "unknown"),
        (b"GIF89a\x01\x00\x01\x00", "gif"),
        (b"\x00\x00\x00\x18ftypheic\x00\x00", "heic"),
        (photograph()[:1500], "damaged"),
        (photograph(kind="PNG")[:1500], "damaged"),
        (b"\xff\xd8\xff" + b"\x00" * 5000, "damaged"),
        (b"\x89PNG\r\n\x1a\n" + photograph(), "damaged"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 " + b"\x00" * 99, "damaged"),
        (moving("PNG"), "moving"),
        (moving("WEBP"), "moving"),
        (b"\xff\xd8\xff" + b"\x00" * (MOST_BYTES - 2), "large"),
        (b"%PDF-1.7\n" + b"junk" * 100, "document"),
        (document(locked=True), "locked"),
        (document()[:900], "document"),
    ],
    ids=range(18),
)
async def test_what_is_not_taken_is_told_why(content: bytes, why: str) -> None:
    assert await refused(content) == why


async def test_few_bytes_that_become_very_many_are_not_unpacked() -> None:
    sent = bomb()
    assert len(sent) < MOST_BYTES / 10
    assert await refused(sent) == "dots"


async def test_a_document_has_its_pages_and_nothing_else() -> None:
    sent = document()
    assert MARK in sent
    cleaned = await Cleaner().clean(sent)
    assert (cleaned.kind, cleaned.preview) == ("pdf", b"")
    made = cleaned.whole
    reader = PdfReader(io.BytesIO(made))
    assert reader.pages[0].extract_text().strip() == "The lamp is out"
    (picture,) = reader.pages[0].images
    assert picture.image is not None
    assert picture.image.size == (64, 48)
    assert not (reader.metadata or {}).get("/Author")
    assert not reader.attachments
    unpacked = [made]
    for number in range(1, 40):
        found = reader.get_object(number)
        if isinstance(found, StreamObject) and found.get("/Filter") != "/DCTDecode":
            unpacked.append(found.get_data())
    for word in (MARK, MARK.decode().encode("utf-16-be"), b"JavaScript", b"EmbeddedFile", b"Annot"):
        assert word not in b"".join(unpacked), word


async def test_a_document_that_unpacks_to_very_much_harms_nobody() -> None:
    """It may be taken, for nothing of it is unpacked, or not; the process that looks has an end."""
    packed = zlib.compress(bytes(100_000_000), 9)
    head = (
        b"%PDF-1.5\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    )
    page = b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>endobj\n"
    stream = b"4 0 obj<</Filter/FlateDecode/Length %d>>stream\n%s\nendstream endobj\n" % (
        len(packed),
        packed,
    )
    whole = head + page + stream + b"trailer<</Root 1 0 R>>\n%%EOF"
    try:
        cleaned = await Cleaner().clean(whole)
    except UncleanError as error:
        assert error.why in REASONS
    else:
        assert len(cleaned.whole) < MOST_BYTES


def test_a_jpeg_in_a_document_keeps_what_its_dots_need() -> None:
    sent = photograph()
    bare = without_words(sent)
    assert MARK not in bare
    assert (
        Image.open(io.BytesIO(bare)).convert("RGB").tobytes()
        == Image.open(io.BytesIO(sent)).convert("RGB").tobytes()
    )


@pytest.mark.parametrize("progressive", [False, True])
def test_what_hangs_on_the_end_of_a_jpeg_in_a_document_is_gone(*, progressive: bool) -> None:
    """A film, or a second picture: each has an end of its own, which is not that of the first."""
    plain, out = Image.open(io.BytesIO(photograph())).convert("RGB"), io.BytesIO()
    plain.save(out, "JPEG", progressive=progressive, restart_marker_blocks=2, comment=MARK)
    bare = without_words(out.getvalue() + photograph() + MARK + b"\xff\xd9")
    assert MARK not in bare
    first = Image.open(io.BytesIO(out.getvalue())).convert("RGB")
    assert Image.open(io.BytesIO(bare)).convert("RGB").tobytes() == first.tobytes()


@pytest.mark.parametrize("how", ["short", "elsewhere", "listed elsewhere"])
def test_a_jpeg_in_a_document_is_known_however_that_is_said(how: str) -> None:
    writer, picture = PdfWriter(), EncodedStreamObject()
    picture._data = photograph()
    name = NameObject("/DCT" if how == "short" else "/DCTDecode")
    said = name if how == "short" else writer._add_object(name)
    filters = ArrayObject([said]) if how.startswith("listed") else said
    picture[NameObject("/Filter")] = filters
    held = DictionaryObject({NameObject("/Im1"): writer._add_object(picture)})
    page = writer.add_blank_page(9, 9)
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/XObject"): held})
    out = io.BytesIO()
    writer.write(out)
    assert MARK in out.getvalue()
    assert MARK not in documents.cleaned(out.getvalue())


async def test_who_cleans_has_none_of_our_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor may it write a file: its program says so of itself before it reads anything."""
    monkeypatch.setenv("TRIBUNE_DIGEST_KEY", "secret")
    assert (await Cleaner().clean(photograph())).kind == "jpeg"
    code = Path(program.__file__).read_text()
    assert code.index("limit()\n    logging.disable") < code.index("sys.stdin.buffer.read()")
