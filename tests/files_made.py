"""Photographs and documents as strangers send them, with marks in all that has to go."""

import io
import struct
import zlib

from PIL import Image
from PIL.PngImagePlugin import PngInfo
from pypdf import PdfWriter
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    TextStringObject,
)

MARK = b"MARKED-Ada-Lovelace-7"
SAID = MARK.decode()


def photograph(size: tuple[int, int] = (320, 240), kind: str = "JPEG", turned: int = 6) -> bytes:
    """Taken somewhere, by a camera with a name, and held upright: wider than high as stored."""
    picture = Image.effect_noise(size, 40).convert("RGB")
    picture.paste((200, 30, 30), (0, 0, size[0] // 4, size[1] // 4))
    exif = Image.Exif()
    exif[0x010F], exif[0x0110], exif[0x0112], exif[0x9286] = SAID, SAID, turned, SAID
    where = exif.get_ifd(0x8825)
    where[1], where[2], where[3], where[4] = "N", (42.0, 21.0, 30.5), "W", (71.0, 3.0, 1.5)
    where[29] = SAID
    out = io.BytesIO()
    more = {"comment": MARK} if kind == "JPEG" else {}
    if kind == "PNG":
        about = PngInfo()
        about.add_text("Author", SAID)
        about.add_itxt("XML:com.adobe.xmp", f"<x>{SAID}</x>")
        more = {"pnginfo": about}
    xmp = {} if kind == "PNG" else {"xmp": b"<x>" + MARK + b"</x>"}
    picture.save(out, kind, exif=exif, **more, **xmp)
    return out.getvalue()


def bomb(side: int = 15_000) -> bytes:
    """A PNG of a few KB that says it has 225 million dots."""

    def piece(name: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    body = zlib.compress(bytes(100 * (1 + 3 * side)))
    return b"\x89PNG\r\n\x1a\n" + piece(b"IHDR", head) + piece(b"IDAT", body) + piece(b"IEND", b"")


def document(*, locked: bool = False) -> bytes:
    """One page that says something, and all that a page needs not have."""
    writer = PdfWriter()
    page = writer.add_blank_page(300, 200)
    said = DecodedStreamObject()
    said.set_data(b"BT /F1 24 Tf 40 100 Td (The lamp is out) Tj ET q 50 0 0 50 20 20 cm /Im1 Do Q")
    page[NameObject("/Contents")] = writer._add_object(said)
    font = DictionaryObject()
    for name, value in (("/Type", "/Font"), ("/Subtype", "/Type1"), ("/BaseFont", "/Helvetica")):
        font[NameObject(name)] = NameObject(value)
    picture = DecodedStreamObject()
    picture._data = photograph((64, 48))
    for name, value in (
        ("/Type", "/XObject"),
        ("/Subtype", "/Image"),
        ("/Filter", "/DCTDecode"),
        ("/ColorSpace", "/DeviceRGB"),
    ):
        picture[NameObject(name)] = NameObject(value)
    for name, number in (("/Width", 64), ("/Height", 48), ("/BitsPerComponent", 8)):
        picture[NameObject(name)] = NumberObject(number)
    xmp = DecodedStreamObject()
    xmp.set_data(b"<x>" + MARK + b"</x>")
    picture[NameObject("/Metadata")] = writer._add_object(xmp)
    resources = DictionaryObject()
    resources[NameObject("/Font")] = DictionaryObject({NameObject("/F1"): writer._add_object(font)})
    resources[NameObject("/XObject")] = DictionaryObject(
        {NameObject("/Im1"): writer._add_object(picture)}
    )
    page[NameObject("/Resources")] = resources
    page[NameObject("/PieceInfo")] = DictionaryObject({NameObject("/App"): TextStringObject(SAID)})
    note = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Annot"),
            NameObject("/Subtype"): NameObject("/Text"),
            NameObject("/T"): TextStringObject(SAID),
            NameObject("/Contents"): TextStringObject(SAID),
        }
    )
    page[NameObject("/Annots")] = ArrayObject([writer._add_object(note)])
    writer.add_metadata({"/Author": SAID, "/Title": SAID})
    action = DictionaryObject()
    action[NameObject("/S")] = NameObject("/JavaScript")
    action[NameObject("/JS")] = TextStringObject(f"app.alert('{SAID}')")
    root = writer._root_object
    root[NameObject("/OpenAction")] = writer._add_object(action)
    page[NameObject("/AA")] = DictionaryObject({NameObject("/O"): action})
    writer.add_attachment("secret.txt", MARK)
    writer.add_outline_item(title=SAID, page_number=0)
    if locked:
        writer.encrypt("secret")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
