"""Staff sign in by a passphrase and a code that works once, and only those of the charter."""

import re
from html import unescape

import httpx
import pytest
from promotion_site import BASE, STAFF, PromotionSite
from visiting import GOOD, code_of, filled, is_in, joined, sent, signed_out, staff_signed_in

from services.promotion.site.signing import Invite, NoStaffError, invite
from shared.web.guard import opened_by

LINK = re.compile(r'href="([^"]+)"')
WRONG = "The name, the passphrase or the code is wrong."


async def test_somebody_invited_joins_and_signs_in_with_a_code(
    site: PromotionSite, visitor: httpx.AsyncClient
) -> None:
    seed, recovery = await joined(site, visitor, "ana")
    assert len(recovery) == 8
    page = (await visitor.get("/me")).text
    assert "You have signed in as ana." in page
    assert "Your roles: operator" in page
    await signed_out(visitor)
    assert (await staff_signed_in(visitor, "ana", code_of(seed, 1))).status_code == 200
    assert await is_in(visitor)


async def test_a_code_works_once_and_so_does_a_recovery_code(
    site: PromotionSite, visitor: httpx.AsyncClient
) -> None:
    seed, recovery = await joined(site, visitor, "ana")
    for code in (code_of(seed, 1), recovery[0].upper()):
        for status in (200, 403):
            await signed_out(visitor)
            assert (await staff_signed_in(visitor, "ana", code)).status_code == status
        site.desk.entrance.slowing.right(
            site.desk.entrance.name_of_staff("ana"), "network 127.0.0.0/24"
        )
    assert not await is_in(visitor)
    assert (await staff_signed_in(visitor, "ana", recovery[1])).status_code == 200


async def test_staff_are_led_to_their_own_form_and_back(
    site: PromotionSite, visitor: httpx.AsyncClient
) -> None:
    """From a page that is theirs alone; the form of members knows the way there, too."""
    seed, recovery = await joined(site, visitor, "ana")
    await signed_out(visitor)
    page = await visitor.get("/acts")
    there = f"{BASE}/staff/sign-in?back=%2Facts&of=promotion"
    assert str(page.url) == there
    fields = {"who": "ana", "passphrase": GOOD}
    wrong = await sent(visitor, page, "/staff/sign-in", code="000000", **fields)
    assert (wrong.status_code, GOOD in wrong.text) == (403, False)
    page = await sent(visitor, wrong, "/staff/sign-in", code=code_of(seed, 1), **fields)
    assert (page.status_code, page.url.path) == (200, "/acts")
    await signed_out(visitor)
    members = await visitor.get("/sign-in?back=%2Facts&of=promotion")
    (link,) = [each for each in LINK.findall(members.text) if "/staff/" in each]
    assert unescape(link) == "/staff/sign-in?back=/acts&of=promotion"
    for back in ("//elsewhere.example", "https://elsewhere.example"):
        page = await filled(
            visitor, "/staff/sign-in", code=recovery.pop(), back=back, of="promotion", **fields
        )
        assert page.url.path == "/me"
        await signed_out(visitor)


async def test_neither_of_the_two_is_enough_and_nobody_learns_which_was_wrong(
    site: PromotionSite, visitor: httpx.AsyncClient
) -> None:
    seed, _ = await joined(site, visitor, "ana")
    await signed_out(visitor)
    for who, passphrase, code in (
        ("ana", GOOD, "000000"),
        ("ana", "another passphrase", code_of(seed, 1)),
        ("ben", GOOD, code_of(seed, 1)),
        ("pia", GOOD, code_of(seed, 1)),
    ):
        page = await staff_signed_in(visitor, who, code, passphrase)
        assert (page.status_code, WRONG in page.text) == (403, True)
    assert not await is_in(visitor)
    page = await staff_signed_in(visitor, "ana", code_of(seed, 1))
    assert page.status_code == 200, "a wrong passphrase did not use the code up"


async def test_an_invitation_is_for_one_person_once(
    site: PromotionSite, visitor: httpx.AsyncClient
) -> None:
    word = await site.invited("ana")

    async def tried(who: str, given: str) -> httpx.Response:
        return await filled(visitor, "/staff/join", who=who, word=given, fresh=GOOD, again=GOOD)

    assert (await tried("ben", word)).status_code == 403
    assert (await tried("ana", word[:-1] + ("3" if word[-1] == "2" else "2"))).status_code == 403
    assert (await tried("ana", word.upper())).status_code == 200
    await joined(site, visitor, "ana")
    assert (await tried("ana", word)).status_code == 403


async def test_only_staff_who_sign_in_here_are_invited(site: PromotionSite) -> None:
    for who in ("nobody", "pia"):
        with pytest.raises(NoStaffError):
            await invite(site.desk, Invite(who=who, word="0" * 64, reason="Why not"))


async def test_a_first_code_that_is_wrong_is_asked_for_again(
    site: PromotionSite, visitor: httpx.AsyncClient
) -> None:
    word = await site.invited("ana")
    page = await filled(visitor, "/staff/join", who="ana", word=word, fresh=GOOD, again=GOOD)
    for code in ("000000", ""):
        page = await filled_again(visitor, page, code)
        assert page.status_code == 422
        assert 'id="code-error"' in page.text
        assert 'id="seed"' in page.text
    assert not await is_in(visitor)


async def filled_again(
    visitor: httpx.AsyncClient, page: httpx.Response, code: str
) -> httpx.Response:
    return await sent(visitor, page, "/staff/code", code=code)


async def test_each_of_the_staff_on_each_guarded_page(site: PromotionSite) -> None:
    found = [(route, opened_by(route)) for route in site.routes]
    guarded = [(route, roles) for route, roles in found if roles is not None]
    assert len(guarded) >= 7
    for who in ("ana", "eva", "aud"):
        roles = set(STAFF[who].roles)
        async with site.client() as visitor:
            await joined(site, visitor, who)
            for route, roles_wanted in guarded:
                named = dict.fromkeys(("act", "society", "petition", "post", "track"), "0" * 32)
                path = route.path.format(passkey="0" * 64, **named)
                method = "GET" if "GET" in (route.methods or ()) else "POST"
                answer = await visitor.request(method, path, follow_redirects=False)
                is_open = not roles_wanted or bool(roles & roles_wanted)
                refused = "your role does not open this page" in answer.text
                assert refused != is_open, (who, path)
