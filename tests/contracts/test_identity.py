"""The same thing said twice gets the same id, for ever; different things never do."""

import hmac
from uuid import UUID, uuid5

from hypothesis import assume, example, given
from hypothesis import strategies as st

from shared.contracts.identity import aggregate_id, command_id, event_id, keyed

names = st.text(st.characters(exclude_characters="\n", exclude_categories=["Cs"]), max_size=20)
three = st.tuples(names, names, names)


def test_these_ids_are_in_logs_already_and_must_never_change() -> None:
    assert aggregate_id("report", "boston", "101000295607") == "5bf0177399415434b2e5942b5b6d2d10"
    assert aggregate_id("check", "boston", "101000295607") == "738e6b1b6c1950e094d8141ca78d7c75"
    assert command_id("inbox", "boston", "a") == "db9dd92bd9b751baa118fd3f279c3859"
    assert event_id("0" * 32, "1" * 32, 0) == "7e1bed08c8f858c19399d31927f81ad4"


@given(three)
def test_an_id_is_a_version_5_uuid_of_what_it_names(parts: tuple[str, str, str]) -> None:
    found = UUID(aggregate_id(*parts))
    assert found.version == 5
    namespace = UUID("5b0c4b9e-3d0f-5f6a-9a55-6c1f2f0f1925")
    assert found == uuid5(namespace, "\n".join(parts))


@given(three, three)
def test_the_same_gets_the_same_id_and_another_another(
    one: tuple[str, str, str], other: tuple[str, str, str]
) -> None:
    assert aggregate_id(*one) == aggregate_id(*one)
    assume(one != other)
    assert aggregate_id(*one) != aggregate_id(*other)
    assert command_id(*one) != command_id(*other)


@given(st.binary(max_size=200), st.lists(st.text(max_size=20)))
@example(b"k" * 64, ["check"])
@example(b"k" * 65, ["check", "\ud800"])
def test_a_keyed_id_is_an_hmac_of_what_it_names(key: bytes, parts: list[str]) -> None:
    name = "\n".join(parts).encode("utf-8", "surrogatepass")
    assert keyed(key, *parts) == hmac.digest(key, name, "sha256")[:16].hex()


def test_kinds_and_sources_do_not_share_ids() -> None:
    ids = {
        aggregate_id(kind, source, "7")
        for kind in ("report", "check", "member")
        for source in ("boston", "chicago")
    }
    assert len(ids) == 6


def test_each_event_of_a_command_has_an_id_of_its_own() -> None:
    ids = {event_id(a, c, index) for a in "ab" for c in "cd" for index in range(12)}
    assert len(ids) == 48


def test_an_id_is_harmless_in_a_subject() -> None:
    found = aggregate_id("report", "boston", "a.b *>\u00e9")
    assert len(found) == 32
    assert set(found) <= set("0123456789abcdef")
