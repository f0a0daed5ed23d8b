"""Which societies are found: words and rows lie in two databases, and neither is gone through."""

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, replace

from services.promotion.projections.societies_found import Sought
from services.promotion.societies.doing import Societies
from shared.eventsourcing.projections.read_model import Row

AT_ONCE = 200
MOST_AT_ONCE = 6_400

Ask = Callable[[Sought], Awaitable[list[Row]]]


@dataclass(frozen=True)
class Directory:
    """`rows` asks for societies by where, about what and how they live."""

    societies: Societies
    rows: Ask
    at_once: int = AT_ONCE

    async def found(self, sought: Sought, typed: str = "", tag: str = "") -> list[Row]:
        """The newest first. Few societies with these words are looked for among the rows; where
        many have them, the rows are gone through from the newest on, and soon there are enough.
        Each page costs a search of all words, so each is twice as long as the one before."""
        if not typed.strip() and not tag:
            return await self.rows(sought)
        few = await self.societies.sought(typed, tag)
        if few.is_all:
            return await self.rows(replace(sought, among=few.ids)) if few.ids else []
        found: list[Row] = []
        page = replace(sought, limit=self.at_once)
        while len(found) < sought.limit:
            rows = await self.rows(page)
            ids = [row["society_id"] for row in rows]
            there = (await self.societies.sought(typed, tag, ids)).ids if ids else ()
            found += [row for row in rows if row["society_id"] in there]
            if len(rows) < page.limit:
                break
            page = replace(page, before=rows[-1]["sequence"])
            page = replace(page, limit=min(2 * page.limit, MOST_AT_ONCE))
        return found[: sought.limit]

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
