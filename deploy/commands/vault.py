"""`tribune erase`, `unseal` and `vault`: what is sealed, and the keys that it is sealed with."""

import json
from datetime import UTC, datetime
from pathlib import Path

from deploy.asking import request
from deploy.connecting import SETUP, connected
from deploy.given import id_given, report_given
from deploy.meant import settings_at_hand
from deploy.problems import FOUND_WRONG
from deploy.terminal import Terminal
from shared.runtime.outside import harmless
from shared.runtime.vault import upkeep
from shared.runtime.vault.beginning import mark_anew

console = Terminal(soft_wrap=True)


async def erase(data_dir: Path | None, report: str, reason: str, who: str) -> int:
    """Exit 1 if some of its words stay where they were not sealed."""
    report = report_given(report)
    async with connected(data_dir, services=True) as suite:
        body = {"report_id": report, "reason": reason, "who": who}
        done = await request(suite.client, "cmd.intake.EraseReport", body, within_s=30)
    console.print(f"{report} is erased: the key of its words is gone", highlight=False)
    _tell_kept(done["kept"])
    if done["in_the_clear"]:
        at = ", ".join(done["in_the_clear"])
        console.print(f"These words were not to be sealed when they came in, and stay: {at}")
    return FOUND_WRONG if done["in_the_clear"] or done["kept"] else 0


async def erase_person(data_dir: Path | None, person: str, reason: str, who: str) -> int:
    """Exit 1 if what a source called them stays in an inbox."""
    id_given(person)
    async with connected(data_dir, services=True) as suite:
        body = {"person_id": person, "reason": reason, "who": who}
        done = await request(suite.client, "cmd.intake.ErasePerson", body, within_s=30)
    console.print(
        f"{person} is erased: nobody can tell any more whom it stands for", highlight=False
    )
    _tell_kept(done["kept"])
    return FOUND_WRONG if done["kept"] else 0


def _tell_kept(inboxes: list[str]) -> None:
    for inbox in inboxes:
        console.print(
            f"What was sent stays in {inbox} until it is 30 days old: that inbox was declared"
            f" before words were deleted there; `tribune setup --anew {inbox}` mends it"
        )


async def unseal(data_dir: Path | None, report: str, by: dict[str, str], *, as_json: bool) -> int:
    async with connected(data_dir, services=True) as suite:
        body = {"report_id": report_given(report), **by}
        shown = await request(suite.client, "cmd.intake.UnsealReport", body)
    if as_json:
        print(json.dumps(shown))  # noqa: T201
        return 0
    for each in shown["words"]:
        for field in each.keys() - {"event", "at"}:
            print(f"{each['event']}  {each['at']}")  # noqa: T201
            print(harmless(each[field], keep="\n"))  # noqa: T201
    return 0


def rotate(data_dir: Path | None) -> int:
    settings = settings_at_hand(data_dir)
    count = upkeep.rotate(settings.vault_store, settings.vault_key)
    console.print(f"{count:,} keys are wrapped by a new master key, {settings.vault_key}.")
    console.print("Keep a copy of it, apart from those of the vault; older ones need the old key.")
    return 0


def back_up(data_dir: Path | None, file: Path) -> int:
    store = settings_at_hand(data_dir).vault_store
    copied = upkeep.back_up(store, file, datetime.now(UTC))
    before = (
        f"the one before is of {copied.before:%Y-%m-%d %H:%M} UTC" if copied.before else "the first"
    )
    console.print(f"{file} has {copied.keys:,} keys, all of them wrapped; {before}.")
    console.print(
        "Keep it apart from the master key, and not for long: what is erased opens in it."
    )
    return 0


async def begin(data_dir: Path | None) -> int:
    async with connected(data_dir, SETUP) as suite:
        settings = suite.settings
        store_id = upkeep.begin_anew(settings.vault_store, settings.vault_key)
        await mark_anew(suite.client, "intake", store_id)
    console.print(f"{settings.vault_store} is new. What was sealed before stays closed.")
    console.print("Keep copies of it and of the master key, each in a place of its own.")
    return 0
