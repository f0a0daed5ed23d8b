"""What is wrong with a charter that none of its files shows by itself."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from shared.contracts.check import OF_THE_BODY
from shared.contracts.place import EVERYWHERE
from shared.contracts.roles import ALLOWERS
from shared.runtime.charter_models import OPEN_REPORT, PLACE_MEMBER, TO_BE_NAMED, Staff
from shared.runtime.toml_lines import Key

SECOND = 2


@dataclass(frozen=True)
class Odd:
    """`may_be_meant`: a warning, which stops nothing. `line` where the file is none of keys."""

    file: str
    key: Key
    words: str
    may_be_meant: bool = False
    line: int | None = None


def look_across(values: Mapping[str, Any]) -> Iterator[Odd]:
    """`values` are the files' validated contents, None for a file that can't be used."""
    yield from _orphans(values["places.toml"] or {})
    yield from _beneath_the_root(values["places.toml"] or {})
    yield from _twins(values["sources.toml"] or {})
    yield from _forms(values["sources.toml"] or {})
    yield from _kept_for_us(values["sources.toml"] or {})
    yield from _to_be_named(values)
    if values["staff.toml"] is not None:
        yield from _staff(values["staff.toml"])


def _to_be_named(values: Mapping[str, Any]) -> Iterator[Odd]:
    """They would stand on the pages like that."""
    body = values["body.toml"]
    named: list[tuple[str, str, str]] = [("body.toml", "name", body.name)] if body else []
    for file in ("places.toml", "sectors.toml"):
        named += ((file, code, name) for code, name in (values[file] or {}).items())
    sources = values["sources.toml"] or {}
    named += (("sources.toml", code, source.name) for code, source in sources.items())
    for file, key, name in named:
        if name.endswith(TO_BE_NAMED):
            words = f'"{key}" is called "{name}", as a draft put it there; write its name'
            yield Odd(file, (key,), words, may_be_meant=True)


def _forms(sources: Mapping[str, Any]) -> Iterator[Odd]:
    first, *others = [code for code, source in sources.items() if source.form] or [""]
    for code in others:
        words = f'"{code}" has a form, and so has "{first}"; there is one form, so leave one out'
        yield Odd("sources.toml", (code, "form"), words)


def _kept_for_us(sources: Mapping[str, Any]) -> Iterator[Odd]:
    if OF_THE_BODY in sources:
        words = f'"{OF_THE_BODY}" is where the body\'s own commitments come from; name it otherwise'
        yield Odd("sources.toml", (OF_THE_BODY,), words)


def _orphans(places: Mapping[str, str]) -> Iterator[Odd]:
    """The pages lead past what is not registered, so nothing breaks."""
    for code in places:
        above = code.rpartition(".")[0]
        if above and above not in places:
            words = f'"{code}" lies in "{above}", which is not registered'
            yield Odd("places.toml", (code,), words, may_be_meant=True)


def _beneath_the_root(places: Mapping[str, str]) -> Iterator[Odd]:
    for code in places:
        if code.startswith(f"{EVERYWHERE}."):
            words = (
                f'"{code}": "{EVERYWHERE}" is the root of the register and part of no code; leave'
                f' it out, "{code.partition(".")[2]}" may be meant'
            )
            yield Odd("places.toml", (code,), words)


def _twins(sources: Mapping[str, Any]) -> Iterator[Odd]:
    first: dict[str, str] = {}
    for code in sources:
        other = first.setdefault(code.replace("_", "-"), code)
        if other != code:
            yield Odd("sources.toml", (code,), f'"{code}" and "{other}" differ only in - and _')


def _staff(staff: Staff) -> Iterator[Odd]:
    subjects: dict[str, str] = {}
    for code, person in staff.person.items():
        other = subjects.setdefault(person.subject, code) if person.subject else code
        if other != code:
            words = f'"{code}" and "{other}" have the same subject; a provider gives each their own'
            yield Odd("staff.toml", ("person", code, "subject"), words)
    if not staff.person:
        return
    operators = sum("operator" in person.roles for person in staff.person.values())
    if set(staff.second_person) - {OPEN_REPORT, PLACE_MEMBER} and operators < SECOND:
        words = f"what needs a second person needs two operators, and there are {operators}"
        yield Odd("staff.toml", ("second_person",), words, may_be_meant=True)
    placers = sum("placer" in person.roles for person in staff.person.values())
    if PLACE_MEMBER in staff.second_person and placers < SECOND:
        words = f'"{PLACE_MEMBER}" needs two placers, and there are {placers}'
        yield Odd("staff.toml", ("second_person",), words, may_be_meant=True)
    openers = sum(not ALLOWERS.isdisjoint(person.roles) for person in staff.person.values())
    if OPEN_REPORT in staff.second_person and openers < SECOND:
        words = f'"{OPEN_REPORT}" needs two who are inspector, editor or operator: {openers} are'
        yield Odd("staff.toml", ("second_person",), words, may_be_meant=True)
