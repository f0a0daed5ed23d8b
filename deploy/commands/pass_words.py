"""`tribune pass`: an editor lets words of a check be public."""

from pathlib import Path

from deploy.asking import request
from deploy.commands.withdraw import behind
from deploy.connecting import connected
from deploy.terminal import Terminal

console = Terminal(soft_wrap=True)


async def pass_check(data_dir: Path | None, public_id: str, who: str, reason: str) -> int:
    async with connected(data_dir, services=True) as suite:
        own = await behind(suite, "check", public_id)
        body = {"check_id": own, "who": who, "reason": reason}
        done = await request(suite.client, "cmd.intake.PassWords", body, within_s=30)
    told = "may be public now" if done["passed"] else "were public before"
    console.print(f"owner and task of {public_id} {told}", highlight=False)
    return 0
