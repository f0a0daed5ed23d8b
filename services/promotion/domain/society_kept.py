"""A society beside the log: as bytes, and back."""

import json
from datetime import date, datetime

from rpds import HashTrieMap

from services.promotion.domain.society_state import Society, Standing
from shared.contracts.society import SocietyRegistered
from shared.eventsourcing.packed import KEY, Ids


def dump(society: Society) -> bytes:
    """Ids packed, behind a line with everything else and the members."""
    head = {
        "life": society.life,
        "place": society.place,
        "places": society.places,
        "sectors": society.sectors,
        "founded_at": society.founded_at.isoformat(),
        "words": society.words,
        "leader": society.leader,
        "joined": society.joined,
        "rule": society.rule,
        "counted": society.counted,
        "before": society.before,
        "suspended_by": society.suspended_by,
        "reason": society.reason,
        "appeal_words": society.appeal_words,
        "appeal": society.appeal,
        "heard_at": society.heard_at.isoformat(),
        "federations": sorted(society.federations),
        "asked": sorted(society.asked),
        "entry": society.entry and society.entry.model_dump_json(),
        "dormant_at": society.dormant_at and society.dormant_at.isoformat(),
        "offices": sorted(society.offices),
        "members": {
            who: [standing.number, standing.heard.isoformat()]
            for who, standing in sorted(society.members.items())
        },
        "activities": len(society.activities),
    }
    line = json.dumps(head).encode()
    return b"\n".join((line, society.activities.pack() + society.forgotten.pack()))


def load(kept: bytes) -> Society:
    line, _, ids = kept.partition(b"\n")
    head = json.loads(line)
    ends, members = head.pop("activities") * KEY, head.pop("members")
    head["places"], head["sectors"] = tuple(head["places"]), tuple(head["sectors"])
    head["founded_at"] = datetime.fromisoformat(head["founded_at"])
    head["heard_at"] = datetime.fromisoformat(head["heard_at"])
    if head["dormant_at"]:
        head["dormant_at"] = datetime.fromisoformat(head["dormant_at"])
    for name in ("federations", "asked"):
        head[name] = frozenset(head.get(name, ()))
    if entry := head.get("entry"):  # what was kept before has none
        head["entry"] = SocietyRegistered.model_validate_json(entry)
    head["offices"] = frozenset((who, office) for who, office in head["offices"])
    head["members"] = HashTrieMap(
        {who: Standing(number, date.fromisoformat(day)) for who, (number, day) in members.items()}
    )
    return Society(**head, activities=Ids.unpack(ids[:ends]), forgotten=Ids.unpack(ids[ends:]))
