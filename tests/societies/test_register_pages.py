"""What a register says of an association is read by everybody; who joins speaks for nobody."""

from datetime import date
from uuid import uuid4

import httpx
import pytest
from promotion_site import PromotionSite
from test_society_pages import founded
from visiting import filled, until_shown

from services.promotion.domain.society_registered import RegisterSociety, Stated, words_of
from services.promotion.societies.registering import Registering
from shared.eventsourcing.envelope import Envelope
from shared.testing.examples import DAY, REGISTRATION_ID, SOCIETY_REGISTERED, varied

HERE = f"/societies/{REGISTRATION_ID}"
SAID = Stated("Друзья фонарей", "That no street is dark", ("light",))
REGISTERED = varied(SOCIETY_REGISTERED, words=words_of(REGISTRATION_ID, SAID))


async def stated(site: PromotionSite, event: object = REGISTERED, said: Stated = SAID) -> None:
    registering = Registering(site.handler, site.words)
    command = RegisterSociety(event, said)  # type: ignore[arg-type]
    (outcome,) = await registering.handle([Envelope(command, said_as := uuid4().hex, said_as)])
    assert outcome.error is None


@pytest.fixture
async def registered(site: PromotionSite) -> PromotionSite:
    await stated(site)
    return site


@pytest.mark.usefixtures("registered")
async def test_it_is_in_the_directory_from_its_register(stranger: httpx.AsyncClient) -> None:
    listed = await until_shown(stranger, "/societies?words=фонарей", "Друзья фонарей")
    assert "from the register of Register of Boston" in listed
    page = (await stranger.get(HERE)).text
    assert "From the register of Register of Boston, number W751000001." in page
    assert 'datetime="1898-05-01"' in page
    (told,) = (await stranger.get("/societies.json?tag=light")).json()["societies"]
    assert (told["registry"], told["founded_on"]) == ("rna", "1898-05-01")
    assert told["at_least"] is None


@pytest.mark.usefixtures("registered")
async def test_who_joins_words_nothing_and_ends_nothing(ann: httpx.AsyncClient) -> None:
    page = (await filled(ann, HERE, f"{HERE}/join")).text
    assert "You belong to it now." in page
    assert "Word it anew" not in page
    assert "Dissolve it for ever" not in page
    assert "when you leave it, it is dissolved" not in page
    own = "of what it is a member, and whether it goes on, is what its register says"
    worded = await filled(ann, f"{HERE}/words", name="Ours", cause="Mine")
    assert own in worded.text
    assert own in (await filled(ann, f"{HERE}/dissolve")).text
    assert "Друзья фонарей" in (await ann.get(HERE)).text
    left = await filled(ann, f"{HERE}/leave")
    assert "active" in left.text
    assert "Join it" in left.text


@pytest.mark.usefixtures("registered")
async def test_who_leads_one_of_a_register_makes_nobody_its_member(
    ann: httpx.AsyncClient, bob: httpx.AsyncClient
) -> None:
    """Else anybody could be in a real federation, by joining that before others do."""
    await filled(ann, HERE, f"{HERE}/join")
    lamps = await founded(bob, seen="yes")
    own = "of what it is a member, and whether it goes on, is what its register says"
    asked = await filled(bob, f"{lamps}/federations", what="ask", other=REGISTRATION_ID)
    assert own in asked.text
    for what in ("admit", "part"):
        other = lamps.rpartition("/")[2]
        assert own in (await filled(ann, f"{HERE}/federations", what=what, other=other)).text
    page = (await bob.get(lamps)).text
    assert HERE not in page


async def test_what_it_says_later_stands_there_and_one_that_ended_points_to_its_successor(
    registered: PromotionSite, stranger: httpx.AsyncClient
) -> None:
    other = Stated("Friends of all lamps")
    for at, into in enumerate(("c" * 32, None)):
        name = Stated(f"Light {at}")
        id_ = ("b" * 32, "c" * 32)[at]
        one = varied(REGISTERED, society_id=id_, words=words_of(id_, name), merged_into=into)
        await stated(registered, one, name)
    ended = varied(
        REGISTERED,
        at=REGISTERED.at + DAY,
        words=words_of(REGISTRATION_ID, other),
        ended_on=date(2030, 1, 5),
        merged_into="b" * 32,
    )
    await stated(registered, ended, other)
    page = (await stranger.get(HERE)).text
    assert "Friends of all lamps" in page
    assert "Друзья фонарей" not in page
    assert "merged into another" in page
    page = await until_shown(stranger, HERE, "It goes on as")
    assert f'<a href="/societies/{"c" * 32}"><bdi>Light 1</bdi></a>' in page, (
        "the last of the chain"
    )
    assert "Join it" not in page
    assert await registered.words.newest("фонарей") == []
