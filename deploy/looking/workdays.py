"""Days of work of all members, from the log, each with the events that it rests on."""

from collections import defaultdict
from contextlib import aclosing

from deploy.looking.lookup import Log
from deploy.looking.members import Tell, of_all
from services.promotion.workdays import Workday, told_by
from shared.contracts.reference import Reference


async def workdays(log: Log, tell: Tell) -> dict[Workday, list[Reference]]:
    """What was taken back is left out, with as many of its events: which of one day they are, and
    by one confirmer, makes no difference."""
    found: dict[Workday, list[Reference]] = defaultdict(list)
    async with aclosing(of_all(log, tell)) as read:
        async for recorded in read:
            if (told := told_by(recorded.event)) is None:
                continue
            one, by = told
            if by > 0:
                found[one].append(recorded.reference)
            elif found[one]:
                found[one].pop()
    return {one: at for one, at in found.items() if at}
