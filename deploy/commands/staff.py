"""`tribune staff invite`: the word is made here, and the suite gets its digest alone."""

from pathlib import Path

from deploy.asking import request
from deploy.connecting import connected
from deploy.terminal import Terminal
from services.promotion.signing.codes import hashed_word, new_word

console = Terminal(soft_wrap=True)


async def invite(data_dir: Path | None, who: str, reason: str) -> int:
    word = new_word(15)
    async with connected(data_dir, services=True) as suite:
        body = {"who": who, "word": hashed_word(word), "reason": reason}
        answer = await request(suite.client, "cmd.promotion.InviteStaff", body)
        address = suite.settings.sites_for("promotion").base
    console.print(f"The invitation for {who}, which works once and for 48 hours:")
    console.print(f"  {word}", highlight=False)
    console.print(f"Where: {address}staff/join?who={who}", highlight=False)
    if answer["waits"]:
        console.print("It works once a second person has allowed it, on the page of acts.")
    return 0
