"""Puts the member's page of tracks together."""

from collections.abc import Mapping, Sequence
from datetime import date

from starlette.routing import Route

from services.promotion.domain.member import EndGrace
from services.promotion.domain.member_state import Member
from services.promotion.domain.track import Track
from services.promotion.site.own_tracks import OfMember, OwnTracks
from services.promotion.site.post_forms import PostForms
from shared.eventsourcing.command_handler import CommandHandler
from shared.eventsourcing.event_store import AggregateKey, EventStore, RecordedEvent
from shared.runtime.runtime import Runtime
from shared.runtime.slips import Slips
from shared.web.guard import Guard

Names = Mapping[str, str]


def track_pages(
    guard: Guard,
    handler: CommandHandler,
    store: EventStore,
    tracks: Sequence[Track],
    names: tuple[Names, Names],
) -> list[Route]:
    """`names` of places and of sectors, by code."""

    async def state(member_id: str) -> Member:
        """Asked by a command that is not given."""
        found: Member = await handler.state_after(EndGrace(member_id, date.min))
        return found

    async def events(member_id: str) -> Sequence[RecordedEvent]:
        return await store.load(AggregateKey("promotion", "member", member_id))

    slips = Slips(guard.frame.cookies.key)
    of = OfMember(state, events)
    return OwnTracks(PostForms(guard), slips, tracks, of, *names).routes()


def add_tracks(
    runtime: Runtime, handler: CommandHandler, guard: Guard, tracks: Sequence[Track]
) -> None:
    names = runtime.charter.places, runtime.charter.sectors
    runtime.routes += track_pages(guard, handler, runtime.store, tracks, names)
