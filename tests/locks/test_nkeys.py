"""Keys and claims are as NATS writes them: what is damaged or signed by another is refused."""

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy.locks.claims import WrongClaimsError, read_claims, signed_claims
from shared.eventsourcing.jetstream.credentials import Credentials
from shared.eventsourcing.jetstream.nkey import Kind, Nkey, WrongKeyError, kind_of, signed

SEED = "SUAMLK2ZNL35WSMW37E7UD4VZ7ELPKW7DHC3BWBSD2GCZ7IUQQXZIORRBU"
"""From the examples of NATS's own library, with its public key."""
PUBLIC = "UCK5N7N66OBOINFXAYC2ACJQYFSOD4VYNU6APEJTAVFZB2SVHLKGEW7L"

kinds = st.sampled_from(["operator", "account", "user"])
raws = st.binary(min_size=32, max_size=32)
claims = st.dictionaries(st.text(min_size=1), st.integers() | st.text() | st.booleans())


def test_a_seed_of_nats_own_library_has_the_public_key_that_it_says() -> None:
    assert Nkey.read(SEED).public == PUBLIC
    assert kind_of(PUBLIC) == "user"


@given(kinds, raws)
def test_a_key_is_read_back_from_its_seed(kind: Kind, raw: bytes) -> None:
    key = Nkey(kind, raw)
    assert Nkey.read(key.seed()) == key
    assert kind_of(key.public) == kind
    assert key.seed()[:2] == {"operator": "SO", "account": "SA", "user": "SU"}[kind]


@given(raws, st.integers(0, 56), st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"))
def test_a_seed_with_a_wrong_letter_is_no_key(raw: bytes, at: int, letter: str) -> None:
    seed = Nkey("user", raw).seed()
    wrong = seed[:at] + letter + seed[at + 1 :]
    if wrong == seed:
        return
    with pytest.raises(WrongKeyError) as raised:
        Nkey.read(wrong)
    assert seed[:20] not in str(raised.value)


def test_what_is_shown_of_a_key_is_not_its_seed() -> None:
    key = Nkey.fresh("user")
    assert key.seed() not in repr(key)
    assert key.seed() not in repr(Credentials("jwt", key))


@given(raws, st.binary(), st.binary())
def test_a_signature_is_that_of_one_key_under_one_content(
    raw: bytes, content: bytes, other: bytes
) -> None:
    key = Nkey("account", raw)
    signature = key.sign(content)
    assert signed(key.public, content, signature)
    assert not signed(Nkey.fresh("account").public, content, signature)
    if other != content:
        assert not signed(key.public, other, signature)


@given(claims)
def test_claims_are_read_back(content: dict[str, object]) -> None:
    key = Nkey.fresh("account")
    found = read_claims(signed_claims(content, key))
    assert found["iss"] == key.public
    assert (
        content.items()
        <= {**found, **{k: content[k] for k in ("iss", "jti") if k in content}}.items()
    )


@given(st.integers(0, 2), st.integers(0, 200))
def test_claims_that_were_changed_are_refused(part: int, at: int) -> None:
    parts = signed_claims({"sub": "A", "name": "n"}, Nkey.fresh("operator")).split(".")
    text = parts[part]
    at %= len(text) - 1  # of the last letter not all bits count
    parts[part] = text[:at] + ("A" if text[at] != "A" else "B") + text[at + 1 :]
    with pytest.raises(WrongClaimsError):
        read_claims(".".join(parts))


def test_claims_in_the_name_of_another_are_refused() -> None:
    head, body, _ = signed_claims({"sub": "A"}, Nkey.fresh("operator")).split(".")
    said = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    said["iss"] = Nkey.fresh("operator").public
    forged = base64.urlsafe_b64encode(json.dumps(said).encode()).rstrip(b"=").decode()
    mine = base64.urlsafe_b64encode(Nkey.fresh("operator").sign(f"{head}.{forged}".encode()))
    with pytest.raises(WrongClaimsError):
        read_claims(f"{head}.{forged}.{mine.rstrip(b'=').decode()}")


@pytest.mark.parametrize(
    "text", ["", "a", "a.b", "a.b.c", "..", "é.é.é", "e30.e30.e30", "e30.bnVsbA.e30"]
)
def test_what_is_no_claim_is_refused_in_words(text: str) -> None:
    with pytest.raises(WrongClaimsError):
        read_claims(text)
