"""Who gave a command, and in which role: never by a name that could say who somebody is."""

from typing import Literal, NamedTuple

Kind = Literal["source", "member", "staff", "suite"]


class Actor(NamedTuple):
    """`name` is a word that says nothing of a person (a source's of the charter, a reaction's), or
    a digest; it is empty where nobody in particular is known."""

    kind: Kind
    role: str
    name: str = ""

    @property
    def text(self) -> str:
        """As events bear it in `ce-actor`: `source:sender:boston`."""
        return f"{self.kind}:{self.role}:{self.name}" if self.name else f"{self.kind}:{self.role}"


SUITE = Actor("suite", "part", "unnamed")


def source(name: str) -> Actor:
    """The upstream that sends, by its code in the charter."""
    return Actor("source", "sender", name)


def suite(role: str, name: str) -> Actor:
    """A part of the suite itself, such as a reaction, by its name."""
    return Actor("suite", role, name)


def in_words(text: str) -> str:
    """What an event's `ce-actor` says, for people; of older versions it says nothing."""
    kind, _, rest = text.partition(":")
    role, _, name = rest.partition(":")
    if not role:
        return ""
    if kind in ("source", "suite"):
        return f"the source {name}" if kind == "source" else f"the suite ({role} {name})"
    return f"{kind} ({role}) {name}".rstrip()
