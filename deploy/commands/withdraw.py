"""`tribune withdraw`: an editor takes back what is public of a report or a check."""

from contextlib import aclosing
from pathlib import Path

from deploy.asking import request
from deploy.connecting import Connected, connected
from deploy.given import UnknownNameError
from deploy.looking.ids import Names
from deploy.terminal import Terminal
from services.publishing.settings import known_release_key

COMMANDS = {"report": "cmd.intake.WithdrawReport", "check": "cmd.intake.WithdrawCheck"}
console = Terminal(soft_wrap=True)


async def withdraw(data_dir: Path | None, what: str, public_id: str, who: str, reason: str) -> int:
    async with connected(data_dir, services=True) as suite:
        own = await behind(suite, what, public_id)
        body = {f"{what}_id": own, "who": who, "reason": reason}
        done = await request(suite.client, COMMANDS[what], body, within_s=30)
    if done["withdrawn"]:
        console.print(f"{public_id} is withdrawn; pages and feeds say why", highlight=False)
    else:
        console.print(f"{public_id} was withdrawn before; that reason stays", highlight=False)
    return 0


async def behind(suite: Connected, what: str, public_id: str) -> str:
    """What it is called inside. Only who has the release key can tell."""
    key = known_release_key(suite.settings)
    if key is None:
        raise UnknownNameError(
            "the release key is not known here (TRIBUNE_RELEASE_KEY, or release.key in the data"
            " folder), so nothing tells what a public id stands for"
        )
    async with aclosing(Names((), key).of_the_public(suite.client, public_id, what)) as found:
        async for one in found:
            return one.id
    raise UnknownNameError(f"there is no {what} whose public id is {public_id}")
