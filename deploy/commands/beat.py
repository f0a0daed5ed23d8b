"""`tribune beat`: who of the staff may says who reports about what, and how often."""

from pathlib import Path
from typing import Any

from deploy.asking import ask, request
from deploy.connecting import connected
from deploy.terminal import Terminal

console = Terminal(soft_wrap=True)


async def say(
    data_dir: Path | None, command: str, source: str, who: str, said: dict[str, Any], told: str
) -> int:
    """`command` of intake about one beat; `told` is how it is then."""
    body = {"source": source, "who": who, "said": said}
    async with connected(data_dir, services=True) as suite:
        done = await request(suite.client, f"cmd.intake.{command}", body, within_s=30)
    state = told if done["changed"] else "was so before"
    console.print(f"beat {done['id']}: {state}", highlight=False)
    return 0


async def list_beats(data_dir: Path | None) -> int:
    async with connected(data_dir, services=True) as suite:
        after: str | None = ""
        while after is not None:
            page = await ask(suite.client, "intake", "beats", {"after": after})
            for row in page["rows"]:
                console.print(line_of(row), highlight=False)
            after = page["after"]
    return 0


def line_of(row: dict[str, Any]) -> str:
    heard = f"last heard on {row['heard_on']}"
    if row["heard_on"] == row["since"]:
        heard = "not heard after its first day"
    ran_out = f", ran out on {row['ran_out_on']}" if row["ran_out_on"] else ""
    return (
        f"{row['beat_id']}  {row['place']} {row['sector']}  every {row['rhythm_days']} days"
        f" since {row['since']}: {row['state']}, {heard}{ran_out}"
    )
