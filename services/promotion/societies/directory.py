"""Which societies are found: words and rows lie in two databases, and neither is gone through."""

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, replace

from services.promotion.projections.societies_found import Sought
from services.promotion.societies.doing import Societies
from shared.eventsourcing.projections.read_model import Row

AT_ONCE = 100
MOST_AT_ONCE = 1_600

Ask = Callable[[Sought], Awaitable[list[Row]]]


@dataclass(frozen=True)
class Directory:
    """`rows` asks for societies by where, about what and how they live."""

    societies: Societies
    rows: Ask
    at_once: int = AT_ONCE

    async def found(self, sought: Sought, typed: str = "", tag: str = "") -> list[Row]:
        """The newest first; of words those worded last, whose `sequence` then is that of the words.
        They are taken some at a time and looked for among the rows until there are enough; each
        time twice as many, for few may be at this place."""
        if not typed.strip() and not tag:
            return await self.rows(sought)
        found: dict[str, Row] = {}
        before, most = sought.before, self.at_once
        while len(found) < sought.limit:
            said = await self.societies.newest(typed, tag, before, most)
            closed = self.societies.is_closed
            ids = [each.society_id for each in said if not closed(each.author)]
            page = replace(sought, among=ids, before=None, limit=len(ids))
            rows = {row["society_id"]: row for row in await self.rows(page)} if ids else {}
            for number, society_id, _ in said:
                if society_id in rows and society_id not in found:
                    found[society_id] = rows[society_id] | {"sequence": number}
            if len(said) < most:
                break
            before, most = said[-1].number, min(2 * most, MOST_AT_ONCE)
        return list(found.values())[: sought.limit]

    async def alike(
        self, said: str, places: Collection[str], sectors: Collection[str]
    ) -> list[Row]:
        """Who else cares about this: those of one of the places or sectors first, then those that
        share more of the words."""
        ids = await self.societies.alike(said)
        rows = {row["society_id"]: row for row in await self.rows(_all_of(ids))} if ids else {}

        def is_far(row: Row) -> bool:
            shares = {*row["places"].split()} & {*places} or {*row["sectors"].split()} & {*sectors}
            return not shares

        return sorted((rows[each] for each in ids if each in rows), key=is_far)


def _all_of(ids: Collection[str]) -> Sought:
    return Sought(among=ids, limit=len(ids))
