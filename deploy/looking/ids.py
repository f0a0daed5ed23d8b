"""What an id stands for that is not the log's own: a source's number, or a public id."""

import re
from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass

from deploy.looking.reading import messages
from services.publishing.public import of_a_check
from shared.contracts.identity import aggregate_id, keyed
from shared.contracts.routing import streams_of
from shared.eventsourcing.event_store import AggregateKey
from shared.eventsourcing.jetstream.connection import Client

AGGREGATES = (("promotion", "member"), ("intake", "report"), ("intake", "check"))
BEGINS = {"member": "ReportCredited", "report": "ReportFiled", "check": "CheckOpened"}
PUBLIC_EVENT = "urn:tribune:event:"
_PSEUDONYM = re.compile("m-([0-9a-f]{4})-([0-9a-f]{4})", re.IGNORECASE)
_PUBLIC = re.compile("[0-9a-f]{32}")


@dataclass(frozen=True)
class Names:
    """What it takes to know ids of others: the sources, and the key that makes public ids."""

    sources: Sequence[str] = ()
    release_key: bytes | None = None

    def of_a_source(self, given: str) -> Iterator[AggregateKey]:
        """What may be behind a number that a source gave."""
        for service, category in AGGREGATES:
            for source in self.sources:
                yield AggregateKey(service, category, aggregate_id(category, source, given))

    async def of_the_public(
        self, client: Client, given: str, what: str = ""
    ) -> AsyncGenerator[AggregateKey, None]:
        """What is behind a public id, or the beginning of one as pages show it; of any kind, or of
        one. Only who holds the release key can tell, and has to try every id that there is."""
        pseudonym = _PSEUDONYM.fullmatch(given)
        wanted = "".join(pseudonym.groups()).lower() if pseudonym else given
        if self.release_key is None or not (pseudonym or _PUBLIC.fullmatch(given)):
            return
        for service, category in AGGREGATES[: 1 if pseudonym else None]:
            if what not in ("", category):
                continue
            async for own in _ids(client, service, category):
                if any(each.startswith(wanted) for each in self._public_ids(category, own)):
                    yield AggregateKey(service, category, own)

    def _public_ids(self, category: str, own: str) -> Iterator[str]:
        """Also of a check whose shield was lifted."""
        assert self.release_key is not None  # noqa: S101  nobody asks without
        yield keyed(self.release_key, category, own)
        if category == "check":
            yield keyed(self.release_key, *of_a_check(own, is_lifted=True))


async def _ids(client: Client, service: str, category: str) -> AsyncIterator[str]:
    """Each once, and no more of them in memory than there are aggregates."""
    known: set[bytes] = set()
    for stream in streams_of(service):
        only = f"{stream.lower()}.{category}.{BEGINS[category]}.>"
        async with aclosing(messages(client, stream, [only], headers_only=True)) as found:
            async for message in found:
                own = message.headers.get("ce-subject", "")
                if (brief := bytes.fromhex(own)) not in known:
                    known.add(brief)
                    yield own
