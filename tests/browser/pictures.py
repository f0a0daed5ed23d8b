"""`make pictures`: the pages of a suite that really runs, as docs/pictures shows them.

Two weeks of the demonstration, a source with correspondents, and a report with a picture that was
filed, asked about and shown to all. Each page on a telephone and at a desk.
"""

import asyncio
import base64
import io
import shutil
import sys
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
from chromium import CHROMIUM, Tab, browser
from PIL import Image, ImageDraw
from real_suite import CHARTER, Home, free_ports, started
from signing_up import editor
from street import CODE, hidden
from visiting import filled

from deploy.embedded import Suite
from deploy.feeding.demo import SOURCE, replay
from deploy.feeding.replay import hands_of
from deploy.looking.reading import messages
from shared.contracts.report import FileAttached
from shared.eventsourcing.codec import PLAIN
from shared.eventsourcing.jetstream.connection import connect

WHERE = Path("docs/pictures")
UNTIL = date(2011, 7, 15)
WIDTHS = {"phone": 390, "desk": 1280}
TALLEST = 1700
MOST_BYTES = 120_000
PLACE, SECTOR = "us.ma.boston.roxbury", "street-lights"
SOURCES = """
hotline = {name = "The hotline of the unions"}
"""
STAFF = """
[person.eva]
name = "Eva Lind"
roles = ["editor", "inspector"]
"""
BEATS = (
    ("lamp", PLACE, SECTOR, "14"),
    ("oak", "us.ma.boston.dorchester", SECTOR, "30"),
    ("elm", "us.ma.boston.roxbury", "graffiti", "30"),
)
MEASURE = "Math.ceil(document.documentElement.getBoundingClientRect().height)"
FILL = "document.querySelector('#{}').value = {!r}"
SUBMIT = "document.querySelector('form[action$=\"{}\"] button.submit').click()"


def tell(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def lamp() -> bytes:
    """What somebody might have seen: a street at night, and a lamp that is out."""
    picture = Image.new("RGB", (1200, 800), (24, 30, 48))
    draw = ImageDraw.Draw(picture)
    for left in range(0, 1200, 200):
        height = 330 + left * 37 % 140
        draw.rectangle((left, 620 - height, left + 185, 620), fill=(44, 50, 72))
        for across in range(left + 25, left + 160, 50):
            for down in range(640 - height, 580, 60):
                lit = (across * 7 + down * 3) % 5 == 0
                draw.rectangle(
                    (across, down, across + 24, down + 34),
                    fill=(226, 196, 120) if lit else (34, 40, 60),
                )
    draw.rectangle((0, 620, 1200, 800), fill=(58, 60, 66))
    draw.rectangle((592, 200, 606, 690), fill=(120, 124, 132))
    draw.rectangle((540, 186, 660, 206), fill=(120, 124, 132))
    draw.ellipse((520, 200, 570, 236), fill=(70, 74, 84))
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=88)
    return out.getvalue()


async def shot(tab: Tab, name: str) -> None:
    """The page as it stands, at both widths."""
    for kind, width in WIDTHS.items():
        await tab.look_as(width)
        height = min(int(await tab.evaluate(MEASURE)), TALLEST)
        clip = {"x": 0, "y": 0, "width": width, "height": height, "scale": 1}
        for quality in (80, 60, 40):
            taken = await tab.call(
                "Page.captureScreenshot",
                format="webp",
                quality=quality,
                clip=clip,
                captureBeyondViewport=True,
            )
            content = base64.b64decode(taken["data"])
            if len(content) <= MOST_BYTES:
                break
        (WHERE / f"{name}-{kind}.webp").write_bytes(content)
        tell(f"{name}-{kind}.webp: {len(content):,} bytes")


async def sends(tab: Tab, form: str, **fields: str) -> None:
    for name, value in fields.items():
        await tab.evaluate(FILL.format(name, value))
    await tab.act(SUBMIT.format(form))


async def filed(visitor: httpx.AsyncClient) -> str:
    form = hidden(await visitor.get("/report")) | {
        "place": PLACE,
        "sector": SECTOR,
        "text": "The lamp before the school has been out for a week.",
        "known_to": "all",
        "same": "none",
    }
    files = [("files", ("lamp.jpg", lamp(), "image/jpeg"))]
    answer = await visitor.post("/report", data=form, files=files)
    found = CODE.search(answer.text)
    assert found, answer.text
    return found[1]


async def until(visitor: httpx.AsyncClient, page: str, words: str) -> str:
    async with asyncio.timeout(60):
        while words not in (text := (await visitor.get(page)).text):
            await asyncio.sleep(0.1)
    return text


async def taken(where: Home, suite: Suite, tab: Tab) -> None:
    async with hands_of(suite.nats_url, suite.credentials, SOURCE, suite.authority) as hands:
        await replay(hands, lambda *_: None, UNTIL)
    for who, *beat, every in BEATS:
        said = where.tribune(
            "beat", "accredit", "hotline", who, *beat, "--every", every, "--as", "eva"
        )
        assert said.returncode == 0, said.stderr
    sites = {
        name: f"http://127.0.0.1:{suite.ports[f'{name}-1']}" for name in ("intake", "publishing")
    }
    cookies = await editor(where, suite)
    async with visiting(sites["intake"], cookies) as eva, visiting(sites["publishing"]) as reader:
        code = await filed(eva)
        (report, digest) = await file_of(suite)
        ask = f"/desk/{report}/files/{digest}/show/ask"
        await filled(eva, ask, ask, reason="It shows the lamp and nobody")
        await filled(
            eva, "/inquiries/ask", report=report, words="On which side of the street is it?"
        )
        await tab.open(f"{sites['intake']}/report")
        await shot(tab, "form")
        await tab.open(f"{sites['intake']}/trace")
        await sends(tab, "/trace", code=code)
        await sends(tab, "/trace/reply", words="On the left one, by the gate.")
        await shot(tab, "trace")
        for each in cookies.jar:
            await tab.call(
                "Network.setCookie", name=each.name, value=each.value, url=sites["intake"]
            )
        for name, path in (
            ("desk-list", "/desk"),
            ("desk", f"/desk/{report}"),
            ("coverage", f"/coverage?place={PLACE.rpartition('.')[0]}"),
        ):
            await tab.open(sites["intake"] + path)
            await shot(tab, name)
        (one,) = (await reader.get("/open311/v2/requests.json?page_size=1")).json()
        await until(reader, f"/reports/{one['service_request_id']}", "<img")
        check = await until(reader, "/checks?state=overdue", 'scope="row"')
        first = check.partition('scope="row"><a href="')[2].partition('"')[0]
        for name, path in (
            ("report", f"/reports/{one['service_request_id']}"),
            ("check", first),
            ("checks", "/checks"),
            ("owners", "/owners"),
        ):
            await tab.open(sites["publishing"] + path)
            await shot(tab, name)


async def file_of(suite: Suite) -> tuple[str, str]:
    client = await connect(suite.nats_url, "pictures", suite.keys.root())
    try:
        (message,) = [each async for each in messages(client, "INTAKE", (FileAttached.filter(),))]
        event = PLAIN.decode(message.headers, message.body, message.sequence).event
        assert isinstance(event, FileAttached)
        return event.report_id, event.digest
    finally:
        await client.close()


def visiting(address: str, cookies: Any = None) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        base_url=address, cookies=cookies, trust_env=False, timeout=60, follow_redirects=True
    )


async def main() -> int:
    if CHROMIUM is None:
        tell("no chromium is installed (on Debian: apt-get install chromium)")
        return 1
    WHERE.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as folder:
        charter = Path(folder) / "charter"
        shutil.copytree(CHARTER, charter)
        for file, more in (("sources.toml", SOURCES), ("staff.toml", STAFF)):
            with (charter / file).open("a") as text:
                text.write(more)
        where = Home(Path(folder) / "data")
        suite = Suite(where.data_dir, charter, free_ports(), "stream")
        async with started(suite), browser(Path(folder) / "profile") as tab:
            await taken(where, suite, tab)
    return 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
