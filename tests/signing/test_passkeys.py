"""What a device is asked, and whatever else is said in its place opens nothing."""

import json

import httpx
import pytest
from promotion_site import PromotionSite
from visiting import filled, is_in, signed_out, signed_up

from services.promotion.signing.passkeys import Here, Passkeys, new_challenge

HERE = Here("tribune.test", "http://tribune.test")


def test_no_two_challenges_are_the_same() -> None:
    assert len({new_challenge() for _ in range(100)}) == 100


async def test_a_device_is_asked_to_unlock_itself_and_gets_no_name(
    site: PromotionSite, visitor: httpx.AsyncClient
) -> None:
    number = await signed_up(visitor)
    session = site.desk.guard.sessions.read(
        visitor.cookies["tribune_session"], site.desk.guard.now()
    )
    assert session
    passkeys = Passkeys(site.desk.entrance)
    asked = json.loads(passkeys.options_for_new(session, new_challenge(), HERE, "A house"))
    assert asked["authenticatorSelection"]["userVerification"] == "required"
    assert asked["user"]["name"] == "A house"
    assert number.replace(" ", "") not in json.dumps(asked)
    assert json.loads(passkeys.options(new_challenge(), HERE))["userVerification"] == "required"


@pytest.mark.parametrize(
    "said", ["", "x", "{}", "[]", '{"rawId": 7}', '{"rawId": "AAAA"}', "null", '{"rawId": "é"}']
)
async def test_nothing_else_opens(visitor: httpx.AsyncClient, said: str) -> None:
    await signed_up(visitor)
    assert (await filled(visitor, "/me/passkey", credential=said)).status_code == 403
    await signed_out(visitor)
    assert (await filled(visitor, "/passkey", credential=said)).status_code == 403
    assert not await is_in(visitor)
