"""Deletes single messages of a stream: the server overwrites them where they stood."""

from nats.aio.client import Client
from nats.js.errors import APIError, NotFoundError

NO_SUCH_SEQUENCE, FAILED = 10043, 10057
NOT_PERMITTED = "not permitted"


class KeepsAllError(Exception):
    """The stream was declared to let nothing be deleted."""


async def delete(client: Client, stream: str, sequence: int) -> bool:
    """Whether it was there. Raises KeepsAllError."""
    try:
        return bool(await client.jetstream().delete_msg(stream, sequence))
    except NotFoundError:
        return False
    except APIError as error:
        if error.err_code == FAILED and NOT_PERMITTED in (error.description or ""):
            raise KeepsAllError(stream) from None
        if error.err_code == NO_SUCH_SEQUENCE or not await _is_there(client, stream, sequence):
            return False
        raise


async def _is_there(client: Client, stream: str, sequence: int) -> bool:
    """Of what lies before a stream's beginning the server says no more than that it failed."""
    try:
        await client.jetstream().get_msg(stream, sequence)
    except NotFoundError:
        return False
    return True
