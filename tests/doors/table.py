"""The table of who may do what at which door, and the acts that follow from it."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

SERVICES = ("intake", "promotion", "publishing")
WITHOUT_PAGES = ("gate",)
ROLES = ("operator", "editor", "inspector", "placer", "auditor")
SIGNED_IN = ("member", *ROLES)
OUTSIDE = (
    *("nobody", "forged", "another instance", "another cookie", "no algorithm", "expired"),
    *("idle too long", "from the future", "signed out", "closed", "not staff any more"),
)
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND")
NOBODYS = "0" * 64


@dataclass(frozen=True, eq=False)
class Door:
    """One route; `answers` by its methods, to whom it `opens`."""

    service: str
    door: str
    path: str
    as_: str
    answers: dict[str, int]
    opens: tuple[str, ...] | None = None
    endless: bool = False
    keyed: bool = False

    @property
    def where(self) -> tuple[str, str]:
        return self.service, self.door

    @property
    def methods(self) -> frozenset[str]:
        return frozenset(self.answers) | ({"HEAD"} if "GET" in self.answers else set())

    @property
    def takes_forms(self) -> bool:
        return "POST" in self.answers and not self.keyed

    def is_open_to(self, who: str) -> bool:
        return self.opens is None or who in self.opens


@dataclass(frozen=True)
class Act:
    who: str
    method: str
    door: Door

    def __str__(self) -> str:
        return f"{self.who}: {self.method} {'-'.join(self.door.where)}{self.door.path}"


def doors() -> Iterator[Door]:
    told = tomllib.loads(Path(__file__).with_name("doors.toml").read_text())
    for service in SERVICES:
        for each in told[service] + told["common"]:
            yield _door(service, "public", each)
    for program in (*SERVICES, *WITHOUT_PAGES):
        for each in told["inner"] + told["common"]:
            yield _door(program, "inner", each)


def _door(service: str, door: str, told: dict) -> Door:  # type: ignore[type-arg]
    path, opens = told["path"], told.get("opens")
    as_ = told.get("as", path).format(act="0" * 32, passkey=NOBODYS)
    answers = {name.upper(): told[name] for name in ("get", "post") if name in told}
    endless = told.get("endless", False)
    answers |= {"GET": 200} if endless else {}
    opens = SIGNED_IN if opens == ["all"] else tuple(opens) if opens else None
    return Door(service, door, path, as_, answers, opens, endless, told.get("keyed", False))


DOORS = tuple(doors())


def allowed() -> Iterator[Act]:
    for door in DOORS:
        whom = ("nobody", "member") if door.opens is None else door.opens
        for method in door.answers:
            if not door.endless:
                yield from (Act(who, method, door) for who in whom)


def closed_to_them() -> Iterator[Act]:
    """Of those who have not signed in, and of those who have another role."""
    for door in DOORS:
        if door.opens is not None:
            for who in (*OUTSIDE, *(each for each in SIGNED_IN if each not in door.opens)):
                yield from (Act(who, method, door) for method in sorted(door.methods))


def not_so() -> dict[Door, list[str]]:
    """By each door the methods that it does not have."""
    return {door: [each for each in METHODS if each not in door.methods] for door in DOORS}


def forms() -> Iterator[Act]:
    """What whoever may sends, but from elsewhere or without the word of a page of ours."""
    for door in DOORS:
        if door.takes_forms:
            yield Act(door.opens[0] if door.opens else "nobody", "POST", door)
