"""Puts the pages of tracks together: a member's own, and what other tracks would change."""

from collections.abc import Mapping, Sequence
from datetime import date

from starlette.routing import Route

from services.promotion.domain.member import EndGrace
from services.promotion.domain.member_state import Member
from services.promotion.domain.track import Track
from services.promotion.rehearsal.asking import Rehearsal
from services.promotion.rules import tracks_told
from services.promotion.site.own_tracks import OfMember, OwnTracks
from services.promotion.site.post_forms import PostForms
from services.promotion.site.posts_page import PostDesk
from services.promotion.site.what_if_page import WhatIfPage
from shared.eventsourcing.command_handler import CommandHandler
from shared.eventsourcing.event_store import AggregateKey, EventStore, RecordedEvent
from shared.eventsourcing.jetstream.connection import Client
from shared.runtime.charter_tracks_across import FILE
from shared.runtime.charter_tracks_text import tracks_in
from shared.runtime.finding import Finding
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


def what_if_page(desk: PostDesk, client: Client, written: str) -> WhatIfPage:
    """`written` are the charter's own tracks, as in its file."""

    def read(text: str) -> Sequence[Track] | list[Finding]:
        found = tracks_in(text, desk.places, desk.sectors)
        return found if isinstance(found, list) else tracks_told(found.track)

    return WhatIfPage(desk, written, read, Rehearsal(client).of)


def add_tracks(
    runtime: Runtime, handler: CommandHandler, desk: PostDesk, tracks: Sequence[Track]
) -> None:
    charter, guard = runtime.charter, desk.forms.guard
    names = charter.places, charter.sectors
    runtime.routes += track_pages(guard, handler, runtime.store, tracks, names)
    file = charter.directory / FILE
    written = file.read_text(encoding="utf-8-sig") if file.is_file() else ""
    runtime.routes += what_if_page(desk, runtime.client, written).routes()
