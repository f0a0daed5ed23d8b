"""Units and parties that own commitments: the charter's `parties.toml`."""

import re
from collections.abc import Mapping
from typing import Annotated

from pydantic import AfterValidator, BaseModel, StringConstraints, TypeAdapter, ValidationError

from shared.contracts.party import Parties, Party, as_known
from shared.contracts.values import CODE_PATTERN, IN_WORDS, LINE_PATTERN, GivenLine
from shared.runtime.charter_base import STRICT

NUMBER = re.compile("[0-9a-f]{32}")
LONGEST_CODE, LONGEST_NAME = 60, 300
_AS_EVENTS_HAVE_IT = TypeAdapter(GivenLine)


def _a_name(text: str) -> str:
    try:
        _AS_EVENTS_HAVE_IT.validate_python(text)
    except ValidationError as error:
        (found,) = error.errors()
        of_its_own = found["type"] == "value_error"
        words = found["msg"].removeprefix("Value error, ") if of_its_own else IN_WORDS[LINE_PATTERN]
        raise ValueError(words) from None
    return text


def _a_number(text: str) -> str:
    if not NUMBER.fullmatch(text):
        raise ValueError("must be the number that the member's own page tells: 32 digits 0-9a-f")
    return text


def _each_once(names: list[str]) -> list[str]:
    if len(set(map(as_known, names))) < len(names):
        raise ValueError("must name nothing twice")
    return names


PartyCode = Annotated[str, StringConstraints(pattern=CODE_PATTERN, max_length=LONGEST_CODE)]
PartyName = Annotated[str, StringConstraints(max_length=LONGEST_NAME), AfterValidator(_a_name)]
Number = Annotated[str, AfterValidator(_a_number)]


class PartyTold(BaseModel):
    """`aliases` are the names by which sources know it; `above` is the code of its unit. `members`
    may act for it, by the numbers that their own pages tell them."""

    model_config = STRICT

    name: PartyName
    aliases: Annotated[list[PartyName], AfterValidator(_each_once)] = []
    above: str = ""
    members: Annotated[list[Number], AfterValidator(_each_once)] = []


def parties_of(told: Mapping[str, PartyTold]) -> Parties:
    return Parties(
        Party(code, each.name, tuple(each.aliases), each.above or None, frozenset(each.members))
        for code, each in told.items()
    )
