"""What is protected and not out yet, and what of it a release lets out: a pure fold of the log.

All of a release stands under its day and in the order of keyed ids, so that neither order nor time
says what belongs together. An outcome stands where its report does, under an id of its own: who
knew on which day each was filed and settled could else tell single ones. A member has another id on
each track, else a later place would tell more of an earlier one.

What comes of one source shares its cells with nobody else's: a source knows its own, and what is
left when it subtracts them has to be many as well.
"""

from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from services.publishing.public import ended, released
from services.publishing.release.cells import Cell, of_a_qualification, of_a_report, settled_apart
from services.publishing.release.ends import Ends
from services.publishing.release.outcomes import told
from services.publishing.release.people import Weigh, by_people
from shared.contracts import member, public, report
from shared.contracts.event import Event
from shared.contracts.identity import keyed
from shared.contracts.release import ReleaseMade
from shared.contracts.values import Id
from shared.eventsourcing.event_store import RecordedEvent

HANDLES: dict[str, tuple[type[Event], ...]] = {
    "intake": (
        report.ReportFiled,
        report.ReportConfirmed,
        report.ReportRefuted,
        report.ReportReopened,
    ),
    "promotion": (
        member.MemberQualified,
        member.QualificationLapsed,
        member.QualificationRevoked,
    ),
}
"""What may be held, by its writer."""

OUTCOMES: dict[type[Event], type[public.PublicReportEvent]] = {
    report.ReportConfirmed: public.ReportConfirmed,
    report.ReportRefuted: public.ReportRefuted,
}

_BY_KIND = {each.__name__: each for each in OUTCOMES.values()}

FIGURES = ("confirmed", "sectors", "days", "refuted_share")
"""Of one member; nobody else may have the same."""

_AS: dict[type[public.PublicReportEvent], str] = {
    public.ReportFiled: "report",
    **dict.fromkeys(OUTCOMES.values(), "outcome"),
}
"""What a public id is derived as."""

Out = list[tuple[str, Event]]

APART = 2
"""From this rule on what is one source's own stands apart; before it all shared their cells."""

PEOPLE = 3
"""From this rule on people are counted; before it each report was."""

TOGETHER = ""
"""Where a source would stand, of what shares its cells with all others'."""


class _Filed(NamedTuple):
    """`inside` is the id of the event inside."""

    inside: str
    place: str
    sector: str
    source: str


@dataclass(slots=True)
class _Tally:
    """Of one public cell: those of its reports that have no outcome in public, and those whose
    outcome waits, by its kind: the inside event's id by the report's."""

    left: set[Id] = field(default_factory=set)
    waiting: dict[str, dict[Id, str]] = field(default_factory=dict)


class Book:
    """Give it all events of INTAKE and PROMOTION up to a release, then the release."""

    def __init__(self, release_key: bytes) -> None:
        self._key = release_key
        self._filed: dict[Id, _Filed] = {}
        self._who: dict[Hashable, str | None] = {}
        self._early: dict[Id, tuple[str, str]] = {}
        self._cells: dict[Id, tuple[str, Cell]] = {}
        self._tallies: dict[tuple[str, Cell], _Tally] = {}
        self._sources: dict[Id, str] = {}
        self._members: dict[tuple[Id, str], RecordedEvent] = {}
        self._ends = Ends()

    @property
    def held(self) -> int:
        """Events that are not out yet."""
        outcomes = [each for tally in self._tallies.values() for each in tally.waiting.values()]
        held = len(self._filed) + len(self._early) + len(self._members)
        held += self._ends.held
        return held + sum(map(len, outcomes))

    def take(self, recorded: RecordedEvent) -> None:
        match recorded.event:
            case report.ReportFiled(confidential=False, protected=True) as event:
                known = recorded.id, event.place, event.sector, event.source
                self._filed[event.report_id] = _Filed(*known)
                self._who[event.report_id] = event.correspondent
                if event.correspondent:
                    self._sources[event.correspondent] = event.source
            case (
                report.ReportConfirmed(confidential=False, protected=True)
                | report.ReportRefuted(confidential=False, protected=True)
            ) as event:
                kind = OUTCOMES[type(event)].__name__
                self._settle(event.report_id, kind, recorded.id)
            case report.ReportReopened(confidential=False, protected=True) as event:
                self._reopen(event.report_id)
            case member.MemberQualified(confidential=False, protected=True) as event:
                each = event.member_id, event.track
                if not self._ends.stands_again(each):
                    self._members[each] = recorded
            case member.QualificationEnded() as event:
                if self._members.pop((event.member_id, event.track), None) is None:
                    self._ends.end(recorded, event)

    def release(self, made: ReleaseMade) -> Out:
        """The ids and events that it lets out, in the order in which they stand in PUBLIC."""
        out = [*self._reports(made), *self._outcomes(made)]
        out += [*self._ended(made), *self._qualifications(made)]
        return sorted(out, key=lambda one: one[1].aggregate_id)

    def _weigh(self, made: ReleaseMade) -> Weigh:
        return by_people(self._who, made.anonymous_as_one) if made.rule >= PEOPLE else len

    def _settle(self, report_id: Id, kind: str, inside: str) -> None:
        """Before its report is out, an outcome waits with it."""
        if report_id in self._filed:
            self._early[report_id] = kind, inside
        elif cell := self._cells.pop(report_id, None):
            self._tallies[cell].waiting.setdefault(kind, {})[report_id] = inside

    def _reopen(self, report_id: Id) -> None:
        """An outcome that waits is none any more, and another may come; one that was told stands,
        for that it does not would be told of one report alone."""
        self._early.pop(report_id, None)
        for cell, tally in self._tallies.items():
            for those in tally.waiting.values():
                if those.pop(report_id, None) is not None:
                    self._cells[report_id] = cell

    def _reports(self, made: ReleaseMade) -> Out:
        out: Out = []
        groups: dict[str, dict[Id, list[Cell]]] = {}
        for each, filed in self._filed.items():
            source = filed.source if made.rule >= APART else TOGETHER
            groups.setdefault(source, {})[each] = of_a_report(filed.place, filed.sector)
        for source, each, cell in settled_apart(groups, made.smallest, self._weigh(made)):
            inside = self._filed.pop(each).inside
            self._cells[each] = source, cell
            self._tallies.setdefault((source, cell), _Tally()).left.add(each)
            out.append(self._of_report(public.ReportFiled, each, cell, made.on, inside))
            if each in self._early:
                self._settle(each, *self._early.pop(each))
        return out

    def _outcomes(self, made: ReleaseMade) -> Out:
        out: Out = []
        weigh = self._weigh(made)
        for (_, cell), tally in self._tallies.items():
            for kind in told(tally.left, tally.waiting, made.smallest, weigh):
                those = tally.waiting.pop(kind)
                tally.left -= those.keys()
                out += [
                    self._of_report(_BY_KIND[kind], each, cell, made.on, inside)
                    for each, inside in those.items()
                ]
                for each in those:
                    del self._who[each]
        return out

    def _qualifications(self, made: ReleaseMade) -> Out:
        out: Out = []
        groups = self._waiting_members(made.rule)
        for group, each, cell in settled_apart(groups, made.smallest):
            self._ends.began(each, group, cell)
            recorded = self._members.pop(each)
            event = recorded.event
            assert isinstance(event, member.MemberQualified)  # noqa: S101  nothing else is taken
            told_of = public.MemberQualified(
                member=keyed(self._key, "member", *each),
                place=cell.place,
                track=event.track,
                rule_version=event.rule_version,
                on=made.on,
                **dict.fromkeys(FIGURES),
            )
            out.append(released(self._key, recorded.id, told_of))
        return out

    def _ended(self, made: ReleaseMade) -> Out:
        return [
            released(
                self._key,
                recorded.id,
                ended(event, keyed(self._key, "member", *each), cell.place, made.on),
            )
            for each, cell, recorded, event in self._ends.release(made.smallest)
        ]

    def _waiting_members(self, rule: int) -> dict[Hashable, dict[tuple[Id, str], list[Cell]]]:
        """The version of a track's rule is told of each, so it sets them apart, too."""
        groups: dict[Hashable, dict[tuple[Id, str], list[Cell]]] = {}
        for each, recorded in self._members.items():
            event = recorded.event
            assert isinstance(event, member.MemberQualified)  # noqa: S101  nothing else is taken
            source = self._sources.get(event.member_id, TOGETHER)
            group = (source, event.rule_version) if rule >= APART else TOGETHER
            groups.setdefault(group, {})[each] = of_a_qualification(event.place, event.track)
        return groups

    def _of_report(
        self,
        event_type: type[public.PublicReportEvent],
        report_id: Id,
        cell: Cell,
        on: date,
        inside: str,
    ) -> tuple[str, Event]:
        public_id = keyed(self._key, _AS[event_type], report_id)
        event = event_type(report=public_id, place=cell.place, sector=cell.of, on=on)
        return released(self._key, inside, event)
