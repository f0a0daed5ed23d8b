"""What intake answers by request and reply about clocks of checks."""

from typing import Any

from services.intake.clocking import Clocking, OfAClock
from shared.runtime.broker import answers
from shared.runtime.runtime import Runtime

NAME = "intake"


def serve_clocks(runtime: Runtime, clocking: Clocking) -> None:
    @answers(runtime.broker, "cmd.intake.PauseCheck", "PauseCheck", NAME)
    async def pause(asked: OfAClock) -> dict[str, Any]:
        """Its owner waits for somebody else, says an editor: its clock stands."""
        return await clocking.pause(asked)

    @answers(runtime.broker, "cmd.intake.ResumeCheck", "ResumeCheck", NAME)
    async def resume(asked: OfAClock) -> dict[str, Any]:
        """Its clock runs again, says an editor."""
        return await clocking.resume(asked)

    @answers(runtime.broker, "cmd.intake.GrantMoreTime", "GrantMoreTime", NAME)
    async def grant(asked: OfAClock) -> dict[str, Any]:
        """It may be done as late as its owner asked, says an editor."""
        return await clocking.grant(asked)

    @answers(runtime.broker, "cmd.intake.DeclineMoreTime", "DeclineMoreTime", NAME)
    async def decline(asked: OfAClock) -> dict[str, Any]:
        """It stays due when it is, says an editor, though its owner asked for more time."""
        return await clocking.decline(asked)
