"""Malformed forms of who reports on the site: no fault of ours, none lost, one answer each.

150 of them; with the deep profile 10,000.
"""

import random
from collections import Counter

from malformed import EVERY, FORM, SEED, a_type, as_form, changed, damaged, drawn, with_right_ones
from nats.aio.client import Client
from sqlalchemy import Engine
from street import CODE, hidden, passer_by, street, told
from upstream import answers


async def test_each_is_answered_and_whoever_got_a_code_is_in_the_inbox(
    nats: Client, database: Engine
) -> None:
    chance, count = random.Random(SEED), drawn(150)
    statuses, codes = Counter[int](), set[str]()
    async with street(nats, database) as here, passer_by(here) as client:
        form = hidden(await client.get("/report")) | told()

        def body() -> dict[str, str]:
            return form | {"once": f"{chance.getrandbits(128):032x}"}

        right = [(FORM, as_form(list(body().items()))) for _ in range(count // EVERY)]
        wrong = (
            (a_type(chance, FORM), damaged(chance, as_form(changed(chance, body()))))
            for _ in range(count)
        )
        for is_right, (kind, sent) in with_right_ones(chance, right, wrong):
            answer = await client.post("/report", content=sent, headers={"content-type": kind})
            statuses[answer.status_code] += 1
            assert answer.status_code < 500, (SEED, sent, answer.text)
            code = CODE.search(answer.text)
            assert code or not is_right, (sent, answer.text)
            if code:
                codes.add(code[1])
        found = await answers(nats, here.box)
        assert await here.messages() >= len(codes)
    assert sum(statuses.values()) == len(right) + count
    new = [each for each in found.accepted.values() if not each.duplicate]
    assert len(new) == len(codes) >= len(right)
    assert not found.dead
