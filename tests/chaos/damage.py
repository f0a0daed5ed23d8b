"""Damages a suite at rest as disks, crashes and hands do it: in files of the log, and in rows."""

import shutil
from pathlib import Path

from real_suite import Home
from sqlalchemy import text

from deploy.suite import database

BITS = 1


def copied(where: Home, folder: Path) -> Home:
    shutil.copytree(where.data_dir, folder)
    return Home(folder, dict(where.environment))


async def traces_of(where: Home, *places: tuple[str, int]) -> list[bytes]:
    """What no other message has, to look for in the files."""
    found = []
    async with where.log() as client:
        for stream, sequence in places:
            message = await client.jetstream().get_msg(stream, sequence)
            event_id = (message.headers or {}).get("ce-id")
            found.append(f"ce-id: {event_id}".encode() if event_id else message.data or b"")
    return found


async def trace_of(where: Home, stream: str, sequence: int) -> bytes:
    return (await traces_of(where, (stream, sequence)))[0]


def flip_bit(where: Home, stream: str, trace: bytes, *, with_index: bool = True) -> None:
    """In the message that has this trace. Without its index the server reads the block itself, as
    after a crash: what comes after the flipped bit is gone then."""
    for block in blocks(where, stream):
        content = bytearray(block.read_bytes())
        at = content.find(trace)
        if at >= 0:
            content[at + len(trace) - 2] ^= BITS
            block.write_bytes(content)
            if not with_index:
                forget_index(where, stream)
            return
    raise AssertionError(f"no block of {stream} holds it")


def cut_tail(where: Home, stream: str, trace: bytes) -> None:
    """From the message with this trace on, as an old copy of the file would have it."""
    flip_bit(where, stream, trace, with_index=False)


def delete_block(where: Home, stream: str, number: int) -> None:
    blocks(where, stream)[number].unlink()


def empty(where: Home, stream: str) -> None:
    for block in blocks(where, stream):
        block.unlink()
    forget_index(where, stream)


def forget_index(where: Home, stream: str) -> None:
    (_messages(where, stream) / "index.db").unlink(missing_ok=True)


def blocks(where: Home, stream: str) -> list[Path]:
    return sorted(_messages(where, stream).glob("*.blk"), key=lambda block: int(block.stem))


def _messages(where: Home, stream: str) -> Path:
    (found,) = (where.data_dir / "nats").glob(f"jetstream/*/streams/{stream}/msgs")
    return found


def in_database(where: Home, service: str, *statements: str) -> None:
    """SQL on the database of a service."""
    engine = database(where.settings, service)
    with engine.begin() as connection:
        for statement in statements:
            assert connection.execute(text(statement)).rowcount > 0, statement
    engine.dispose()
