"""A member's page of tracks: what counts for each, by which events, and what is missing."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.promotion.domain.member_state import Member
from services.promotion.domain.standing import Standing
from services.promotion.domain.track import Track, figures, record_for
from services.promotion.site.own_posts import SLIP, TooOldError
from services.promotion.site.track_words import COUNTS, WHAT, told
from shared.contracts.member import QualificationEnded, QualificationLapsed
from shared.contracts.roles import MEMBER
from shared.eventsourcing.errors import TryLaterError
from shared.eventsourcing.event_store import RecordedEvent
from shared.runtime.form_pages import FormPages
from shared.runtime.slips import Slips
from shared.web.guard import session_of

OWN = "/me/tracks"
SHOWN = 200
MOST_LISTED = 5_000
"""Of whoever has more only the figures are shown: their events are read for each page."""


@dataclass(frozen=True)
class OfMember:
    """How a member stands by now, and all of their events, oldest first."""

    state: Callable[[str], Awaitable[Member]]
    events: Callable[[str], Awaitable[Sequence[RecordedEvent]]]


@dataclass(frozen=True)
class OwnTracks:
    """Who somebody is among the members is said by a slip, each time; it is kept nowhere."""

    forms: FormPages
    slips: Slips
    tracks: Sequence[Track]
    of: OfMember
    places: Mapping[str, str]
    sectors: Mapping[str, str]

    def routes(self) -> list[Route]:
        own = self.forms.guard.requires(MEMBER)
        return [Route(OWN, own(self.show)), Route(f"{OWN}/{{track}}", own(self.one))]

    def _known(self, request: Request) -> tuple[str, str | None]:
        guard, slip = self.forms.guard, request.query_params.get(SLIP, "")
        return slip, self.slips.person(slip, session_of(request).login_id, guard.now())

    async def show(self, request: Request) -> Response:
        forms = self.forms
        slip, who = self._known(request)
        member = await self._state(who) if who else None
        return forms.form(
            request,
            "own-tracks.html",
            slip=urlencode({SLIP: slip}) if who else "",
            whence=forms.frame.sites.page_of("intake", "/mine/tracks"),
            tracks=[self._track(each, member) for each in self.tracks] if member else [],
        )

    async def one(self, request: Request) -> Response:
        """Of one track, with the events. Raises TooOldError, HTTPException."""
        slip, who = self._known(request)
        if who is None:
            raise TooOldError
        named = request.path_params["track"]
        track = next((each for each in self.tracks if each.name == named), None)
        if track is None:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        member = await self._state(who)
        standing = Standing(who, track)
        listed: list[dict[str, Any]] = []
        if is_listed := len(member.settled) <= MOST_LISTED:
            events = await self._events(who)
            for each in events:
                standing.take(each)
            listed = self._listed(standing, events)
        return self.forms.form(
            request,
            "own-track.html",
            **self._track(track, member),
            ended=self._ended(standing),
            listed=listed[:SHOWN],
            more=max(len(listed) - SHOWN, 0),
            is_listed=is_listed,
            back=f"{OWN}?{urlencode({SLIP: slip})}",
        )

    async def _state(self, who: str) -> Member:
        try:
            return await self.of.state(who)
        except TryLaterError:
            raise self.forms.not_just_now from None

    async def _events(self, who: str) -> Sequence[RecordedEvent]:
        try:
            return await self.of.events(who)
        except TryLaterError:
            raise self.forms.not_just_now from None

    def _track(self, track: Track, member: Member) -> dict[str, Any]:
        held = member.held.get(track.name)
        titles = {each.name: each.title for each in self.tracks}
        language = self.forms.frame.language
        parts = figures(track, record_for(track, member.work))
        return {
            "track": track,
            "held": held,
            "is_of_another_version": bool(held and held.rule_version != track.version),
            "figures": [told(language, each) for each in parts],
            "after": [titles.get(each, each) for each in track.after],
            "missing": [titles.get(each, each) for each in track.after if each not in member.held],
            "as_of": member.work.newest,
        }

    def _ended(self, standing: Standing) -> dict[str, Any] | None:
        """How it ended, of who had it and has it no more."""
        recorded = standing.ended.get(standing.track.name)
        if recorded is None or not isinstance(recorded.event, QualificationEnded):
            return None
        lapsed = isinstance(recorded.event, QualificationLapsed)
        return {"lapsed": lapsed, "on": recorded.event.on, "at": recorded.reference}

    def _listed(self, standing: Standing, events: Sequence[RecordedEvent]) -> list[dict[str, Any]]:
        """The newest first."""
        counting, say = standing.counting(), self.forms.frame.language.gettext
        found = []
        for recorded in events:
            if counts := standing.counts(recorded, counting):
                event: Any = recorded.event
                found.append(
                    {
                        "on": event.on,
                        "what": say(WHAT[type(event).__name__]),
                        "where": self.places.get(event.place, event.place),
                        "about": self.sectors.get(event.sector, event.sector),
                        "counts": say(COUNTS[counts]),
                        "at": recorded.reference,
                    }
                )
        return found[::-1]
