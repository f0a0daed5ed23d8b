"""Whether there is a suite that takes in from a source: asked before a long file is read."""

from pathlib import Path

from deploy.asking import NoAnswerError, NobodyAnswersError, ask
from deploy.connecting import Connected, connected
from deploy.feeding.sending import Door
from deploy.given import UnknownNameError
from deploy.terminal import Terminal

INBOX = "inbox "
"""So the loops of inboxes begin, with their source behind it."""

console = Terminal(stderr=True)


async def require_suite(data_dir: Path | None, source: str) -> int:
    """Raises NoSuiteError, UnknownNameError, DoorError."""
    async with connected(data_dir, services=True) as suite:
        await _require_source(suite, source)
        await Door(suite.client, source).open()
    return 0


async def _require_source(suite: Connected, source: str) -> None:
    """Intake knows from whom it takes in, and a charter at hand may be another one."""
    try:
        said = await ask(suite.client, "intake")
    except NoAnswerError:
        return
    except NobodyAnswersError:
        console.print(
            f"intake does not run in {suite.where}: what is sent is safe in its inbox, and answered"
            " once it runs; until then this waits",
            highlight=False,
            soft_wrap=True,
        )
        return
    loops = [*said["positions"], *said["standby"]]
    known = sorted(name.removeprefix(INBOX) for name in loops if name.startswith(INBOX))
    if source not in known:
        raise UnknownNameError(
            f"{suite.where} has no source {source}, which the mapping names; it takes in from"
            f" {', '.join(known) or 'none'}. Name {source} in the sources.toml of its charter"
            f"{_and_then(suite)}"
        )


def _and_then(suite: Connected) -> str:
    """Of a folder's suite it is known which charter it goes by."""
    if suite.data_dir:
        return f" ({suite.settings.charter_dir}) and start it again"
    return " and start it again, with docker compose after `docker compose run --rm setup`"
