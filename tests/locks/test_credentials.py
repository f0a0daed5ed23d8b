"""Credentials are a file that foreign clients take, too; what is none says where, and no secret."""

import base64
from pathlib import Path

import pytest

from shared.eventsourcing.jetstream.credentials import Credentials, CredentialsError, callbacks
from shared.eventsourcing.jetstream.nkey import Nkey, signed


def test_a_file_is_read_back(tmp_path: Path) -> None:
    made = Credentials("a.b.c", Nkey.fresh("user"))
    file = tmp_path / "me.creds"
    file.write_text(made.written())
    assert Credentials.read(file) == made


def test_a_key_that_is_put_in_place_of_another_counts_from_the_next_connection_on(
    tmp_path: Path,
) -> None:
    file = tmp_path / "me.creds"
    file.write_text(Credentials("first", Nkey.fresh("user")).written())
    tell, sign = callbacks(file)
    assert tell() == b"first"
    second = Nkey.fresh("user")
    file.write_text(Credentials("second", second).written())
    assert tell() == b"second"
    assert signed(second.public, b"word", base64.b64decode(sign("word")))


@pytest.mark.parametrize("content", [None, "", "nonsense", "half", "damaged", "\ud800"])
def test_what_holds_none_is_told_without_what_stands_there(
    tmp_path: Path, content: str | None
) -> None:
    file, key = tmp_path / "me.creds", Nkey.fresh("user")
    whole = Credentials("a.b.c", key).written()
    shown = {"half": whole[: len(whole) // 2], "damaged": whole.replace(key.seed()[9:19], "A" * 10)}
    if content is not None:
        file.write_bytes(shown.get(content, content).encode(errors="surrogatepass"))
    with pytest.raises(CredentialsError) as raised:
        Credentials.read(file)
    assert str(file) in str(raised.value)
    assert key.seed()[20:40] not in str(raised.value)
