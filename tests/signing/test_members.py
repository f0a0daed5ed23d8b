"""Members sign up, in and out over HTTP, and nobody else comes in."""

import re

import httpx
from nats.aio.client import Client
from promotion_site import BASE, PromotionSite
from visiting import GOOD, filled, is_in, signed_in, signed_out, signed_up

from shared.eventsourcing.jetstream.connection import Client as Connection

WRONG = "The number or the passphrase is wrong."


async def test_a_member_signs_up_out_and_in_by_number(visitor: httpx.AsyncClient) -> None:
    number = await signed_up(visitor)
    assert re.fullmatch(r"\d{4} \d{4} \d{4}", number)
    assert "You have signed in as a member." in (await visitor.get("/me")).text
    assert "You have signed out." in (await signed_out(visitor)).text
    assert not await is_in(visitor)
    assert "You have signed in as a member." in (await signed_in(visitor, number)).text


async def test_the_cookie_is_out_of_reach(site: PromotionSite) -> None:
    async with site.client() as visitor:
        await signed_up(visitor)
        page = await visitor.get("/me")
        assert page.headers["Cache-Control"] == "no-store"
        (cookie,) = [each for each in visitor.cookies.jar if "session" in each.name]
        assert (cookie.name, cookie.path, cookie.has_nonstandard_attr("HttpOnly")) == (
            "tribune_session",
            "/",
            True,
        )
        assert cookie.get_nonstandard_attr("SameSite") == "strict"
    async with site.client() as visitor:
        visitor.base_url = httpx.URL(BASE.replace("http:", "https:"))
        await signed_up(visitor)
        (cookie,) = [each for each in visitor.cookies.jar if "session" in each.name]
        assert (cookie.name, cookie.secure) == ("__Host-tribune_session", True)


async def test_what_is_wrong_is_not_told_and_nobody_comes_in(visitor: httpx.AsyncClient) -> None:
    number = await signed_up(visitor)
    await signed_out(visitor)
    for tried, passphrase in (
        (number, "another passphrase"),
        ("0000 0000 0000", GOOD),
        ("no number", GOOD),
    ):
        page = await signed_in(visitor, tried, passphrase)
        assert page.status_code == 403
        assert WRONG in page.text
        assert passphrase not in page.text
        assert not await is_in(visitor)
    assert (await signed_in(visitor, number, "")).status_code == 422


async def test_a_poor_passphrase_is_told_beside_its_field(visitor: httpx.AsyncClient) -> None:
    page = await filled(visitor, "/sign-up", fresh="short", again="short")
    assert page.status_code == 422
    assert 'id="fresh-error"' in page.text
    page = await filled(visitor, "/sign-up", fresh=GOOD, again=GOOD + "!")
    assert 'id="again-error"' in page.text
    assert GOOD not in page.text
    assert not await is_in(visitor)


async def test_nobody_signs_in_by_another_page(visitor: httpx.AsyncClient) -> None:
    number = await signed_up(visitor)
    await signed_out(visitor)
    fields = {"number": number, "passphrase": GOOD, "token": "x"}
    assert (await visitor.post("/sign-in", data=fields)).status_code == 403
    assert not await is_in(visitor)


async def test_who_is_led_to_sign_in_is_led_back_and_nowhere_else(
    visitor: httpx.AsyncClient,
) -> None:
    number = await signed_up(visitor)
    await signed_out(visitor)
    page = await visitor.get("/me/passphrase")
    assert str(page.url) == f"{BASE}/sign-in?back=%2Fme%2Fpassphrase&of=promotion"
    page = await signed_in(visitor, number, page=str(page.url))
    assert page.url.path == "/me/passphrase" or "Member number" in page.text
    await signed_out(visitor)
    for back in ("//elsewhere.example", "https://elsewhere.example", "/\\elsewhere.example"):
        page = await filled(
            visitor, "/sign-in", number=number, passphrase=GOOD, back=back, of="promotion"
        )
        assert page.url.path == "/me"
        await signed_out(visitor)


async def test_signing_out_everywhere_ends_all_sessions_at_every_service(
    site: PromotionSite, visitor: httpx.AsyncClient
) -> None:
    number = await signed_up(visitor)
    async with site.client() as other:
        await signed_in(other, number)
        stolen = dict(other.cookies)
        await signed_out(visitor, "/sign-out-everywhere")
        assert not await is_in(other)
        await signed_in(other, number)
        assert await is_in(other)
        other.cookies.clear()
        other.cookies.update(stolen)
        assert not await is_in(other)


async def test_another_passphrase_ends_the_sessions_of_whoever_had_the_old_one(
    site: PromotionSite, visitor: httpx.AsyncClient
) -> None:
    number = await signed_up(visitor)
    async with site.client() as thief:
        await signed_in(thief, number)
        fresh = "eight blue lamps by day"
        page = await filled(visitor, "/me/passphrase", old="wrong", fresh=fresh, again=fresh)
        assert page.status_code == 403
        await filled(visitor, "/me/passphrase", old=GOOD, fresh=fresh, again=fresh)
        assert await is_in(visitor)
        assert not await is_in(thief)
        assert (await signed_in(thief, number)).status_code == 403
        assert (await signed_in(thief, number, fresh)).status_code == 200


async def test_trying_from_elsewhere_delays_there_and_not_at_home(
    site: PromotionSite, visitor: httpx.AsyncClient
) -> None:
    number = await signed_up(visitor)
    await signed_out(visitor)
    async with site.client(client=("198.51.100.7", 1)) as attacker:
        answers = [await signed_in(attacker, number, "a guess of theirs") for _ in range(6)]
        assert [answer.status_code for answer in answers] == [403] * 4 + [429] * 2
        assert int(answers[-1].headers["Retry-After"]) >= 1
        assert "Please wait" in answers[-1].text
        assert (await signed_in(attacker, number)).status_code == 429, "the right one waits, too"
        assert (await signed_in(visitor, number)).status_code == 200
        answers = [await signed_in(attacker, "0000 0000 0000", "a guess") for _ in range(6)]
        assert [answer.status_code for answer in answers] == [403] * 4 + [429] * 2, (
            "a number that nobody has is answered the same way"
        )


async def test_an_own_browser_is_not_delayed_by_others_behind_the_same_proxy(
    site: PromotionSite, visitor: httpx.AsyncClient
) -> None:
    number = await signed_up(visitor)
    await signed_out(visitor)
    await filled(visitor, "/sign-in", number=number, passphrase=GOOD, mine="yes")
    await signed_out(visitor)
    async with site.client() as neighbour:
        for _ in range(6):
            answer = await signed_in(neighbour, number, "a guess of theirs")
        assert answer.status_code == 429
        assert (await signed_in(visitor, number)).status_code == 200


async def test_no_secret_is_in_the_log(nats: Client, visitor: httpx.AsyncClient) -> None:
    number = await signed_up(visitor)
    await signed_in(visitor, number)
    whole = await _all_of(nats)
    assert b"LoginOpened" in whole
    for secret in (GOOD, number, number.replace(" ", ""), "argon2"):
        assert secret.encode() not in whole


async def _all_of(nats: Connection) -> bytes:
    jetstream, found = nats.jetstream(), []
    end = (await jetstream.stream_info("PROMOTION")).state.last_seq
    for sequence in range(1, end + 1):
        message = await jetstream.get_msg("PROMOTION", sequence)
        found.append(f"{message.subject} {message.headers}".encode() + (message.data or b""))
    return b"\n".join(found)
