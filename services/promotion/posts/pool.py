"""Who may be a candidate for a post, with what the rows know of their work."""

from collections.abc import Collection

from sqlalchemy import Connection

from services.promotion.domain.ranking import Candidate
from services.promotion.projections import evidence


def pool(
    connection: Connection, tracks: Collection[str], place: str, sector: str
) -> list[Candidate]:
    """Those who are qualified on all these tracks."""
    found = evidence.of_qualified(connection, tracks, place, sector)
    return [Candidate(who, frozenset(tracks), *figures) for who, *figures in found]
