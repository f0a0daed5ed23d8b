"""NATS's own client in a page of Chromium, by TLS, with a dashboard's credentials."""

import base64
import json
import re
from pathlib import Path
from typing import Any

import pytest
from chromium import CHROMIUM, Tab, browser
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from foreign_program import fetched, judged
from locked import Locked, locked_server

from deploy.embedded.locking import Door
from deploy.locks.certificates import Certificates
from shared.testing.servers import free_port

LOADER = """
const files = FILES, loaded = {};
const whole = path => path.split("/").reduce((all, part) =>
  part === ".." ? all.slice(0, -1) : part === "." ? all : [...all, part], []).join("/");
function load(name, from = "") {
  let path = name.startsWith(".") ? whole(`${from}/../${name}`) : (PACKAGES)[name];
  path = path in files ? path : `${path}.js`;
  if (!(path in loaded)) {
    const module = loaded[path] = {exports: {}};
    new Function("module", "exports", "require", files[path])(
      module, module.exports, each => load(each, path));
  }
  return loaded[path].exports;
}
window.said = [];
window.follows = new Promise(follows => { window.say = said => {
  window.said.push(said); if ("follows" in said) follows(); }; });
window.done = (async () => { PROGRAM })();
"""
PACKAGES = {
    "@nats-io/nats-core": "@nats-io/nats-core/lib/mod.js",
    "@nats-io/nats-core/internal": "@nats-io/nats-core/lib/internal_mod.js",
    "@nats-io/jetstream": "@nats-io/jetstream/lib/mod.js",
    "@nats-io/nkeys": "@nats-io/nkeys/lib/mod.js",
    "@nats-io/nuid": "@nats-io/nuid/lib/mod.js",
    "tweetnacl": "tweetnacl/nacl-fast.js",
}
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="there is no chromium")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fetched(tmp_path_factory.mktemp("node"))


def page(folder: Path, *arguments: str) -> str:
    """The same program that runs in Node, with a browser's own sockets."""
    modules = folder / "node_modules"
    files = {
        str(file.relative_to(modules)): file.read_text()
        for package in ("@nats-io", "tweetnacl")
        for file in (modules / package).rglob("*.js")
    }
    program = (folder / "dashboard.mjs").read_text()
    program = re.sub(
        r"import \{(.*?)\} from (\"@nats-io/.*?\");", r"const {\1} = load(\2);", program
    )
    program = program.replace('const { connect } = load("@nats-io/transport-node");', "")
    program = re.sub(r"import .*\n", "", program).replace("globalThis.WebSocket = WebSocket;", "")
    program = program.replace("process.argv.slice(2)", json.dumps(arguments))
    program = re.sub(r"const say = .*\n", "", program)
    program = program.replace('(url.startsWith("ws") ? wsconnect : connect)', "wsconnect")
    program = program.replace("readFileSync(creds)", "new TextEncoder().encode(creds)")
    parts = {"FILES": json.dumps(files), "PACKAGES": json.dumps(PACKAGES), "PROGRAM": program}
    return re.sub("FILES|PACKAGES|PROGRAM", lambda found: parts[found[0]], LOADER)


def flags(certificate: Path) -> list[str]:
    """What makes it trust this one key, as an operator's browser would the authority."""
    read = x509.load_pem_x509_certificate(certificate.read_bytes()).public_key()
    digest = hashes.Hash(hashes.SHA256())
    digest.update(read.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))
    return [f"--ignore-certificate-errors-spki-list={base64.b64encode(digest.finalize()).decode()}"]


async def run(tab: Tab, folder: Path, locked: Locked, events: int) -> list[dict[str, Any]]:
    url = f"wss://localhost:{locked.websocket_port}"
    creds = locked.given["dashboard-press"].written()
    await tab.open(f"{locked.server.monitor_url}/varz")  # a page on this machine: others may not
    await tab.evaluate(f"{page(folder, url, creds, 'dashboard-press', str(events))}; 0")
    await tab.evaluate("Promise.race([window.follows, window.done])")
    await locked.root.jetstream().publish("public.live.B.us", b"now")
    await tab.evaluate("window.done")
    return list(await tab.evaluate("window.said"))


@pytest.mark.timeout(300)
async def test_it_reads_from_the_first_event_follows_and_can_do_nothing_else(
    tmp_path: Path, folder: Path
) -> None:
    async with locked_server(tmp_path, Door(free_port(), tls=True)) as locked:
        ours = Certificates(locked.keyring.folder)
        before = await locked.log()
        events = before["PUBLIC"][1]["messages"]
        async with browser(tmp_path / "profile", flags(ours.certificate)) as tab:
            judged(await run(tab, folder, locked, events), events)
        after = await locked.log()
        changed = {name for name in after if after[name][1] != before[name][1]}
    assert changed == {"PUBLIC"}
    assert after["PUBLIC"][1]["messages"] == events + 1


@pytest.mark.timeout(300)
async def test_without_trust_it_says_nothing_to_whoever_answers(
    tmp_path: Path, folder: Path
) -> None:
    door = Door(free_port(), tls=True)
    async with locked_server(tmp_path, door) as locked, browser(tmp_path / "profile") as tab:
        with pytest.raises(AssertionError, match="exceptionDetails"):
            await run(tab, folder, locked, 1)
        assert any("ERR_CERT_AUTHORITY_INVALID" in line for line in tab.console)
