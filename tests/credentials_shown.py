"""A member who qualified, with a browser at promotion's pages, and verifiers that others wrote."""

import asyncio
import base64
import json
import re
import shutil
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
from node_parts import FOLDER, needs_modules
from openbadgeslib.ob3.verifier import OB3VerificationError, OB3Verifier
from promotion_site import PromotionSite
from visiting import filled, sent, signed_up

from services.promotion.domain.member import CreditReport
from services.promotion.domain.track import Track
from shared.eventsourcing.envelope import Envelope
from shared.runtime.slips import Slips
from shared.testing.examples import MEMBER_ID, REPORT_CREDITED, varied
from shared.web.sites import Sites

HOST = "https://tribune.test"
BASE = f"{HOST}/promotion"
SITES = Sites(
    "promotion",
    {"publishing": HOST, "intake": f"{HOST}/intake", "promotion": BASE},
)
DID = "did:web:tribune.test:promotion"
KEYS = f"{BASE}/.well-known/jwks.json"
TRACK = Track("correspondent", 1, "Correspondent", 1, 1, 1, 0.25)
PAGE = "/me/credentials"
OPTION = re.compile(r'<option value="([0-9a-f]{32})"')
WITHIN_S = 20.0


async def qualifies(site: PromotionSite, member: str = MEMBER_ID) -> None:
    credited = varied(REPORT_CREDITED, member_id=member)
    await site.handler.carry_out(Envelope(CreditReport(credited), id=member, correlation_id=member))


@dataclass
class Holder:
    """`slip` is what intake would lead them on with."""

    site: PromotionSite
    browser: httpx.AsyncClient
    slip: str
    page: str

    async def shown(self, wanted: str) -> httpx.Response:
        """The page, once it says so: rows come a moment after the log."""
        async with asyncio.timeout(WITHIN_S):
            while wanted not in (page := await self.browser.get(self.page)).text:
                await asyncio.sleep(0.005)
        return page

    async def allows(self, **fields: str) -> httpx.Response:
        await self.shown("Ask for a credential")
        return await filled(self.browser, self.page, PAGE, track=TRACK.name, **fields)

    async def saves(self, **fields: str) -> httpx.Response:
        page = await self.shown("Save a credential as a file")
        (only,) = OPTION.findall(page.text)
        return await sent(self.browser, page, f"{PAGE}/file", saved=only, **fields)

    async def takes_back(self) -> httpx.Response:
        page = await self.shown("Save a credential as a file")
        (only,) = OPTION.findall(page.text)
        return await sent(self.browser, page, f"{PAGE}/withdraw", credential=only)


@asynccontextmanager
async def holder(site: PromotionSite, member: str = MEMBER_ID) -> AsyncIterator[Holder]:
    transport = httpx.ASGITransport(site.app)
    async with httpx.AsyncClient(
        transport=transport, base_url=BASE, follow_redirects=True
    ) as browser:
        number = await signed_up(browser)
        entrance = site.desk.entrance
        kept = await site.store.named(entrance.name_of_member(number))
        assert kept
        slips = Slips(site.desk.frame.cookies.key)
        slip = slips.slip(kept.login_id, member, site.desk.guard.now())
        yield Holder(site, browser, slip, f"{PAGE}?slip={slip}")


@dataclass(frozen=True)
class Public:
    """What anybody finds on the site, by address."""

    documents: dict[str, str]

    @classmethod
    async def found_for(cls, site: Any, token: str) -> "Public":
        status = unread(token)["credentialStatus"]["statusListCredential"]
        addresses = [KEYS, f"{BASE}/did.json", status]
        async with httpx.AsyncClient(transport=httpx.ASGITransport(site.app)) as anybody:
            found = {each: await anybody.get(each) for each in addresses}
        assert all(answer.status_code == 200 for answer in found.values())
        return cls({each: answer.text for each, answer in found.items()})

    def by_python(self, tokens: Sequence[str]) -> list[str]:
        """By openbadgeslib, which finds the key by the issuer's DID and looks into the list."""

        def download(address: str) -> bytes:
            return self.documents[address].encode()

        def verdict(token: str) -> str:
            try:
                verifier = OB3Verifier.for_issuer_did(DID, download=download)
                verifier.verify(token, check_status=True, download=download)
            except OB3VerificationError as error:
                is_revoked = "Credential status 'revocation' is set" in str(error)
                return "revoked" if is_revoked else f"not valid: {error}"
            return "valid"

        return [verdict(token) for token in tokens]

    async def by_npm(self, tokens: Sequence[str]) -> list[str]:
        """By jose, which finds the key in the JWKS."""
        needs_modules()
        program = await asyncio.create_subprocess_exec(
            *(str(shutil.which("node")), "verify.mjs"),
            cwd=FOLDER,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        asked = {"tokens": list(tokens), "keys": KEYS, "documents": self.documents}
        said, _ = await asyncio.wait_for(program.communicate(json.dumps(asked).encode()), 60)
        verdicts: list[str] = json.loads(said)
        return verdicts


def unread(token: str) -> dict[str, Any]:
    """What it says, whoever signed it."""
    body = token.split(".")[1]
    said: dict[str, Any] = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    return said
