"""All that the site says is in the template of all catalogues, and French says all of it."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import extraction
import pytest
from jinja2 import Environment, nodes

from deploy.commands.words import written
from shared.web.catalogue_check import TEMPLATE, lacking, names_in, wrong_in
from shared.web.catalogues import (
    OURS,
    CatalogueError,
    forms_of,
    messages,
    read_catalogue,
    words_of,
)

CATALOGUES = sorted(OURS.glob("*.po"))
FILES = [path for path in extraction.files() if path.suffix != ".py"]
SCRIPTS = [path for folder in extraction.CODE for path in (extraction.ROOT / folder).rglob("*.js")]
SAID_IN = ("title", "alt", "placeholder", "aria-label", "content", "label")
ATTRIBUTE = re.compile(r'[\w-]+="[^"]*"')
SAYS = ("_", "ngettext", "pgettext")
WORDS = re.compile(r"[A-Za-z]{2,} [A-Za-z]|^[A-Z][a-z]+")


def test_the_template_has_all_that_is_said_and_nothing_else() -> None:
    """`make words` brings it up to it."""
    assert TEMPLATE.read_text() == written(extraction.said())


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.stem)
def test_a_catalogue_of_the_suite_is_whole(path: Path) -> None:
    catalogue = read_catalogue(path, path.stem)
    assert lacking(words_of([catalogue])) == []
    assert list(wrong_in(catalogue)) == []
    assert [each.id for each in messages(catalogue) if each.fuzzy] == []
    assert written(catalogue) == path.read_text()


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.stem)
def test_what_is_said_has_the_same_values_in_it_as_in_english(path: Path) -> None:
    for each in messages(read_catalogue(path, path.stem)):
        texts = (each.id,) if isinstance(each.id, str) else each.id
        for form in forms_of(each):
            assert names_in(form) == set.union(*map(names_in, texts)), each.id


def test_french_is_written_as_french_is() -> None:
    """No straight apostrophe, and nothing that a line could break before a colon."""
    for each in messages(read_catalogue(OURS / "fr.po", "fr")):
        for form in forms_of(each):
            assert "'" not in form
            assert not re.search(r" [:;?!»]|« |\w[;?!]", form), form


class _Texts(HTMLParser):
    """What stands in a document beside its marks and its holes."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, _: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if value and _is_said(name)]

    def handle_data(self, data: str) -> None:
        """Attributes may stand in a macro of their own."""
        self.found.append(ATTRIBUTE.sub("", data))


def _is_said(name: str) -> bool:
    return name in SAID_IN or name.startswith("data-says")


def bare(source: str, environment: Environment) -> Iterator[str]:
    """Words in a template that do not go through a catalogue."""
    parser = _Texts()
    lexed = environment.lex(source)
    parser.feed("".join(text if kind == "data" else "" for _, kind, text in lexed))
    yield from (text.strip() for text in parser.found if re.search("[A-Za-z]{2}", text))
    tree = environment.parse(source)
    said = {
        id(const)
        for call in tree.find_all(nodes.Call)
        if isinstance(call.node, nodes.Name) and call.node.name in SAYS
        for const in call.args
    }
    for const in tree.find_all(nodes.Const):
        text = const.value
        if id(const) not in said and isinstance(text, str) and WORDS.search(text):
            yield text


MEANT = {
    "bulletins.atom": {"urn:tribune:event:", "bulletins"},
    "clock.html": {
        *("CheckPaused", "CheckResumed", "DueDateMoved", "MoreTimeAsked", "MoreTimeDeclined"),
        *("ClaimRefuted", "ClaimUpheld", "ClaimUnchecked", "DoneClaimed", "CheckHalved"),
        "half done",
    },
    "condition.html": {"tribune status"},
    "feed.atom": {"urn:tribune:event:"},
    "desk-page.html": {"noindex"},
    "frame.html": {"width=device-width, initial-scale=1", "light dark"},
    "meta.html": {"website"},
    "overdue.atom": {"overdue"},
    "qualified.atom": {"qualified"},
    "story.html": {"PUBLIC/"},
    "welcome.html": {"0;url=/me"},
}
"""An address, a command, a kind of event: what is the same in every language."""


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_no_words_stand_in_a_template_beside_the_catalogues(path: Path) -> None:
    environment = Environment(trim_blocks=True, autoescape=True)
    found = set(bare(path.read_text(), environment))
    assert found <= MEANT.get(path.name, set())


@pytest.mark.parametrize(
    "source",
    [
        "<p>Two words</p>",
        '<p aria-label="Words"></p>',
        '<a title="{{ x }} words">{{ _("y") }}</a>',
        '{{ "Words" if x }}',
        '{{ _("x", y=_("z")) }}{{ f("some words") }}',
    ],
)
def test_words_beside_the_catalogues_are_found(source: str) -> None:
    assert list(bare(source, Environment(autoescape=True)))


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_no_words_stand_in_a_script(path: Path) -> None:
    code = re.sub(r"//.*", "", path.read_text())
    assert not re.search(r"""["'`][A-Z][a-z]+|["'`]\w+ \w+ \w+""", code.replace('"use strict"', ""))


def test_what_is_empty_or_fuzzy_is_left_to_the_next_catalogue(tmp_path: Path) -> None:
    own = tmp_path / "fr.po"
    own.write_text(
        'msgid "Report"\nmsgstr ""\n\n#, fuzzy\nmsgid "Check"\nmsgstr "Chèque"\n\n'
        'msgid "Places"\nmsgstr "Endroits"\n'
        '\nmsgid "check"\nmsgid_plural "checks"\nmsgstr[0] "x"\nmsgstr[1] ""\n'
    )
    words = words_of([read_catalogue(own, "fr"), read_catalogue(OURS / "fr.po", "fr")])
    said = [words.one(text) for text in ("Report", "Check", "Places", "Nothing of ours")]
    assert said == ["Signalement", "Contrôle", "Endroits", "Nothing of ours"]
    assert words.several("check", "checks", 2) == "contrôles"


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ('msgid "Report"\nmsgstr "x"\nmsgsrt "x"\n', 3, "Unknown or misformatted keyword"),
        ('msgid ""\nmsgstr "Plural-Forms: nplurals=2; plural=(m > 1);\\n"\n', 1, "plural form: m"),
        ('msgid ""\nmsgstr "Plural-Forms: nplurals=2; plural=n-5;\\n"\n', 1, "0 has the form -5"),
        ('msgid ""\nmsgstr "Plural-Forms: nplurals=2; plural=1/n;\\n"\n', 1, "its head can't"),
        (
            'msgid ""\nmsgstr "Plural-Forms: nplurals=x; plural=n;\\n"\n',
            1,
            "its head can't be used",
        ),
        ("\n\nnothing of the sort\n", 3, "this is no catalogue"),
    ],
)
def test_what_is_no_catalogue_is_told_with_its_line(
    tmp_path: Path, text: str, line: int, words: str
) -> None:
    path = tmp_path / "fr.po"
    path.write_text(text)
    with pytest.raises(CatalogueError, match=re.escape(words)) as told:
        read_catalogue(path, "fr")
    assert told.value.line == line


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ('msgid "%(time)s late"\nmsgstr "%(temps)s de retard"\n', "no %(temps)s in English"),
        ('msgid "%(time)s late"\nmsgstr "de retard"\n', "%(time)s is missing"),
        ('msgid "Report"\nmsgstr "Signale\x0bment"\n', "a character that no page can show"),
        ('msgid "Repotr"\nmsgstr "Signalement"\n', 'the site does not say "Repotr"'),
    ],
)
def test_what_is_wrong_in_a_catalogue_is_told_with_its_line(
    tmp_path: Path, entry: str, words: str
) -> None:
    path = tmp_path / "fr.po"
    path.write_text(f'msgid "Check"\nmsgstr "Contrôle"\n\n{entry}')
    found = list(wrong_in(read_catalogue(path, "fr")))
    assert {each.line for each in found} == {4}
    assert words in " ".join(each.words for each in found)


def test_one_form_of_several_may_say_the_number_in_words(tmp_path: Path) -> None:
    path = tmp_path / "fr.po"
    path.write_text(
        'msgid "%(num)s day"\nmsgid_plural "%(num)s days"\n'
        'msgstr[0] "un jour"\nmsgstr[1] "%(num)s jours"\n'
    )
    assert list(wrong_in(read_catalogue(path, "fr"))) == []
