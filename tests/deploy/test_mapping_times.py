"""Times as files write them: offsets, days, ends of days, names of months, digits of any script."""

import unicodedata
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

import pytest

from shared.mapping.times import Times, fitting

BERLIN = ZoneInfo("Europe/Berlin")
MONTHS = ("janvier", "février", "mars", "avril", "mai", "juin")
MORE = ("juillet", "août", "septembre", "octobre", "novembre", "décembre")


def in_digits_from(zero: int, text: str) -> str:
    """As Arabic or Persian writes them."""
    return "".join(chr(zero + int(sign)) if sign.isdecimal() else sign for sign in text)


def read(text: str, *formats: str, **options: object) -> str:
    times = Times(BERLIN, formats or ("iso",), **options)  # type: ignore[arg-type]
    moment = times.read(text)
    return f"{moment.at.isoformat()}{' day' if moment.is_day else ''}"


@pytest.mark.parametrize(
    ("text", "formats", "expected"),
    [
        ("2031-07-01 10:00:00", (), "2031-07-01T08:00:00+00:00"),
        ("2031-01-01 10:00:00", (), "2031-01-01T09:00:00+00:00"),
        ("2031-07-01T10:00:00Z", (), "2031-07-01T10:00:00+00:00"),
        ("2031-07-01T10:00:00-05:00", (), "2031-07-01T15:00:00+00:00"),
        ("2031-07-01T10:00:00.250+05:30", (), "2031-07-01T04:30:00.250000+00:00"),
        ("2031-07-01", (), "2031-06-30T22:00:00+00:00 day"),
        ("20310701", (), "2031-06-30T22:00:00+00:00 day"),
        ("01.07.2031 10:00", ("%d.%m.%Y %H:%M",), "2031-07-01T08:00:00+00:00"),
        ("1.7.2031", ("%d.%m.%Y %H:%M", "%d.%m.%Y"), "2031-06-30T22:00:00+00:00 day"),
        ("03/04/2031 01:00:00 PM", ("%m/%d/%Y %I:%M:%S %p",), "2031-03-04T12:00:00+00:00"),
        ("03/04/2031 +0900", ("%d/%m/%Y %z",), "2031-04-02T15:00:00+00:00 day"),
        ("2031-07-01", ("%d.%m.%Y", "iso"), "2031-06-30T22:00:00+00:00 day"),
        ("1925000000", ("unix",), "2031-01-01T02:13:20+00:00"),
        ("1925000000500", ("unix_ms",), "2031-01-01T02:13:20.500000+00:00"),
        (in_digits_from(0x660, "01/07/2031"), ("%d/%m/%Y",), "2031-06-30T22:00:00+00:00 day"),
        (in_digits_from(0x6F0, "2031-07-01"), (), "2031-06-30T22:00:00+00:00 day"),
    ],
)
def test_a_time_keeps_its_own_offset_and_others_are_of_the_zone(
    text: str, formats: tuple[str, ...], expected: str
) -> None:
    assert read(text, *formats) == expected


def test_months_have_names_of_any_language() -> None:
    months = {"months": (*MONTHS, *MORE)}
    assert read("1 Août 2031", "%d %B %Y", **months) == "2031-07-31T22:00:00+00:00 day"
    assert read("1 aug 2031", "%d %b %Y") == "2031-07-31T22:00:00+00:00 day"


HINDI = [
    "जनवरी",
    "फ़रवरी",
    "मार्च",
    "अप्रैल",
    "मई",
    "जून",
    "जुलाई",
    "अगस्त",
    "सितंबर",
    "अक्टूबर",
    "नवंबर",
    "दिसंबर",
]
SHORT = [
    "janv.",
    "févr.",
    "mars",
    "avr.",
    "mai",
    "juin",
    "juil.",
    "août",
    "sept.",
    "oct.",
    "nov.",
    "déc.",
]


@pytest.mark.parametrize("names", [HINDI, SHORT])
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_months_are_found_whatever_signs_their_names_are_made_of(
    names: list[str], form: Literal["NFC", "NFD"]
) -> None:
    for number, name in enumerate(names, 1):
        written = unicodedata.normalize(form, f"15 {name} 2031")
        assert read(written, "%d %B %Y", months=names).startswith(f"2031-{number:02}-14T2")


def test_midnight_is_midnight_there_whatever_offset_is_written() -> None:
    assert not read("2031-07-01T00:00:00Z", midnight_is_day=True).endswith("day")
    assert read("2031-06-30T22:00:00Z", midnight_is_day=True).endswith("day")


def test_a_day_whose_last_hour_comes_twice_ends_with_the_second_one() -> None:
    there = Times(ZoneInfo("Africa/Cairo"))
    ends = there.end_of(there.read("2026-10-29"))
    assert ends == datetime.fromisoformat("2026-10-29T21:59:59+00:00")


def test_midnight_is_a_day_only_where_that_is_said() -> None:
    assert not read("2031-07-01 00:00:00").endswith("day")
    assert read("2031-07-01 00:00:00", midnight_is_day=True).endswith("day")


@pytest.mark.parametrize(
    ("text", "form", "expected"),
    [
        ("01112031", "%d%m%Y", "2031-10-31"),
        ("1112031", "%d%m%Y", ""),
        ("112031", "%d%m%Y", ""),
        ("20311101", "%Y%m%d", "2031-10-31"),
        ("2031111", "%Y%m%d", ""),
        ("1/11/2031 0915", "%d/%m/%Y %H%M", "2031-11-01"),
        ("1/11/2031 915", "%d/%m/%Y %H%M", ""),
        ("0915 1/11/2031", "%H%M %d/%m/%Y", "2031-11-01"),
        ("915 1/11/2031", "%H%M %d/%m/%Y", ""),
        ("311101T0915", "%y%m%dT%H%M", "2031-11-01"),
        ("20311101091500.25", "%Y%m%d%H%M%S.%f", "2031-11-01"),
        ("2031110109150025", "%Y%m%d%H%M%S%f", "2031-11-01"),
        ("1nov2031", "%d%b%Y", "2031-10-31"),
        ("1.11.2031", "%d.%m.%Y", "2031-10-31"),
    ],
)
def test_digits_that_may_be_read_in_several_ways_are_no_time(
    text: str, form: str, expected: str
) -> None:
    if expected:
        assert read(text, form).startswith(expected)
        return
    with pytest.raises(ValueError, match="is no time"):
        read(text, form)


def test_a_month_s_name_between_digits_is_none_of_them() -> None:
    """The eleventh of January would be the first of November."""
    months = {"months": (*MONTHS, *MORE)}
    assert read("1novembre2031", "%d%B%Y", **months).startswith("2031-10-31")
    assert read("11janvier2031", "%d%B%Y", **months).startswith("2031-01-10")


@pytest.mark.parametrize("text", ["", "soon", "2031-02-30", "1531-01-01", "3031-01-01", "9" * 40])
def test_what_is_no_time_is_none(text: str) -> None:
    for form in ("iso", "unix", "%d.%m.%Y"):
        with pytest.raises(ValueError, match=f"is no time \\({form}\\)"):
            Times(BERLIN, [form]).read(text)


@pytest.mark.parametrize(
    ("day", "days", "expected"),
    [
        ("2031-07-01", 0, "2031-07-01T21:59:59+00:00"),
        ("2031-07-01 23:59:59", 0, "2031-07-01T21:59:59+00:00"),
        ("2031-03-29", 1, "2031-03-30T21:59:59+00:00"),
        ("2031-10-25 10:00", 1, "2031-10-26T22:59:59+00:00"),
        ("2031-12-31T23:30:00Z", 30, "2031-01-31T22:59:59+00:00".replace("2031", "2032")),
    ],
)
def test_a_day_ends_with_its_last_second_there(day: str, days: int, expected: str) -> None:
    """Also where the clock was put forward or back in between."""
    times = Times(BERLIN)
    assert times.end_of(times.read(day), days) == datetime.fromisoformat(expected)


@pytest.mark.parametrize(
    "text", ["2031-07-01+02:00", "2031-07-01-05:00", "2031070110", "20310701123", "20310701+0200"]
)
def test_what_stands_behind_a_day_is_no_time_by_chance(text: str) -> None:
    """Python's own reader takes the offset for the hour, and passes over digits."""
    with pytest.raises(ValueError, match="is no time"):
        read(text)
    assert "iso" not in fitting(text)


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("2031-07-01+09:00", "2031-07-01T14:59:59+00:00"),
        ("2031-07-01Z", "2031-07-01T23:59:59+00:00"),
        ("2031-07-01-05:00", "2031-07-02T04:59:59+00:00"),
    ],
)
def test_a_day_with_an_offset_of_its_own_ends_there(text: str, ends: str) -> None:
    (form,) = fitting(text)
    times = Times(BERLIN, [form])
    assert times.end_of(times.read(text)) == datetime.fromisoformat(ends)


def test_which_format_may_be_meant_is_told_and_never_guessed() -> None:
    assert fitting("31/12/2031") == ["%d/%m/%Y"]
    assert fitting("03/04/2031 10:00") == ["%d/%m/%Y %H:%M", "%m/%d/%Y %H:%M"]
    assert fitting("2031-07-01 10:00") == ["iso"]
    assert fitting("soon") == []
