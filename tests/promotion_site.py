"""Promotion's pages of signing in over a real log, with some staff; passphrases are cheap."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import httpx
from argon2 import PasswordHasher
from nats.aio.client import Client
from public_site import CHARTER
from sqlalchemy import Engine
from starlette.routing import Route

from services.promotion.app import BESIDE, READ_MODELS
from services.promotion.credentials.consents import Consents
from services.promotion.credentials.signer import Signer
from services.promotion.credentials.told import Tracks
from services.promotion.domain.member import category
from services.promotion.domain.track import Track
from services.promotion.petitions.words import PetitionWords
from services.promotion.posts.doing import Posts
from services.promotion.projections import acts as acts_rows
from services.promotion.reactions import REACTIONS
from services.promotion.signing.acts import Acts
from services.promotion.signing.codes import hashed_word, new_word
from services.promotion.signing.entrance import Entrance
from services.promotion.signing.giving import Giving
from services.promotion.signing.invitations import Invitations
from services.promotion.signing.keyring import Keyring
from services.promotion.signing.passphrases import Passphrases
from services.promotion.signing.provider import Provider
from services.promotion.signing.slowing import Slowing
from services.promotion.signing.store import Store
from services.promotion.site.acts_page import ActsPage
from services.promotion.site.credentialing import credential_routes
from services.promotion.site.desk import Desk
from services.promotion.site.member_pages import MemberPages
from services.promotion.site.passkey_pages import PasskeyPages
from services.promotion.site.petition_desk import PetitionDesk
from services.promotion.site.petitioning import petition_desk, petition_pages
from services.promotion.site.post_forms import PostForms
from services.promotion.site.posting import post_pages, post_rows
from services.promotion.site.posts_page import PostDesk
from services.promotion.site.provider_pages import ProviderPages
from services.promotion.site.signing import Invite, invite
from services.promotion.site.society_desk import SocietyDesk
from services.promotion.site.society_forms import SocietyForms
from services.promotion.site.staff_pages import StaffPages
from services.promotion.site.together import society_pages, society_rows
from services.promotion.site.tracking import track_pages, what_if_page
from services.promotion.site.ways_pages import WaysPages
from services.promotion.societies.doing import Societies
from services.promotion.societies.words import SocietyWords
from shared.contracts.act import ActKind
from shared.eventsourcing.codec import Codec
from shared.eventsourcing.command_handler import CommandHandler
from shared.eventsourcing.jetstream.event_store import JetStreamEventStore
from shared.eventsourcing.projections.database import ask_in
from shared.eventsourcing.projections.prepare import prepare
from shared.eventsourcing.projections.projections import Projections
from shared.eventsourcing.reactor import Reactor
from shared.runtime.charter_models import Person
from shared.runtime.charter_petitions import PetitionsTold
from shared.runtime.http import public_app
from shared.runtime.sessions import follow_sessions
from shared.testing.examples import ROXBURY, STREET_LIGHTS
from shared.web.addresses import Addresses
from shared.web.frame import Frame, House
from shared.web.guard import Guard
from shared.web.language import Language
from shared.web.now import Now, utc_now
from shared.web.session_signer import SessionSigner
from shared.web.sessions import EVER, Sessions
from shared.web.sites import Sites

BASE = "http://tribune.test"
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
STAFF = {
    "ana": Person(name="Ana Ruiz", roles=["operator"]),
    "ben": Person(name="Ben Okri", roles=["operator"]),
    "eva": Person(name="Eva Lind", roles=["editor"]),
    "aud": Person(name="Aud Berg", roles=["auditor"]),
    "pla": Person(name="Pla Moor", roles=["placer"]),
    "plo": Person(name="Plo Lund", roles=["placer"]),
    "pia": Person(name="Pia Roth", roles=["operator"], subject="pia-at-the-provider"),
}
WRITTEN = """[[track]]
name = "correspondent"
version = 1
title = "Correspondent"
confirmed = 1
sectors = 1
days = 1
refuted_share = 0.25
"""
(DO_ACTS,) = [each for each in REACTIONS if each.name == "acts"]
WITHIN_S = 30.0


@dataclass
class PromotionSite:
    nats: Client
    engine: Engine
    language: Language = field(default_factory=Language)
    staff: Mapping[str, Person] = field(default_factory=lambda: STAFF)
    second_person: frozenset[ActKind] = frozenset(("close-login", "invite-again"))
    sites: Sites = field(default_factory=lambda: Sites("promotion", {"promotion": ""}))
    provider: Provider | None = None
    addresses: Addresses = field(default_factory=Addresses)
    key: bytes = b"a key of promotion for tests only"
    passphrases: Passphrases = field(default_factory=lambda: Passphrases(CHEAP))
    now: Now = utc_now
    tracks: Sequence[Track] = ()
    petition_terms: PetitionsTold = field(default_factory=PetitionsTold)
    two_place: bool = False

    def __post_init__(self) -> None:
        self.keyring = Keyring(self.key)
        self.handler = handler = CommandHandler(
            JetStreamEventStore(self.nats, Codec()), [category(self.tracks), *BESIDE], utc_now
        )
        signer, sessions = SessionSigner(self.keyring.session_seed), Sessions()
        house = House(CHARTER.name, CHARTER.notice)
        frame = Frame(house, "promotion", self.sites, language=self.language)
        frame.take_in(Path("services/promotion/site").resolve())
        roles = {code: frozenset[str](person.roles) for code, person in self.staff.items()}
        guard = Guard(frame, sessions, roles, self.now)
        giving = Giving(handler, sessions, signer.announced())
        self.store = Store(self.engine, self.keyring)
        entrance = Entrance(
            giving, self.store, self.keyring, self.passphrases, Slowing(), self.staff, self.now
        )
        invitations = Invitations(entrance, self.second_person)
        acts = Acts(entrance, invitations)
        self.desk = Desk(guard, signer, entrance, invitations, acts, self.addresses)
        prepare(self.engine, READ_MODELS)
        projections = Projections(self.engine, READ_MODELS, Codec())
        self.routes = [
            *MemberPages(self.desk).routes(),
            *PasskeyPages(self.desk).routes(),
            *WaysPages(self.desk).routes(),
            *StaffPages(self.desk, self.provider.name if self.provider else "").routes(),
            *(ProviderPages(self.desk, self.provider).routes() if self.provider else ()),
            *ActsPage(self.desk, self._newest).routes(),
            *society_pages(self._society_desk(guard)),
            *petition_pages(self._petition_desk(guard)),
            *post_pages(post_desk := self._post_desk(guard)),
            *what_if_page(post_desk, self.nats, WRITTEN).routes(),
            *self._track_pages(guard),
        ]
        self.consents = Consents(handler, Signer(self.key), self.now, timedelta(days=365))
        ask = partial(ask_in, self.engine)
        self.routes += credential_routes(guard, self.consents, Tracks(self.tracks), ask)
        self.app = public_app(frame, self.routes)
        self.tasks = [
            asyncio.create_task(each)
            for each in (
                follow_sessions(self.nats, sessions),
                projections.run(self.nats, "test-projections", None),
                Reactor(self.nats, DO_ACTS, handler).run(),
            )
        ]

    def _society_desk(self, guard: Guard) -> SocietyDesk:
        self.words = SocietyWords(self.engine)
        over = guard.sessions.over
        self.societies = Societies(
            self.handler, self.words, self.now, lambda login_id: over.get(login_id) == EVER
        )
        return SocietyDesk(
            SocietyForms(guard),
            self.societies,
            society_rows(partial(ask_in, self.engine)),
            {"everywhere": "Everywhere", "us.ma.boston": "Boston", ROXBURY: "Roxbury"},
            {STREET_LIGHTS: "Street lights"},
            smallest=5,
            beside=lambda _: (),
            sources={"rna": "Register of Boston"},
        )

    def _petition_desk(self, guard: Guard) -> PetitionDesk:
        self.petition_words = PetitionWords(self.engine)
        desk = petition_desk(
            guard,
            self.handler,
            self.petition_words,
            self.petition_terms,
            self.societies,
            partial(ask_in, self.engine),
            (
                {"everywhere": "Everywhere", "us.ma.boston": "Boston", ROXBURY: "Roxbury"},
                {STREET_LIGHTS: "Street lights"},
            ),
            smallest=2,
        )
        self.petitions = desk.petitions
        return desk

    def _post_desk(self, guard: Guard) -> PostDesk:
        ask = partial(ask_in, self.engine)
        key = guard.frame.cookies.key
        self.posts = Posts(self.handler, post_rows(ask), self.now, key)
        return PostDesk(
            PostForms(guard),
            self.posts,
            {"everywhere": "Everywhere", "us.ma.boston": "Boston", ROXBURY: "Roxbury"},
            {STREET_LIGHTS: "Street lights"},
            {each.name: each.title for each in self.tracks},
            smallest=5,
            second_person=self.two_place,
        )

    def _track_pages(self, guard: Guard) -> list[Route]:
        names = {"us.ma.boston": "Boston", ROXBURY: "Roxbury"}, {STREET_LIGHTS: "Street lights"}
        store = JetStreamEventStore(self.nats, Codec())
        return track_pages(guard, self.handler, store, self.tracks, names)

    async def begins(self) -> None:
        """Once it knows of all that are signed out."""
        sessions = self.desk.guard.sessions
        async with asyncio.timeout(WITHIN_S):
            while not sessions.is_current:
                await asyncio.sleep(0.005)

    async def invited(self, who: str) -> str:
        """The word that the command line would show."""
        word = new_word()
        asked = Invite(who=who, word=hashed_word(word), reason="Begins on Monday")
        await invite(self.desk, asked)
        return word

    @asynccontextmanager
    async def client(self, **options: Any) -> AsyncIterator[httpx.AsyncClient]:
        transport = httpx.ASGITransport(self.app, **options)
        async with httpx.AsyncClient(
            transport=transport, base_url=BASE, follow_redirects=True
        ) as client:
            yield client

    async def _newest(self, limit: int) -> list[Mapping[str, Any]]:
        with self.engine.connect().execution_options(reads_only=True) as connection:
            return list(acts_rows.newest(connection, limit))


@asynccontextmanager
async def promotion_site(
    nats: Client, engine: Engine, **given: Any
) -> AsyncIterator[PromotionSite]:
    site = PromotionSite(nats, engine, **given)
    try:
        await site.begins()
        yield site
    finally:
        for task in site.tasks:
            task.cancel()
        await asyncio.gather(*site.tasks, return_exceptions=True)
