"""What operators ask of promotion and tell it about the keys of credentials, and about tracks."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from pydantic import BaseModel

from services.promotion.credentials.consents import COMMAND_LINE, Consents
from services.promotion.domain.track import Track
from services.promotion.domain.tracks_adopted import Adopted, AdoptTracks
from services.promotion.projections import issuer_keys
from shared.contracts.values import Id, Line
from shared.eventsourcing.command_handler import CommandHandler
from shared.eventsourcing.envelope import Envelope
from shared.eventsourcing.projections.database import ask_in
from shared.runtime.broker import answers
from shared.runtime.runtime import Runtime

NAME = "promotion"


class WhichKeys(BaseModel):
    """Of nothing in particular."""


class EndKey(BaseModel):
    key_id: Id
    reason: Line


class Adopting(BaseModel):
    by: Line
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


def answer_about_tracks(runtime: Runtime, handler: CommandHandler, tracks: Sequence[Track]) -> None:
    @answers(runtime.broker, "cmd.promotion.AdoptTracks", "AdoptTracks", NAME)
    async def adopt(body: Adopting) -> dict[str, Any]:
        """The tracks by which members are judged by now are adopted: it stands in the log. The
        same ones twice are adopted once."""
        takes_back, now, name = runtime.charter.takes_back, runtime.clock.now(), uuid4().hex
        command = AdoptTracks(tracks, takes_back, body.by, body.reason, now)
        before: Adopted = await handler.state_after(command)
        await handler.carry_out(Envelope(command, name, name, actor=COMMAND_LINE))
        after: Adopted = await handler.state_after(command)
        return {
            "adopted": after != before,
            "at": after.at and after.at.isoformat(),
            "tracks": [each.model_dump() for each in after.tracks.values()],
        }
