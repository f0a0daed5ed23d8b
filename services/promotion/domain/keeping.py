"""What becomes of a member's qualifications as their work changes."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from services.promotion.domain.held import (
    Held,
    broken,
    judged,
    lapsed,
    lapses_on,
    slipped,
)
from services.promotion.domain.member_state import Member
from services.promotion.domain.track import Figure, Track
from services.promotion.domain.weighing import WHOLE
from services.promotion.domain.work import Work
from shared.contracts.member import (
    Lack,
    OutcomeTakenBack,
    QualificationLapsed,
    QualificationRevoked,
    QualificationSteadied,
    QualificationWavered,
)
from shared.contracts.values import Id


def weighed(
    member_id: Id, member: Member, tracks: Sequence[Track], on: date
) -> list[QualificationWavered | QualificationSteadied]:
    """After work of that day. A track without a time of grace is lost by nobody."""
    found: list[QualificationWavered | QualificationSteadied] = []
    for track, one in judged([each for each in tracks if each.grace_days], member.held):
        lacks = slipped(track, member.work)
        if lacks and not one.wavers:
            found.append(
                QualificationWavered(
                    **_of(member_id, member, track.name, one),
                    on=on,
                    lacks=told(lacks),
                    lapses_on=lapses_on(track, on),
                )
            )
        elif one.wavers and not lacks:
            found.append(QualificationSteadied(**_of(member_id, member, track.name, one), on=on))
    return found


def over(
    member_id: Id, member: Member, tracks: Sequence[Track], today: date
) -> list[QualificationLapsed]:
    """Those whose time of grace is over by then: whatever comes of that day comes too late, also
    where the timer has not said so yet. Each is dated by its own day, and not by whoever looks."""
    found, holds = list[QualificationLapsed](), len(member.held)
    for track, one in lapsed(tracks, member.held, today):
        if one.since is None or one.lapses_on is None:
            continue
        holds -= 1
        found.append(
            QualificationLapsed(
                **_of(member_id, member, track.name, one),
                on=one.lapses_on,
                lacks=told(slipped(track, member.work)),
                holds=holds,
                digest=member.digest,
                since=one.since,
            )
        )
    return found


def revoked(
    back: OutcomeTakenBack, before: Work, member: Member, tracks: Sequence[Track], today: date
) -> list[QualificationRevoked]:
    """`member` as it is without what was taken back. What comes after a qualification that is
    revoked goes with it."""
    gone = dict[str, list[Figure]]()
    if back.outcome == "confirmed":
        for track, one in judged(tracks, member.held):
            if lacks := broken(track, one, back.on, before, member.work):
                gone[track.name] = lacks
    if gone:
        _go_with(gone, tracks, member)
    holds = len(member.held) - len(gone)
    return [
        QualificationRevoked(
            **_of(back.member_id, member, name, member.held[name]),
            on=today,
            lacks=told(lacks),
            holds=holds,
            digest=member.digest,
            taken_back_for=back.taken_back_for,
        )
        for name, lacks in gone.items()
    ]


def _go_with(gone: dict[str, list[Figure]], tracks: Sequence[Track], member: Member) -> None:
    while True:
        more = [
            track.name
            for track, _ in judged(tracks, member.held)
            if track.name not in gone and any(each in gone for each in track.after)
        ]
        if not more:
            return
        gone.update({each: [] for each in more})


def told(lacks: Iterable[Figure]) -> tuple[Lack, ...]:
    return tuple(
        Lack(what=each.what, wanted=round(each.wanted * WHOLE), has=round(each.has * WHOLE))
        for each in lacks
    )


def _of(member_id: Id, member: Member, track: str, one: Held) -> dict[str, Any]:
    return {
        "member_id": member_id,
        "place": one.place,
        "confidential": member.confidential,
        "protected": member.protected,
        "track": track,
        "rule_version": one.rule_version,
    }
