"""As which society one goes on that was merged into another, which may have been merged itself."""

from services.promotion.societies.doing import Societies

MOST_STEPS = 50


async def head_of(societies: Societies, society_id: str) -> str:
    """The last of the chain; of those that a register merged into each other in a ring, and of a
    chain that leads to one nobody knows, the last that is known. Itself if it goes on."""
    head, seen = society_id, {society_id}
    for _ in range(MOST_STEPS):
        entry = (await societies.one(head)).entry
        into = entry.merged_into if entry else None
        if into is None or into in seen or (await societies.one(into)).life == "unknown":
            return head
        head = into
        seen.add(into)
    return head
