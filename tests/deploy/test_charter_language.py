"""The language and the time zone of a charter, and the words that it brings along."""

import json
from pathlib import Path

import pytest
from charters import OWN, copied, told
from typer.testing import CliRunner

from deploy.cli import app
from shared.runtime.charter import Examined, examine, read_charter
from shared.web.catalogue_check import lacking
from shared.web.catalogues import Words, files_of, read_catalogue

ALL = len(lacking(Words()))
REPORT = 'msgid "Report"\nmsgstr "Meldung"\n'


def speaking(folder: Path, tag: str, zone: str = "Europe/Berlin") -> Path:
    directory = copied(folder)
    body = f'name = "x"\nlanguage = "{tag}"\nzone = "{zone}"\n'
    (directory / "body.toml").write_text(body)
    (directory / "words").mkdir()
    return directory


def warned(examined: Examined) -> list[str]:
    return [str(found) for found in examined.warnings]


def test_a_charter_that_says_nothing_is_english_and_in_utc(tmp_path: Path) -> None:
    directory = copied(tmp_path)
    (directory / "body.toml").write_text('name = "x"\n')
    language = read_charter(directory).language
    assert (language.tag, language.zone.key) == ("en", "UTC")
    assert read_charter(OWN).language.zone.key == "America/New_York"


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("language", '"german"', 'must be a language, such as "fr" or "pt-BR", and is "german"'),
        ("language", '"../fr"', "must be a language"),
        ("language", "5", "must be a text in quotes, and is 5"),
        ("zone", '"europe/paris"', """IANA's list, perhaps "Europe/Paris", and is "europe/paris"""),
        ("zone", '"paris"', """IANA's list, perhaps "Europe/Paris", and is "paris"""),
        ("zone", '"Boston"', """IANA's list, such as "Europe/Paris", and is "Boston"""),
        ("zone", '"America"', "must be a time zone"),
        ("zone", '"../../etc/passwd"', "must be a time zone"),
    ],
)
def test_an_unknown_language_or_zone_is_told_with_its_line(
    tmp_path: Path, key: str, value: str, words: str
) -> None:
    directory = copied(tmp_path)
    (directory / "body.toml").write_text(f'name = "x"\n# a remark\n{key} = {value}\n')
    (problem,) = told(examine(directory))
    assert problem.startswith(f'body.toml, line 3: "{key}" ')
    assert words in problem


def test_a_language_without_words_is_told_with_what_there_is(tmp_path: Path) -> None:
    (problem,) = told(examine(speaking(tmp_path, "de")))
    assert problem == (
        'body.toml, line 2: there are no words for "de"; there are en, fr. They stand in'
        " words/de.po beside this file: `tribune charter words de DIR` begins one, with the"
        " charter's folder for DIR"
    )


def test_one_file_adds_a_language_and_what_it_lacks_is_told(tmp_path: Path) -> None:
    directory = speaking(tmp_path, "de")
    (directory / "words" / "de.po").write_text(REPORT)
    found = examine(directory)
    assert found.charter is not None
    said = [found.charter.language.gettext(text) for text in ("Report", "Places")]
    assert said == ["Meldung", "Places"]
    (warning,) = warned(found)
    assert warning.startswith(
        f'body.toml, line 2: "de" lacks {ALL - 1:,} texts, which are said in English: "'
    )
    assert warning.endswith(", …")


def test_an_instance_may_say_some_words_otherwise(tmp_path: Path) -> None:
    directory = speaking(tmp_path, "fr-CA")
    (directory / "words" / "fr-CA.po").write_text(REPORT.replace("Meldung", "Plainte"))
    (directory / "words" / "fr.po").write_text(
        'msgid "Report"\nmsgstr "x"\n\nmsgid "Places"\nmsgstr "Endroits"\n'
    )
    found = examine(directory)
    assert found.charter is not None
    assert warned(found) == []
    language = found.charter.language
    assert [language.gettext(text) for text in ("Report", "Places", "Check")] == [
        *("Plainte", "Endroits", "Contrôle")
    ]
    (directory / "body.toml").write_text('name = "x"\nlanguage = "en"\n')
    (directory / "words" / "en.po").write_text(REPORT.replace("Meldung", "Complaint"))
    assert read_charter(directory).language.gettext("Report") == "Complaint"


def test_the_root_of_all_places_is_said_in_the_language(tmp_path: Path) -> None:
    directory = speaking(tmp_path, "fr")
    assert read_charter(directory).places["everywhere"] == "Partout"
    (directory / "places.toml").write_text('"everywhere" = "The union"\n')
    assert read_charter(directory).places["everywhere"] == "The union"


def test_what_is_wrong_in_a_catalogue_is_told_by_file_and_line(tmp_path: Path) -> None:
    directory = speaking(tmp_path, "de")
    file = directory / "words" / "de.po"
    file.write_text(f'{REPORT}\nmsgid "%(time)s late"\nmsgstr "%(zeit)s zu spät"\n')
    assert told(examine(directory)) == [
        'words/de.po, line 4: "%(time)s late": there is no %(zeit)s in English',
        'words/de.po, line 4: "%(time)s late": %(time)s is missing',
    ]
    file.write_text(f"{REPORT}\nmsgsrt\n")
    (problem,) = told(examine(directory))
    assert problem.startswith("words/de.po, line 4: this is no catalogue: ")
    file.write_bytes(b"\xff")
    assert told(examine(directory)) == ["words/de.po, line 1: is no text in UTF-8"]
    file.write_text(f'{REPORT}\nmsgid "Repotr"\nmsgstr "x"\n')
    assert warned(examine(directory))[0] == ('words/de.po, line 4: the site does not say "Repotr"')


def test_the_command_tells_what_a_catalogue_lacks(tmp_path: Path) -> None:
    directory = speaking(tmp_path, "de")
    (directory / "words" / "de.po").write_text(REPORT)
    checked = CliRunner().invoke(app, ["charter", "check", str(directory)])
    assert checked.exit_code == 0
    assert f'warning: body.toml, line 2: "de" lacks {ALL - 1:,} texts' in checked.stdout
    as_json = CliRunner().invoke(app, ["charter", "check", str(directory), "--json"])
    said = json.loads(as_json.stdout)["warnings"]
    assert [(each["file"], each["line"]) for each in said] == [("body.toml", 2)]


def test_the_command_begins_a_catalogue_and_loses_nothing_of_one(tmp_path: Path) -> None:
    directory = speaking(tmp_path, "ar")
    (directory / "words").rmdir()
    file = directory / "words" / "ar.po"
    begin = ["charter", "words", "ar", str(directory)]
    begun = CliRunner().invoke(app, begin)
    assert begun.stdout == f"{file}: {ALL} texts are said in English still\n"
    text = file.read_text()
    assert "msgstr[5]" in text
    assert told(examine(directory)) == []
    mine = text.replace(
        'msgid "Report"\nmsgstr ""', '# asked the clerk\nmsgid "Report"\nmsgstr "بلاغ"', 1
    )
    mine += '\nmsgid "Said no more"\nmsgstr "x"\n'
    file.write_text(mine)
    again = CliRunner().invoke(app, begin)
    assert f": {ALL - 1} texts" in again.stdout
    kept = file.read_text()
    assert "# asked the clerk\n" in kept
    assert 'msgstr "بلاغ"' in kept
    assert '#~ msgid "Said no more"' in kept
    assert CliRunner().invoke(app, begin).exit_code == 0
    assert file.read_text() == kept
    assert files_of("ar", directory / "words") == [file]
    assert read_catalogue(file, "ar").num_plurals == 6


def test_the_command_refuses_what_is_no_language_or_no_catalogue(tmp_path: Path) -> None:
    directory = speaking(tmp_path, "de")
    unknown = CliRunner().invoke(app, ["charter", "words", "german", str(directory)])
    assert unknown.exit_code == 2
    assert '"german" is no language' in unknown.stderr
    (directory / "words" / "de.po").write_text("nothing of the sort\n")
    broken = CliRunner().invoke(app, ["charter", "words", "de", str(directory)])
    assert broken.exit_code == 2
    assert "de.po, line 1: this is no catalogue" in broken.stderr
    assert (directory / "words" / "de.po").read_text() == "nothing of the sort\n"
