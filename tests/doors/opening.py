"""The house is opened: its services begin, and people join, sign in and are signed out."""

import asyncio
import json
import os
from base64 import b32decode, urlsafe_b64decode
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from http import HTTPStatus
from pathlib import Path

import httpx
from house import BASE, KEY, STAFF, House
from pydantic import SecretStr
from visiting import GOOD, TOKEN, code_of, filled, is_in, sent, signed_out, signed_up, until_shown

import services.intake.app
import services.promotion.app
import services.publishing.app
import services.publishing.gate
from deploy.suite import program_named
from services.promotion.signing.codes import hashed_word, new_word
from shared.eventsourcing.jetstream.streams import declare, suite_streams
from shared.runtime.foundation import foundation
from shared.runtime.private import keep_private
from shared.runtime.service import apps
from shared.runtime.settings import Settings
from shared.testing.servers import NatsServer
from shared.web.sessions import Session

COMPOSED = {
    "intake": services.intake.app.compose,
    "promotion": services.promotion.app.compose,
    "publishing": services.publishing.app.compose,
    "gate": services.publishing.gate.compose,
}
WITHIN_S = 60.0


@asynccontextmanager
async def house(server: NatsServer, folder: Path) -> AsyncIterator[House]:
    data, charter = folder / "data", folder / "charter"
    charter.mkdir(parents=True)
    for file in Path("deploy/charter").glob("*.toml"):
        (charter / file.name).write_bytes(file.read_bytes())
    people = "".join(f'[person.{n}]\nname = "{n}"\nroles = ["{r}"]\n' for n, r in STAFF.items())
    (charter / "staff.toml").write_text(f'second_person = ["close-login"]\n{people}')
    before = keep_private(data)
    settings = Settings(
        _env_file=None,
        nats_url=SecretStr(server.url),
        nats_monitor_url=server.monitor_url,
        data_dir=data,
        inbox_max_bytes=2**20,
        charter_dir=charter,
        signing_key=SecretStr(KEY),
        security_contact="mailto:holes@tribune.test",
        oidc_issuer="http://127.0.0.1:9",
        oidc_client_id="tribune",
    )
    runtimes, doors, tasks = {}, {}, []
    async with AsyncExitStack() as ends:
        ends.callback(os.umask, before)
        for name, compose in COMPOSED.items():
            runtime = await ends.enter_async_context(
                foundation(program_named(name), settings, asyncio.Event())
            )
            assert runtime
            if not runtimes:
                streams = suite_streams(runtime.charter.inboxes(settings.inbox_limits))
                await declare(runtime.client.jetstream(), streams)
            compose(runtime)
            await runtime.broker.start()
            tasks.append(asyncio.create_task(runtime.loops.run()))
            runtimes[name] = runtime
            public, doors[name, "inner"] = apps(runtime)
            if public is not None:
                doors[name, "public"] = public
        try:
            found = House(runtimes, doors, data)
            await _settle(found, ends)
            yield found
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


async def _settle(found: House, ends: AsyncExitStack) -> None:
    """People join; one was signed out, one's login is closed, and one act waits."""
    for who in ("ann", "bob", "closed", "signed out", *STAFF):
        transport = httpx.ASGITransport(found.promotion)
        visitor = httpx.AsyncClient(transport=transport, base_url=BASE, follow_redirects=True)
        found.people[who] = await ends.enter_async_context(visitor)
    numbers = {who: await signed_up(found.people[who]) for who in ("ann", "bob", "closed")}
    await signed_up(found.people["signed out"])
    for who in STAFF:
        await _joins(found, who)
    found.sessions |= {who: _session_of(found, who) for who in found.people}
    await signed_out(found.people["signed out"], "/sign-out-everywhere")
    ana, ben = found.people["ana"], found.people["ben"]
    for about in ("closed", "bob"):
        fields = {"kind": "close-login", "whom": numbers[about], "reason": f"About {about}"}
        await filled(ana, "/acts/ask", **fields)
        page = await until_shown(ben, "/acts", f"About {about}")
        found.act = page.split('id="act-')[1][:32]
        if about == "closed":
            await filled(ben, "/me", f"/acts/{found.act}/allow")
    async with asyncio.timeout(WITHIN_S):
        while await is_in(found.people["closed"]):
            await asyncio.sleep(0.02)
        while not await _says_it_is_whole(found):
            await asyncio.sleep(0.02)
    page = await found.people["ann"].get("/sign-in")
    form = TOKEN.search(page.text)
    assert form
    found.visitor, found.form_token = found.people["ann"].cookies["tribune_visitor"], form[1]


async def _joins(found: House, who: str) -> None:
    word = new_word()
    asked = f'{{"who": "{who}", "word": "{hashed_word(word)}", "reason": "Begins"}}'
    client, visitor = found.runtimes["promotion"].client, found.people[who]
    await client.request("cmd.promotion.InviteStaff", asked.encode(), timeout=WITHIN_S)
    fields = {"word": word, "fresh": GOOD, "again": GOOD}
    page = await filled(visitor, f"/staff/join?who={who}", "/staff/join", **fields)
    seed = b32decode(page.text.split('id="seed">')[1].split("<")[0].replace(" ", ""))
    await sent(visitor, page, "/staff/code", code=code_of(seed))


def _session_of(found: House, who: str) -> Session:
    token = found.people[who].cookies["tribune_session"]
    claims = json.loads(urlsafe_b64decode(token.split(".")[1] + "=="))
    names = ("sub", "holder", "who", "auth_time", "iat")
    return Session(*(claims[name] for name in names))


async def _says_it_is_whole(found: House) -> bool:
    """Once the site has heard its gate."""
    feed = await found.ask(("publishing", "public"), "GET", "/feed/overdue.atom")
    return feed.status_code == HTTPStatus.OK
