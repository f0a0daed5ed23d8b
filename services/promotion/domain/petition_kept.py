"""A petition beside the log: as bytes, and back."""

import json
from dataclasses import fields
from datetime import datetime

from rpds import HashTrieSet

from services.promotion.domain.petition_state import Petition

MOMENTS = ("started_at", "until", "known_since", "due_at")


def dump(petition: Petition) -> bytes:
    head = {each.name: getattr(petition, each.name) for each in fields(petition)}
    head |= {name: head[name] and head[name].isoformat() for name in MOMENTS}
    return json.dumps(head | {"signers": sorted(petition.signers)}).encode()


def load(kept: bytes) -> Petition:
    head = json.loads(kept)
    head |= {name: head[name] and datetime.fromisoformat(head[name]) for name in MOMENTS}
    head |= {"answers": tuple(head["answers"]), "signers": HashTrieSet(head["signers"])}
    return Petition(**head)
