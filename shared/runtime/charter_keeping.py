"""For how long words and persons of each source are kept: as it says, its kind, or the body."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from shared.runtime.charter_across import Odd
from shared.runtime.charter_models import ALWAYS, Body, Keeping, Source

REMIND_DAYS = 7


@dataclass(frozen=True, order=True)
class Term:
    """`keep` after it came, erased; `remind` before that, announced."""

    keep: timedelta
    remind: timedelta

    @property
    def announced_after(self) -> timedelta:
        return self.keep - self.remind


def terms(body: Body, sources: Mapping[str, Source]) -> dict[str, Term]:
    """Of the sources that have one: where nothing is said, all is kept."""
    return {
        code: Term(timedelta(days=keep), timedelta(days=remind))
        for code, source in sources.items()
        for keep, remind in [_said(body, source)]
        if keep is not None
    }


def odd_terms(body: Body, sources: Mapping[str, Source]) -> Iterator[Odd]:
    for code, source in sources.items():
        if source.kind and source.kind not in body.kinds:
            words = f'"{code}" is of the kind "{source.kind}", which body.toml has not in [kinds]'
            yield Odd("sources.toml", (code, "kind"), words)
            continue
        keep, remind = _said(body, source)
        if keep is not None and remind >= keep:
            words = (
                f'"{code}" is kept for {keep:,} days and announced {remind:,} days before that is'
                " over; announce it later"
            )
            yield Odd("sources.toml", (code,), words)
        if keep is not None and body.seals != "all" and not source.public:
            words = (
                f'words of "{code}" that are not confidential stand in the log in the clear, and'
                ' are never erased; seals = "all" in body.toml seals what comes from now on'
            )
            yield Odd("sources.toml", (code,), words, may_be_meant=True)


def _said(body: Body, source: Source) -> tuple[int | None, int]:
    levels: list[Keeping] = [source, body.kinds.get(source.kind, Keeping()), body]
    keep: Any = next((each.keep_days for each in levels if each.keep_days is not None), ALWAYS)
    remind = [each.remind_days for each in levels if each.remind_days is not None]
    return (None if keep == ALWAYS else keep), remind[0] if remind else REMIND_DAYS
