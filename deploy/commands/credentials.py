"""`tribune credentials`: the keys by which credentials are verified, and the end of one."""

from pathlib import Path

from deploy.asking import request
from deploy.connecting import connected
from deploy.terminal import Terminal

console = Terminal(soft_wrap=True)


async def keys(data_dir: Path | None) -> int:
    async with connected(data_dir, services=True) as suite:
        answer = await request(suite.client, "query.promotion.issuer_keys", {})
    for key in answer["keys"]:
        is_own = key["key_id"] == answer["own"]
        state = "ended" if key["ended"] else "signs" if is_own else "good for what it signed"
        console.print(f"{key['key_id']}  {state}", highlight=False)
    if not answer["keys"]:
        console.print("No credential was allowed yet, so no key was announced.")
    return 0


async def end_key(data_dir: Path | None, key_id: str, reason: str) -> int:
    async with connected(data_dir, services=True) as suite:
        body = {"key_id": key_id, "reason": reason}
        await request(suite.client, "cmd.promotion.EndIssuerKey", body)
    console.print(f"{key_id} is ended: nothing that it signed is good any more.", highlight=False)
    return 0
