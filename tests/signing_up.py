"""Somebody of the staff joins a suite that really runs, by an invitation and a code."""

import re
from base64 import b32decode

import httpx
from real_suite import Home
from visiting import GOOD, filled, sent

from deploy.embedded import Suite
from services.promotion.signing.codes import code_at, step_of
from shared.web.now import utc_now

SEED = re.compile(r'id="seed"[^>]*>(?:<[^>]+>)*([A-Z2-7 ]+)<')


async def editor(where: Home, suite: Suite, who: str = "eva") -> httpx.Cookies:
    """What her browser has once she has signed in."""
    said = where.tribune("staff", "invite", who, "--reason", "Begins on Monday")
    assert said.returncode == 0, said.stderr
    word = said.stdout.splitlines()[1].strip()
    address = f"http://127.0.0.1:{suite.ports['promotion-1']}"
    async with httpx.AsyncClient(
        base_url=address, trust_env=False, timeout=60, follow_redirects=True
    ) as visitor:
        page = await filled(
            visitor, f"/staff/join?who={who}", "/staff/join", word=word, fresh=GOOD, again=GOOD
        )
        found = SEED.search(page.text)
        assert found, page.text
        seed = found[1].replace(" ", "")
        code = code_at(b32decode(seed + "=" * (-len(seed) % 8)), step_of(utc_now()))
        await sent(visitor, page, "/staff/code", code=code)
        return visitor.cookies
