"""One instance's charter, read from TOML files: its places, sectors, sources, tracks,
staff and texts."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import time, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from shared.contracts.party import NO_PARTIES, Parties
from shared.contracts.place import EVERYWHERE
from shared.eventsourcing.jetstream.streams import InboxLimits
from shared.runtime.areas import Area, geography_of, read_areas, wrong_borders
from shared.runtime.charter_across import look_across
from shared.runtime.charter_bulletins import BulletinsTold
from shared.runtime.charter_bulletins_across import odd_bulletins
from shared.runtime.charter_checking import CheckingTold
from shared.runtime.charter_due import AlmanacTold, DueTold, RuleTold
from shared.runtime.charter_due_across import odd_due
from shared.runtime.charter_keeping import Term, odd_terms, terms
from shared.runtime.charter_language import read_language
from shared.runtime.charter_models import (
    FILES,
    OPTIONAL,
    Attribute,
    Beats,
    Body,
    Keeping,
    Person,
    SectorTold,
    Source,
    Staff,
)
from shared.runtime.charter_parties import PartyTold, parties_of
from shared.runtime.charter_parties_across import odd_parties
from shared.runtime.charter_petitions import PetitionsTold
from shared.runtime.charter_petitions_across import odd_petitions
from shared.runtime.charter_questions import QuestionsTold
from shared.runtime.charter_questions_across import odd_questions
from shared.runtime.charter_tracks import Track
from shared.runtime.charter_tracks_across import odd_tracks
from shared.runtime.charter_words import in_our_words
from shared.runtime.finding import Finding
from shared.runtime.toml_lines import Document, read_toml
from shared.web.language import Language, marked

if TYPE_CHECKING:
    from shared.runtime.geography import Geography

ROOT = marked("Everywhere")
"""It stands in every register; `places.toml` may give it another name."""


@dataclass(frozen=True)
class Charter:
    """`places` and `sectors` map codes to names, among the places that of the root; `notice` stands
    on every page, if there is one; `language` is that of the pages, and knows their time zone;
    `seals_all`: the words of all reports are sealed, not those of confidential ones alone. What is
    protected is released at `release_at` of its zone, and tells no figure below
    `smallest_figure` people; `anonymous_as_one` reports of nobody count as one. `terms` are of the
    sources whose words and persons are not kept always; `told` is what clients of Open311 are told
    of sectors besides; `areas` are where places lie, and public points are told to `decimals`.
    Reports further apart than `alike_within` are not taken for the same. `beats` is what is
    expected of correspondents; `due` by when commitments are due where nobody says, `checking` how
    claims of done are checked, if they are; `parties` are the owners that it knows; `petitions`
    what they oblige to; `bulletins` what issues have of the regions. `takes_back`: what came of a
    report counts for nobody once it is reopened."""

    directory: Path
    name: str
    notice: str
    places: dict[str, str]
    sectors: dict[str, str]
    sources: dict[str, Source]
    tracks: tuple[Track, ...] = ()
    takes_back: bool = False
    language: Language = field(default_factory=Language)
    staff: Staff = field(default_factory=Staff)
    seals_all: bool = False
    release_at: time = time(6)
    smallest_figure: int = 5
    anonymous_as_one: int = 10
    alike_within: timedelta = timedelta(days=90)
    terms: dict[str, Term] = field(default_factory=dict)
    told: dict[str, SectorTold] = field(default_factory=dict)
    decimals: int = 3
    areas: tuple[Area, ...] = ()
    beats: Beats = field(default_factory=Beats)
    due: DueTold = field(default_factory=DueTold)
    checking: CheckingTold = field(default_factory=CheckingTold)
    parties: Parties = NO_PARTIES
    petitions: PetitionsTold = field(default_factory=PetitionsTold)
    questions: QuestionsTold = field(default_factory=QuestionsTold)
    bulletins: BulletinsTold = field(default_factory=BulletinsTold)

    @property
    def protects(self) -> bool:
        """Whether something may be held."""
        return bool(self.sources.keys() - self.public_sources)

    @property
    def zones(self) -> dict[str, ZoneInfo]:
        """Of places that have an almanac: one without a zone counts by that of the body."""
        return {
            place: ZoneInfo(each.zone) if each.zone else self.language.zone
            for each in self.due.almanac.values()
            for place in each.places
        }

    @property
    def public_sources(self) -> frozenset[str]:
        return frozenset(code for code, source in self.sources.items() if source.public)

    @property
    def trusted_sources(self) -> frozenset[str]:
        """Whose words no editor has to pass: what is public already nobody can hold back."""
        trusted = (code for code, source in self.sources.items() if source.trusted)
        return self.public_sources | frozenset(trusted)

    @property
    def form(self) -> str | None:
        """The source whose reports people file on the site, if there is one."""
        return next((code for code, source in self.sources.items() if source.form), None)

    @cached_property
    def geography(self) -> "Geography | None":
        """None where nobody said where places lie. Raises CharterError: its borders are looked at
        by who uses them, for what does so takes time and memory."""
        if wrong := list(wrong_borders(self.areas) if self.areas else ()):
            raise CharterError(_cannot_be_used(self.directory, wrong))
        return geography_of(self.areas, self.places)

    def inboxes(self, default: InboxLimits) -> dict[str, InboxLimits]:
        """What each source's inbox may hold; the default where its source says nothing."""
        return {code: source.limits(default) for code, source in self.sources.items()}


@dataclass
class Examined:
    """Everything that is wrong in all files at once; the charter itself if nothing is.

    `warnings` are odd and may be meant so. `counts` are of what stands in the files, good or bad.
    """

    problems: list[Finding] = field(default_factory=list)
    warnings: list[Finding] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    charter: Charter | None = None


class CharterError(Exception):
    """The charter is not there, or can't be used as it is; says everything that is wrong."""


def read_charter(directory: Path) -> Charter:
    """Raises CharterError. Nobody has looked at the borders of its areas yet."""
    examined = examine(directory, borders=False)
    if examined.charter is None:
        raise CharterError(_cannot_be_used(directory, examined.problems))
    return examined.charter


def _cannot_be_used(directory: Path, problems: Iterable[Finding]) -> str:
    lines = "\n  ".join(map(str, problems))
    return f"the charter in {directory} can't be used:\n  {lines}"


def examine(directory: Path, *, borders: bool = True) -> Examined:
    """Raises CharterError where there is no such folder."""
    if not directory.is_dir():
        raise CharterError(
            f"there is no folder {directory}; the charter's folder is named by `tribune up"
            " --charter`, or by TRIBUNE_CHARTER_DIR"
        )
    examined = Examined()
    documents = {file: _read(directory / file, examined) for file in FILES}
    examined.counts = {
        "places": _count(documents["places.toml"]),
        "sectors": _count(documents["sectors.toml"]),
        "sources": _count(documents["sources.toml"]),
        "tracks": _count(documents["tracks.toml"], "track"),
        "staff": _count(documents["staff.toml"], "person"),
        "rules": _count(documents["due.toml"], "rule"),
        "parties": _count(documents["parties.toml"]),
    }
    values = {file: _validated(file, documents[file], examined) for file in FILES}
    told = values["sectors.toml"] or {}
    if values["sectors.toml"] is not None:
        values["sectors.toml"] = {code: sector.name for code, sector in told.items()}
    body: Any = values["body.toml"]
    language, odd_words = read_language(directory, body) if body else (Language(), [])
    sources: Any = values["sources.toml"]
    odd_keeping = odd_terms(body, sources) if body and sources else ()
    due = values["due.toml"]
    codes = values["places.toml"], values["sectors.toml"]
    places = {EVERYWHERE, *codes[0]} if codes[0] else None
    odd_days = odd_due(due, places, codes[1]) if due else ()
    odd_owners = odd_parties(values["parties.toml"] or {})
    tracks = values["tracks.toml"]
    odd_rules = odd_tracks(tracks.track, places, codes[1]) if tracks else ()
    petitions = values["petitions.toml"]
    questions = values["questions.toml"]
    smallest = body.smallest_figure if body else None
    odd_terms_of = odd_petitions(petitions, places, smallest, sources) if petitions else ()
    bulletins = values["bulletins.toml"]
    odd_issues = odd_bulletins(bulletins, places) if bulletins else ()
    across = [
        *look_across(values),
        *odd_rules,
        *odd_keeping,
        *odd_days,
        *odd_owners,
        *odd_terms_of,
        *(odd_questions(questions, sources) if questions else ()),
        *odd_issues,
    ]
    for odd in [*across, *odd_words]:
        document = documents.get(odd.file)
        line = document.line(odd.key) if document else odd.line
        (examined.warnings if odd.may_be_meant else examined.problems).append(
            Finding(odd.file, line, odd.words)
        )
    areas, odd_areas = read_areas(directory, places, borders=borders) if places else ([], [])
    examined.problems += odd_areas
    examined.problems.sort(key=lambda found: (_order(found.file), found.line or 0))
    if not examined.problems:
        examined.charter = Charter(
            directory=directory,
            name=body.name,
            notice=body.notice,
            places={EVERYWHERE: language.gettext(ROOT)} | values["places.toml"],
            sectors=values["sectors.toml"],
            sources=values["sources.toml"],
            tracks=tuple(tracks.track),
            takes_back=tracks.takes_back,
            language=language,
            staff=values["staff.toml"],
            seals_all=body.seals == "all",
            release_at=time.fromisoformat(body.release_at),
            smallest_figure=body.smallest_figure,
            anonymous_as_one=body.anonymous_as_one,
            alike_within=timedelta(days=body.alike_within_days),
            terms=terms(body, sources),
            told=told,
            decimals=body.decimals,
            areas=tuple(areas),
            beats=body.beats,
            due=due,
            checking=values["checking.toml"],
            parties=parties_of(values["parties.toml"]),
            petitions=petitions,
            questions=questions,
            bulletins=bulletins,
        )
    return examined


def _order(file: str) -> int:
    return list(FILES).index(file) if file in FILES else len(FILES)


def _count(document: Document | None, key: str | None = None) -> int:
    data = document.data if document else {}
    found = data if key is None else data.get(key, ())
    return len(found) if isinstance(found, dict | list) else 0


def _read(path: Path, examined: Examined) -> Document | None:
    words = None
    try:
        document = read_toml(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        if path.name in OPTIONAL:
            return Document("")
        words = f"is not there; a charter has {', '.join(FILES)}"
    except UnicodeDecodeError:
        words = "is no text in UTF-8"
    except OSError as error:
        words = f"can't be read: {error.strerror}"
    if words is not None:
        examined.problems.append(Finding(path.name, None, words))
        return None
    examined.problems += [Finding(path.name, line, said) for line, said in document.problems]
    return document


def _validated(file: str, document: Document | None, examined: Examined) -> Any:
    """None where it can't be used. What is missing may stand in a line that could not be read."""
    if document is None:
        return None
    try:
        value = FILES[file].validate_python(document.data)
    except ValidationError as error:
        for found in error.errors(include_url=False):
            if found["type"] == "missing" and document.problems:
                continue
            line = document.line(found["loc"])
            words = in_our_words(file, found, _known(file, found["loc"]))
            examined.problems.append(Finding(file, line, words))
        return None
    return None if document.problems else value


def _known(file: str, loc: tuple[int | str, ...]) -> Iterable[str]:
    """The keys that may stand there."""
    if file == "tracks.toml":
        return ("takes_back", "[[track]]") if len(loc) == 1 else Track.model_fields
    if file == "due.toml":
        if len(loc) == 1:
            return DueTold.model_fields
        return RuleTold.model_fields if loc[0] == "rule" else AlmanacTold.model_fields
    if file == "checking.toml":
        return CheckingTold.model_fields
    if file == "parties.toml":
        return PartyTold.model_fields
    if file == "petitions.toml":
        return PetitionsTold.model_fields
    if file == "questions.toml":
        return QuestionsTold.model_fields
    if file == "bulletins.toml":
        return BulletinsTold.model_fields
    if file == "staff.toml":
        return Staff.model_fields if len(loc) == 1 else Person.model_fields
    if file == "body.toml" and len(loc) > 1:
        return Beats.model_fields if loc[0] == "beats" else Keeping.model_fields
    if file == "sectors.toml":
        return Attribute.model_fields if "attributes" in loc else SectorTold.model_fields
    return Source.model_fields if file == "sources.toml" else Body.model_fields
