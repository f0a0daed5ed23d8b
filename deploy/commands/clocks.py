"""`tribune clock`: an editor stops or starts the clock of a check, or answers who asks for time."""

from pathlib import Path

from deploy.asking import request
from deploy.connecting import connected
from deploy.given import check_given
from deploy.terminal import Terminal

console = Terminal(soft_wrap=True)

TOLD = {
    "PauseCheck": ("its clock stands from now on", "its clock stood before"),
    "ResumeCheck": ("its clock runs again", "its clock ran before"),
    "GrantMoreTime": ("it is due as late as was asked for", "that was answered before"),
    "DeclineMoreTime": ("it stays due when it is", "that was answered before"),
}


async def turn(data_dir: Path | None, command: str, check: str, who: str, reason: str) -> int:
    own = check_given(check)
    async with connected(data_dir, services=True) as suite:
        body = {"check_id": own, "who": who, "reason": reason}
        done = await request(suite.client, f"cmd.intake.{command}", body, within_s=30)
    changed, before = TOLD[command]
    console.print(f"{own}: {changed if done['changed'] else before}", highlight=False)
    return 0
