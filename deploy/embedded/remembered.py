"""A suite's folder remembers its charter, so that who looks into it later needs no variable."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from shared.runtime.charter import Charter, CharterError
from shared.runtime.settings import PROJECT, Settings
from shared.runtime.whole_files import put

NOTE = "charter.json"
OWN = PROJECT / "deploy" / "charter"
KINDS = ("places", "sectors", "sources", "tracks")
CODES_SHOWN = 3


@dataclass(frozen=True)
class Remembered:
    """The charter that a suite was started with last: its folder, the codes in it, and what it
    says of how people are protected, in words; of older versions' notes nothing is known there."""

    directory: Path
    codes: Mapping[str, Sequence[str]] = field(default_factory=dict)
    protection: Mapping[str, str] = field(default_factory=dict)


def remembered(data_dir: Path) -> Remembered | None:
    """None where none was started yet, or only by an older version; or the note is damaged."""
    try:
        said = json.loads((data_dir / NOTE).read_text(encoding="utf-8"))
        directory = Path(said["directory"]) if said["directory"] else OWN
        codes = {kind: list(said[kind]) for kind in KINDS}
        return Remembered(directory, codes, dict(said.get("protection", {})))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def remember(data_dir: Path, charter: Charter) -> None:
    """The project's own has no place of its own: it is wherever the code is."""
    directory = charter.directory.resolve()
    facts: dict[str, Any] = {"directory": "" if directory == OWN else str(directory)}
    facts |= _codes(charter) | {"protection": _protection(charter)}
    with suppress(OSError):  # on a full disk the one before stays
        put(data_dir / NOTE, json.dumps(facts))


def changes(before: Remembered | None, charter: Charter) -> Iterator[str]:
    """What is otherwise than when the suite was started last, in words."""
    if before is None:
        return
    if before.directory != charter.directory.resolve():
        yield f"it was in {before.directory} before, and is in {charter.directory.resolve()} now"
    now = _codes(charter)
    for kind in KINDS:
        was, are = set(before.codes.get(kind, ())), set(now[kind])
        yield from _told("more", kind, are - was)
        yield from _told("less", kind, was - are)
    for what, is_now in _protection(charter).items():
        if (was_said := before.protection.get(what, is_now)) != is_now:
            yield f"{what}: {was_said} before, {is_now} now"


def _codes(charter: Charter) -> dict[str, list[str]]:
    return {
        "places": sorted(charter.places),
        "sectors": sorted(charter.sectors),
        "sources": sorted(charter.sources),
        "tracks": sorted(f"{track.name} {track.version}" for track in charter.tracks),
    }


def _protection(charter: Charter) -> dict[str, str]:
    """What nobody may change by a slip of the pen: what went out can't be taken back."""
    found = {
        "sealed words": "all" if charter.seals_all else "those of confidential reports",
        "smallest figure": f"{charter.smallest_figure}",
        "reports of nobody": f"{charter.anonymous_as_one} count as one person",
        "decimals of public points": f"{charter.decimals}",
        "for a second person": ", ".join(sorted(charter.staff.second_person)) or "nothing",
    }
    for source in charter.sources:
        term = charter.terms.get(source)
        found[f"{source} is kept"] = f"for {term.keep.days} days" if term else "always"
        found[f"{source} is released"] = (
            "at once" if source in charter.public_sources else "once a day, in cells"
        )
        found[f"words of {source}"] = (
            "public at once" if source in charter.trusted_sources else "wait for an editor"
        )
    return found


def _told(how: str, kind: str, codes: set[str]) -> Iterator[str]:
    if codes:
        shown = ", ".join(sorted(codes)[:CODES_SHOWN]) + (", …" if len(codes) > CODES_SHOWN else "")
        yield f"{len(codes):,} {kind if len(codes) > 1 else kind[:-1]} {how}: {shown}"


def _not_forgotten(data_dir: Path) -> Remembered | None:
    """Raises CharterError where the note is damaged: another charter would refuse what this one
    takes, and receipts stay."""
    before = remembered(data_dir)
    if before is None and (data_dir / NOTE).exists():
        raise CharterError(
            f"{data_dir / NOTE} is damaged, so the folder does not know its charter any more; name"
            " it once more, with `tribune up --charter DIR`"
        )
    return before


def charter_to_start_with(data_dir: Path, given: Path | None) -> Path:
    """What is given; else what the environment names; else what the folder remembers. A `.env`
    describes another suite, and is asked last. Raises CharterError."""
    if given is not None:
        return given
    environment = Settings(_env_file=None)
    if "charter_dir" in environment.model_fields_set:
        return environment.charter_dir
    before = _not_forgotten(data_dir)
    return before.directory if before else Settings().charter_dir


def charter_of(data_dir: Path, settings: Settings) -> Path:
    """The one by which the suite in this folder goes, whatever the environment names; unless the
    folder remembers none, or one that is gone. Raises CharterError."""
    is_named = "charter_dir" in settings.model_fields_set
    before = remembered(data_dir) if is_named else _not_forgotten(data_dir)
    if before is None or (is_named and not before.directory.is_dir()):
        return settings.charter_dir
    return before.directory
