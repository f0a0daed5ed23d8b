"""What may stand in the charter's files; unknown keys are refused, for they are misspelt ones."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    Field,
    StringConstraints,
    TypeAdapter,
    model_validator,
)

from shared.contracts.act import ActKind
from shared.contracts.point import MOST_DECIMALS
from shared.contracts.roles import Role
from shared.contracts.values import (
    CODE_PATTERN,
    EARLIEST,
    LATEST,
    Place,
    RhythmDays,
    Sector,
    SourceCode,
)
from shared.eventsourcing.jetstream.streams import InboxLimits
from shared.runtime.charter_base import STRICT, AtLeastOne, Name, TimeOfDay, Zone
from shared.runtime.charter_bulletins import BulletinsTold
from shared.runtime.charter_checking import CheckingTold
from shared.runtime.charter_due import DueTold
from shared.runtime.charter_parties import PartyCode, PartyTold
from shared.runtime.charter_petitions import PetitionsTold
from shared.runtime.charter_questions import QuestionsTold
from shared.runtime.charter_tracks import Tracks
from shared.runtime.sizes import GB, KB, MB, Size
from shared.web.catalogues import ENGLISH, locale_of
from shared.web.zones import IN_UTC

LEAST_BYTES, LEAST_MSG_SIZE, MOST_MSG_SIZE = MB, 4 * KB, MB
MOST_BYTES = 1024 * GB
LONGEST_NOTICE = 2_000
LONGEST_DAYS = 36_500
ALWAYS = "always"
TO_BE_NAMED = "(to be named)"
"""Ends what a draft puts where it knows no name."""

StaffCode = Annotated[str, StringConstraints(pattern=CODE_PATTERN, max_length=40)]
MaxBytes = Annotated[Size, Field(ge=LEAST_BYTES, le=MOST_BYTES)]
MaxMsgSize = Annotated[Size, Field(ge=LEAST_MSG_SIZE, le=MOST_MSG_SIZE)]
Code = Annotated[str, StringConstraints(pattern=CODE_PATTERN, max_length=40)]


def _a_language(tag: str) -> str:
    if locale_of(tag) is None:
        raise ValueError('must be a language, such as "fr" or "pt-BR"')
    return tag


class _Strict(BaseModel):
    model_config = STRICT


def _days_or_always(given: Any) -> Any:
    is_days = isinstance(given, int) and not isinstance(given, bool) and 1 < given <= LONGEST_DAYS
    if not is_days and given != ALWAYS:
        raise ValueError(f'must be a number of days from 2 to {LONGEST_DAYS:,}, or "{ALWAYS}"')
    return given


KeepDays = Annotated[Any, AfterValidator(_days_or_always)]
RemindDays = Annotated[int, Field(ge=1, le=LONGEST_DAYS)]


class Keeping(_Strict):
    """For how many days words and persons are kept, and how many before they go it is told."""

    keep_days: KeepDays = None
    remind_days: RemindDays | None = None


def _days(given: Any) -> Any:
    is_days = isinstance(given, list) and all(type(each) is date for each in given)
    if not is_days or any(not EARLIEST.date() <= each <= LATEST.date() for each in given):
        raise ValueError("must be days without quotes, such as [2031-12-25, 2031-12-26]")
    return given


class Beats(_Strict):
    """What is expected of correspondents: where nothing else is said, something at least every
    `rhythm_days` days, of which `holidays` do not count; and who of the staff `accredits` them.
    Their share of confirmed reports is reckoned as if there had been `prior_settled` more, and
    `prior_confirmed` of them confirmed."""

    rhythm_days: RhythmDays = 14
    holidays: Annotated[list[date], BeforeValidator(_days)] = []
    accredits: Role = "inspector"
    prior_confirmed: AtLeastOne = 1
    prior_settled: AtLeastOne = 2

    @model_validator(mode="after")
    def _some_are_not_confirmed(self) -> "Beats":
        if self.prior_confirmed >= self.prior_settled:
            raise ValueError("must have a prior_confirmed that is less than prior_settled")
        return self


class Body(Keeping):
    """The oversight body; `notice` stands on every page, if there is one. Pages are in `language`,
    and their days are those of `zone`. `seals` says of which reports the words are sealed. What is
    protected is released each day at `release_at`, so that it tells no figure below
    `smallest_figure` people, as which `anonymous_as_one` reports of nobody count as one. Points
    that are public are told to `decimals` of a degree. What `kinds` of sources say of keeping
    counts more than what is said here. A report may repeat another one that was filed within
    `alike_within_days` of it."""

    kinds: dict[Code, Keeping] = {}
    beats: Beats = Beats()
    name: Name
    notice: Annotated[str, StringConstraints(max_length=LONGEST_NOTICE)] = ""
    seals: Literal["confidential", "all"] = "confidential"
    language: Annotated[str, AfterValidator(_a_language)] = ENGLISH
    zone: Zone = IN_UTC
    release_at: TimeOfDay = "06:00"
    smallest_figure: Annotated[int, Field(ge=2, le=1_000)] = 5
    anonymous_as_one: Annotated[int, Field(ge=1, le=1_000)] = 10
    decimals: Annotated[int, Field(ge=0, le=MOST_DECIMALS)] = 3
    alike_within_days: Annotated[int, Field(ge=1, le=3_650)] = 90


class Source(Keeping):
    """One upstream system; whether its data are `public` already, or it is `trusted` with words
    that become public; how much its inbox may hold, and how large one message may be. What it says
    of keeping counts more than its `kind`. `form`: what people report on the site is its, and is
    meant to be confidential, or open, unless they choose otherwise."""

    name: Name
    kind: str = ""
    public: bool = False
    trusted: bool = False
    form: Literal["", "confidential", "open"] = ""
    max_bytes: MaxBytes | None = None
    max_msg_size: MaxMsgSize | None = None

    def limits(self, default: InboxLimits) -> InboxLimits:
        return InboxLimits(
            self.max_bytes or default.max_bytes, self.max_msg_size or default.max_msg_size
        )


AttributeCode = Annotated[str, StringConstraints(pattern="^[A-Za-z0-9_.-]+$", max_length=60)]
Datatype = Literal["string", "number", "datetime", "text", "singlevaluelist", "multivaluelist"]
OF_LISTS = ("singlevaluelist", "multivaluelist")
Words = Annotated[str, StringConstraints(max_length=LONGEST_NOTICE)]


class Attribute(_Strict):
    """What clients of Open311 ask of whoever reports; `values` are keys and names of a list."""

    code: AttributeCode
    datatype: Datatype = "string"
    required: bool = False
    description: Name
    hint: Words = ""
    values: dict[AttributeCode, Name] = {}

    @model_validator(mode="after")
    def _lists_have_values(self) -> "Attribute":
        if bool(self.values) != (self.datatype in OF_LISTS):
            raise ValueError("must have values if it is a list, and none else")
        return self


def _no_code_twice(attributes: list[Attribute]) -> list[Attribute]:
    if len({each.code for each in attributes}) < len(attributes):
        raise ValueError("must have no attribute twice")
    return attributes


class SectorTold(_Strict):
    """A field of life or work, and what clients of Open311 are told of it."""

    name: Name
    description: Words = ""
    group: Words = ""
    keywords: list[Name] = []
    attributes: Annotated[list[Attribute], AfterValidator(_no_code_twice)] = []


def _no_role_twice(roles: list[Role]) -> list[Role]:
    if len(set(roles)) < len(roles):
        raise ValueError("must name no role twice")
    return roles


class Person(_Strict):
    """Somebody of the staff. `subject` is who they are at the OpenID provider; who has none signs
    in here, with a passphrase and a code."""

    name: Name
    roles: Annotated[list[Role], Field(min_length=1), AfterValidator(_no_role_twice)]
    subject: Annotated[str, StringConstraints(min_length=1, max_length=255)] = ""


OPEN_REPORT, PLACE_MEMBER = "open-report", "place-member"
ForTwo = ActKind | Literal["open-report", "place-member"]
"""Acts of operators, the opening of what is sealed of a report, and the choice of who is asked to
fill a post."""


class Staff(_Strict):
    """`second_person` are the acts that one of the staff can't do alone."""

    second_person: list[ForTwo] = []
    person: dict[StaffCode, Person] = {}


def _named(given: Any) -> Any:
    return {"name": given} if isinstance(given, str) else given


FILES: dict[str, TypeAdapter[Any]] = {
    "body.toml": TypeAdapter(Body),
    "places.toml": TypeAdapter(dict[Place, Name]),
    "sectors.toml": TypeAdapter(dict[Sector, Annotated[SectorTold, BeforeValidator(_named)]]),
    "sources.toml": TypeAdapter(dict[SourceCode, Annotated[Source, BeforeValidator(_named)]]),
    "tracks.toml": TypeAdapter(Tracks),
    "staff.toml": TypeAdapter(Staff),
    "due.toml": TypeAdapter(DueTold),
    "parties.toml": TypeAdapter(dict[PartyCode, PartyTold]),
    "checking.toml": TypeAdapter(CheckingTold),
    "petitions.toml": TypeAdapter(PetitionsTold),
    "questions.toml": TypeAdapter(QuestionsTold),
    "bulletins.toml": TypeAdapter(BulletinsTold),
}

OPTIONAL = frozenset(
    (
        *("staff.toml", "due.toml", "parties.toml", "checking.toml"),
        *("petitions.toml", "questions.toml", "bulletins.toml"),
    )
)
"""Who signs in nobody does without it, every commitment names its due date, an owner is a name
alone, a claim of done is taken as it is, nobody petitions or asks, and there are no bulletins;
charters from before these have none."""
