"""Numbers, days and words as a reader of an instance has them."""

from datetime import UTC, date, datetime

import pytest

from shared.web.catalogues import files_of, locale_of, read_catalogue, words_of
from shared.web.language import Language
from shared.web.spoken import spoken

MIDNIGHT = datetime(2030, 10, 9, 22, 30, tzinfo=UTC)


def french(zone: str = "Europe/Paris") -> Language:
    return Language("fr", zone, words_of(read_catalogue(path, "fr") for path in files_of("fr")))


@pytest.mark.parametrize(
    ("language", "day", "time"),
    [
        (Language(), "9 Oct 2030", "22:30 UTC"),
        (Language("en", "America/New_York"), "9 Oct 2030", "18:30 EDT"),
        (Language("en", "Europe/Paris"), "10 Oct 2030", "00:30 CEST"),
        (Language("en-US", "America/New_York"), "Oct 9, 2030", "6:30\u202fPM EDT"),
        (french(), "10 oct. 2030", "00:30 CEST"),
        (Language("pt-BR", "America/Sao_Paulo"), "9 de out. de 2030", "19:30 UTC-03"),
        (Language("ar", "Africa/Cairo"), "10 أكتوبر 2030", "1:30 ص EEST"),
    ],
)
def test_an_instant_has_the_day_and_the_hour_of_the_zone(
    language: Language, day: str, time: str
) -> None:
    assert (language.day(MIDNIGHT), language.time_of_day(MIDNIGHT)) == (day, time)


def test_what_is_a_day_already_stays_the_one_it_is() -> None:
    assert Language("en", "Pacific/Kiritimati").day(date(2030, 10, 9)) == "9 Oct 2030"
    assert Language("en", "America/Adak").day(date(2030, 10, 9)) == "9 Oct 2030"


def test_numbers_are_written_as_the_language_has_them() -> None:
    assert [Language().number(58_251), french().number(58_251)] == ["58,251", "58\u202f251"]
    shares = (0.0, 0.004, 0.042, 0.29, 0.58, 0.994, 0.995, 0.9999, 1.0)
    assert [Language().percent(share) for share in shares] == [
        *("0 %", "under 1 %", "4 %", "29 %", "58 %"),
        *("99 %", "over 99 %", "over 99 %", "100 %"),
    ]
    assert french().percent(0.9999) == "plus de 99\u00a0%"
    assert french().percent(0.004) == "moins de 1\u00a0%"


def test_what_is_counted_has_the_form_of_its_number() -> None:
    said = ("%(num)s day", "%(num)s days")
    assert [Language().ngettext(*said, n) for n in (0, 1, 2)] == ["0 days", "1 day", "2 days"]
    assert [french().ngettext(*said, n) for n in (0, 1, 2)] == ["0 jour", "1 jour", "2 jours"]


def test_a_word_with_several_meanings_is_said_by_what_is_meant() -> None:
    assert french().pgettext("members", "Qualified") == "Qualifiés"
    assert french().gettext("Qualified") == "Qualifié"


def test_a_zone_is_known_by_its_city() -> None:
    assert french().city == "Paris"
    assert Language("ar", "Africa/Cairo").city == "القاهرة"
    assert {Language("en", zone).city for zone in ("UTC", "Etc/UTC", "Zulu")} == {""}
    assert Language("en", "Europe/London").city == "London"


def test_a_language_knows_which_way_it_is_read() -> None:
    tags = ("en", "fr", "ar", "he", "fa")
    assert [Language(tag).direction for tag in tags] == ["ltr", "ltr", "rtl", "rtl", "rtl"]


def test_in_a_page_words_and_values_are_text_and_markup_comes_by_values_alone() -> None:
    say = spoken(Language())
    bold = say["_"]("<b> & %(what)s", what="<i>")
    assert bold == "&lt;b&gt; &amp; &lt;i&gt;"
    assert say["_"]("so %(bold)s", bold=bold) == f"so {bold}"
    assert say["_"]("100 % of %(what)s", what="it") == "100 % of it"
    assert say["ngettext"]("%(num)s < %(x)s", "%(num)s > %(x)s", 2_000, x=1) == "2,000 &gt; 1"


@pytest.mark.parametrize("tag", ["xx", "german", "en-us", "../fr", "", "fr-XX", "de-", "DE"])
def test_what_is_no_language_is_none(tag: str) -> None:
    assert locale_of(tag) is None


@pytest.mark.parametrize("tag", ["en", "fr", "fr-CA", "zh-Hant-TW", "zh-TW", "sr-Latn", "es-419"])
def test_what_is_a_language_is_one(tag: str) -> None:
    assert locale_of(tag) is not None
