"""What may be meant, and is told all the same: nothing of it stops a file from being sent."""

from collections.abc import Iterator

from deploy.feeding.taking.problems import quoted
from deploy.feeding.taking.take import MOST_CODES, Taken
from shared.mapping.mapping import Mapping
from shared.runtime.charter import Charter

SHOWN = 5


def oddities(taken: Taken, mapping: Mapping) -> Iterator[str]:
    yield from taken.warnings
    if taken.twins:
        pairs = [f"{other:,} (as in {first:,})" for first, other in taken.twins]
        yield (
            f"rows with the key of another row that say something else, of which only the one"
            f" that is sent first counts: {taken.problems.unit} {_some(pairs)}"
        )
    for field, count in taken.codes_left_out.items():
        yield (
            f"more than {MOST_CODES:,} different {field}s: a column with so many is hardly one of"
            f" {field}s. {count:,} more mentions were not counted, and are looked up and drafted by"
            " nobody"
        )
    for words, (count, *lines) in taken.odd.items():
        also = f" and {count - len(lines):,} more" if count > len(lines) else ""
        told = ", ".join(f"{line:,}" for line in lines)
        yield f"{words}: {taken.problems.unit} {told}{also}"
    for field, names in mapping.names.items():
        for code, several in names.falling_together():
            said = _some([quoted("", name) for name in several])
            yield f'{field} "{code}": {said} fall together; a table of aliases keeps them apart'


def unknown_to(charter: Charter, taken: Taken) -> Iterator[str]:
    """What services with that charter would refuse."""
    where = charter.directory
    if taken.source not in charter.sources:
        yield f"{taken.source} is no source in {where}, and so has no inbox"
    for field, known in (("place", charter.places), ("sector", charter.sectors)):
        strange = {code: n for code, n in taken.codes[field].most_common() if code not in known}
        if strange:
            named = _some([f'"{code}" ({count:,})' for code, count in strange.items()])
            yield (
                f"{len(strange):,} {field}{'s' if len(strange) > 1 else ''} that {where} does not"
                f" name: {named}; --charter-draft writes what a file names"
            )


def _some(words: list[str]) -> str:
    rest = f" and {len(words) - SHOWN:,} more" if len(words) > SHOWN else ""
    return ", ".join(words[:SHOWN]) + rest
