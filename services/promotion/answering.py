"""What operators ask of promotion and tell it about the keys of credentials."""

from typing import Any

from pydantic import BaseModel

from services.promotion.credentials.consents import Consents
from services.promotion.projections import issuer_keys
from shared.contracts.values import Id, Line
from shared.eventsourcing.projections.database import ask_in
from shared.runtime.broker import answers
from shared.runtime.runtime import Runtime

NAME = "promotion"


class WhichKeys(BaseModel):
    """Of nothing in particular."""


class EndKey(BaseModel):
    key_id: Id
    reason: Line


def answer_about_keys(runtime: Runtime, consents: Consents) -> None:
    @answers(runtime.broker, "query.promotion.issuer_keys", "WhichKeys", NAME)
    async def which(_asked: WhichKeys) -> dict[str, Any]:
        """The keys of credentials: the one that signs, and all that were announced."""
        rows = await ask_in(runtime.engine, issuer_keys.known)
        keys = [{"key_id": row["key_id"], "ended": row["ended"]} for row in rows]
        return {"own": consents.signer.key_id, "keys": keys}

    @answers(runtime.broker, "cmd.promotion.EndIssuerKey", "EndIssuerKey", NAME)
    async def end(body: EndKey) -> dict[str, Any]:
        """What the key signed is good no more, for ever."""
        await consents.end_key(body.key_id, body.reason)
        return {"ended": body.key_id}
