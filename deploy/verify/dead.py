"""What lies in DEAD: it excuses what is missing elsewhere, if it can be read."""

from deploy.looking.reading import batches
from deploy.verify.case import Case
from deploy.verify.scratch import DeadRow

PARTS = 4


async def read_dead(case: Case) -> None:
    """Its subject says where a message came from: `dead.{service}.{stream}.{sequence}`."""
    if "DEAD" not in case.ends:
        return
    count = 0
    async for batch in batches(case.client, "DEAD", case.ends["DEAD"], headers_only=True):
        for message in batch:
            count += 1
            parts = message.subject.split(".")
            if len(parts) == PARTS and parts[3].isdecimal():
                case.scratch.add(DeadRow(parts[1], parts[2], int(parts[3])))
            else:
                where = f"DEAD/{message.sequence}"
                case.wrong("dead letters that can't be read", f"{where}: is no dead letter")
    if count:
        case.verdict.looked_at.append(f"DEAD: {count:,} dead letters, which wait to be redriven")
