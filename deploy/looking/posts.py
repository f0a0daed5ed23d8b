"""Posts as the log has them, and how a member stands beside those who were asked."""

from collections.abc import AsyncGenerator
from contextlib import aclosing

from deploy.looking.lookup import Log, history
from deploy.looking.reading import messages
from services.promotion.domain.post_state import Post, evolve
from shared.contracts.post import PostEvent, PostOpened
from shared.contracts.routing import streams_of
from shared.eventsourcing.event_store import AggregateKey


async def opened(log: Log) -> AsyncGenerator[PostOpened]:
    """In the order in which they were."""
    for stream in streams_of("promotion"):
        only = [f"{stream.lower()}.post.>"]
        async with aclosing(messages(log.client, stream, only)) as found:
            async for message in found:
                recorded = log.codec.decode_known(message.headers, message.body, message.sequence)
                if recorded is not None and isinstance(recorded.event, PostOpened):
                    yield recorded.event


async def one(log: Log, post_id: str) -> Post:
    """Nobody has opened one whose life is unknown."""
    post = Post()
    async with aclosing(history(log, AggregateKey("promotion", "post", post_id))) as found:
        async for recorded in found:
            if isinstance(recorded.event, PostEvent):
                post = evolve(post, recorded.event)
    return post
