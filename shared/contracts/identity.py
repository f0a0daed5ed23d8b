"""Deterministic ids: the same thing said twice gets the same id, for ever."""

from uuid import UUID, uuid5

_TRIBUNE = UUID("5b0c4b9e-3d0f-5f6a-9a55-6c1f2f0f1925")


def aggregate_id(kind: str, source: str, source_id: str) -> str:
    """The id of a report or check, from the source and the source's own id for it."""
    return uuid5(_TRIBUNE, f"{kind}\n{source}\n{source_id}").hex


def command_id(*origin: str) -> str:
    """The id of a command, from what led to it: an upstream `ce-id`, an event id, a due date."""
    return uuid5(_TRIBUNE, "command\n" + "\n".join(origin)).hex


def event_id(aggregate_id: str, command_id: str, index: int) -> str:
    """The `ce-id` of the index-th event that a command led to in one aggregate."""
    return uuid5(_TRIBUNE, f"event\n{aggregate_id}\n{command_id}\n{index}").hex
