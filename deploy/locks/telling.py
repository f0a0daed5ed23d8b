"""Tells the running server what has changed about an account; it counts at once."""

import json

from deploy.locks.accounts import SYSTEM
from deploy.locks.certificates import Certificates
from deploy.locks.keyring import Keyring
from shared.eventsourcing.jetstream.connection import connect

SUBJECT = "$SYS.REQ.CLAIMS.UPDATE"
WITHIN_S = 5.0


class NotToldError(Exception):
    """The server did not take it; says what it says."""


async def tell(url: str, keyring: Keyring, account: str) -> None:
    """As the keyring has it. Raises NotToldError."""
    jwt = keyring.all_told()[keyring.public(account)]
    authority, creds = Certificates(keyring.folder).trusted, keyring.creds(SYSTEM)
    client = await connect(url, "user", creds, authority=authority, once=True)
    try:
        answer = json.loads((await client.request(SUBJECT, jwt.encode(), timeout=WITHIN_S)).data)
    finally:
        await client.close()
    if "error" in answer or answer.get("data", {}).get("code") != 200:  # noqa: PLR2004
        said = answer.get("error", answer.get("data", {}))
        raise NotToldError(f"NATS does not take what is new about {account}: {said}")
