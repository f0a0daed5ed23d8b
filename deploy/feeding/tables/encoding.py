"""In which encoding a file is: told, by its mark, UTF-8, or the usual one of its country."""

import codecs
import unicodedata
from collections.abc import Iterator
from itertools import islice

from charset_normalizer import from_bytes

from deploy.feeding.tables.content import Content
from deploy.given import WrongFileError

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
A_BYTE_A_SIGN = "latin-1"
LONGEST_SAMPLE = 64 * 1024
LINES_OF_A_SAMPLE = 2_000
CANDIDATES = [
    *("cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258"),
    *("cp874", "cp932", "gb18030", "cp949", "big5", "koi8_r", "iso8859_2", "cp850", "cp866"),
    *("iso8859_7", "iso8859_13", "iso8859_15"),
]
SIBLINGS = {
    "cp1250": "iso8859_2",
    "cp1253": "iso8859_7",
    "cp1257": "iso8859_13",
}
"""Alike for most letters; where the older one has letters, the newer one has other signs."""

USUAL = {
    "cp1250": "Belgrade Bratislava Bucharest Budapest Ljubljana Podgorica Prague Sarajevo Tirane"
    " Warsaw Zagreb",
    "cp1251": "Almaty Bishkek Chisinau Kiev Kyiv Minsk Moscow Novosibirsk Omsk Samara Skopje Sofia"
    " Ulaanbaatar Vladivostok Volgograd Yekaterinburg",
    "cp1253": "Athens Nicosia",
    "cp1254": "Baku Istanbul",
    "cp1255": "Jerusalem Tel_Aviv",
    "cp1256": "Aden Algiers Amman Baghdad Bahrain Beirut Cairo Casablanca Damascus Dubai Karachi"
    " Khartoum Kuwait Muscat Qatar Riyadh Tehran Tripoli Tunis",
    "cp1257": "Riga Tallinn Vilnius",
    "cp1258": "Ho_Chi_Minh Saigon",
    "cp874": "Bangkok",
    "cp932": "Tokyo",
    "cp949": "Pyongyang Seoul",
    "gb18030": "Chongqing Shanghai Urumqi",
    "big5": "Hong_Kong Macau Taipei",
}
"""What programs there used before UTF-8, by the towns that time zones are named for."""

ELSEWHERE = "cp1252"
ANGLE_QUOTES = b"\xab\xbb"
"""Or two letters of the older sibling, and then there are others."""


def encoding_of(content: Content, zone: str) -> str:
    """Raises WrongFileError, with what its texts would be in several, where it can't be known."""
    if sure := _sure(content):
        return sure
    good, bad, sample = _looked_through(content)
    if bad <= good:
        return "utf-8"
    return _guessed(content, zone, sample)


def _sure(content: Content) -> str:
    """By its mark, or the zeros of a text in two bytes; else empty."""
    with content.open() as file:
        head = file.read(4_096)
    for mark, encoding in MARKS:
        if head.startswith(mark):
            return encoding
    if head.count(0) > len(head) // 4:
        return "utf-16-le" if head[1::2].count(0) > head[::2].count(0) else "utf-16-be"
    return ""


def look_for_utf_8(content: Content, zone: str) -> None:
    """Raises WrongFileError where the mapping says so, and it is something else throughout: single
    wrong lines are told as rows."""
    sure = _sure(content)
    good, bad, sample = _looked_through(content)
    if bad > good or sure not in ("", "utf-8-sig"):
        told = f'it is "{sure}"' if sure else _instead(zone, sample)
        raise WrongFileError(
            f"{content.path}{_first_wrong(content)} is no UTF-8, and the mapping says that the file"
            f" is; {told}"
        )


def _first_wrong(content: Content) -> str:
    for number, line in enumerate(_lines(content), 1):
        try:
            line.decode()
        except UnicodeDecodeError as error:
            return f", line {number}: its byte {error.start + 1} (0x{line[error.start]:02X})"
    return ""


def _instead(zone: str, sample: bytes) -> str:
    fitting = _fitting(sample)
    if not fitting:
        return "leave encoding out, or say what it is"
    usual = usual_in(zone)
    said = usual if usual in fitting else next(iter(fitting))
    told = {said: fitting[said]} | fitting
    lines = "\n  ".join(f"{name}: {line}" for name, line in _told(told))
    return f'"{said}" fits, or leave encoding out. A line of it would be\n  {lines}'


def _fitting(sample: bytes) -> dict[str, str]:
    """Its text in each encoding in which it looks like one."""
    matches = from_bytes(sample, cp_isolation=CANDIDATES)
    return {name: str(match) for match in matches for name in match.could_be_from_charset}


def _looked_through(content: Content) -> tuple[int, int, bytes]:
    """How many lines with other signs than ASCII's are UTF-8, and how many not; some of these."""
    good, bad, sample = 0, 0, bytearray()
    for line in _lines(content):
        if line.isascii():
            continue
        try:
            line.decode()
            good += 1
        except UnicodeDecodeError:
            bad += 1
            if bad < LINES_OF_A_SAMPLE and _has_room(sample, line):
                sample += line
    return good, bad, bytes(sample)


def _lines(content: Content) -> Iterator[bytes]:
    """As bytes, none larger than any row should be."""
    return (line.encode(A_BYTE_A_SIGN) for line in content.lines(A_BYTE_A_SIGN))


def _has_room(sample: bytearray, line: bytes) -> bool:
    """For whole lines only: a sign may have several bytes."""
    return not sample or len(sample) + len(line) <= LONGEST_SAMPLE


def usual_in(zone: str) -> str:
    town = zone.rpartition("/")[2]
    return next((code for code, towns in USUAL.items() if town in towns.split()), ELSEWHERE)


def _guessed(content: Content, zone: str, sample: bytes) -> str:
    """The usual one of its country, if its texts look like texts in it."""
    fitting = _fitting(sample)
    usual = usual_in(zone)
    if usual in fitting:
        return _by_letters(usual, sample)
    if not fitting:
        raise WrongFileError(
            f"{content.path} is no text in an encoding that is known here; if it is one, say in the"
            ' mapping what it is, as encoding = "cp1252" under [file]'
        )
    lines = "\n  ".join(f"{name}: {line}" for name, line in _told(fitting))
    raise WrongFileError(
        f"{content.path} is no text in UTF-8. Say in the mapping what it is, as"
        f' encoding = "{next(iter(fitting))}" under [file]. A line of it would be\n  {lines}'
    )


def _by_letters(usual: str, sample: bytes) -> str:
    """The usual one, or its older sibling if more of the same bytes are letters in that."""
    older = SIBLINGS.get(usual, usual)
    unquoted = sample.translate(None, ANGLE_QUOTES)
    newer_text, older_text = (unquoted.decode(name, "replace") for name in (usual, older))
    if any(unicodedata.category(sign) == "Cc" for sign in older_text if sign not in "\t\r\n"):
        return usual
    letters = [sum(map(str.isalpha, text)) for text in (newer_text, older_text)]
    return older if letters[1] > letters[0] else usual


def _told(fitting: dict[str, str]) -> Iterator[tuple[str, str]]:
    for name, text in islice(fitting.items(), 4):
        line = next(line for line in text.splitlines() if not line.isascii())
        yield name, "".join(sign for sign in line[:100] if sign.isprintable())
