"""What a credential says, beside what Open Badges 3.0 and Bitstring Status List ask of one."""

import gzip
import hashlib
import json
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import openbadgeslib.ob3.contexts as known
import pytest

from services.promotion.credentials.badge import (
    Given,
    Qualification,
    Shown,
    badge,
    rule_in_words,
    token,
)
from services.promotion.credentials.issuer import Issuer, PublicKey
from services.promotion.credentials.signer import Signer
from services.promotion.credentials.status import encoded, status_list
from services.promotion.domain.credential_list import LENGTH
from services.promotion.domain.track import Track
from shared.web.language import Language

SIGNER = Signer(b"a key of credentials for tests only")
ISSUER = Issuer(
    "https://tribune.test/promotion", "https://tribune.test/", "Tribune of Testing", SIGNER
)
TRACK = Track("inspector", 2, "Inspector", 60, 6, 40, 0.1)
DAY = date(2031, 3, 4)
GIVEN = Given(
    "1234abcd" * 4,
    Qualification("inspector", 2, TRACK),
    "c" * 32,
    7,
    DAY,
    DAY + timedelta(days=365),
    None,
)
CONTEXTS = ("credentials-v2.json", "ob-v3p0-context-3.0.3.json")
NOT_TERMS = {"@context", "id", "type", "inLanguage"}


def said(**changes: Any) -> dict[str, Any]:
    given = Given(**vars(GIVEN) | changes)
    return badge(ISSUER, Language(), given, Shown("ana@example.org", "salt"))


def terms(context: Any) -> Iterator[str]:
    """All that a context of JSON-LD defines, at any depth."""
    if isinstance(context, list):
        for each in context:
            yield from terms(each)
    elif isinstance(context, dict):
        for name, what in context.items():
            yield name
            if isinstance(what, dict):
                yield from terms(what.get("@context", {}))


def defined() -> set[str]:
    folder = Path(known.__file__).parent
    read = [json.loads((folder / each).read_text())["@context"] for each in CONTEXTS]
    return set(terms(read))


def used(thing: Any) -> Iterator[str]:
    if isinstance(thing, list):
        for each in thing:
            yield from used(each)
    elif isinstance(thing, dict):
        kinds = thing.get("type", [])
        yield from [kinds] if isinstance(kinds, str) else kinds
        for name, value in thing.items():
            if name not in NOT_TERMS:
                yield name
                yield from used(value)


def test_it_has_what_an_open_badge_has_to_have() -> None:
    told = said()
    assert told["@context"][0] == "https://www.w3.org/ns/credentials/v2"
    assert told["@context"][1].startswith("https://purl.imsglobal.org/spec/ob/v3p0/context")
    assert {"VerifiableCredential", "OpenBadgeCredential"} <= set(told["type"])
    assert told["issuer"].keys() >= {"id", "type", "name"}
    assert told["issuer"]["type"] == ["Profile"]
    subject = told["credentialSubject"]
    assert subject["type"] == ["AchievementSubject"]
    achievement = subject["achievement"]
    assert achievement["type"] == ["Achievement"]
    assert achievement.keys() >= {"id", "name", "description", "criteria"}
    assert "60" in achievement["criteria"]["narrative"]
    for evidence in told["evidence"]:
        assert evidence["type"] == ["Evidence"]
        assert evidence["id"].startswith("https://tribune.test/")
    assert (told["validFrom"], told["validUntil"]) == (
        "2031-03-04T00:00:00Z",
        "2032-03-03T00:00:00Z",
    )
    UUID(told["id"].removeprefix("urn:uuid:"))


def test_every_word_of_it_is_one_that_the_specifications_define() -> None:
    assert not {*used(said(qualified_on=DAY))} - defined()


def test_its_status_is_an_entry_of_a_bitstring() -> None:
    status = said()["credentialStatus"]
    assert status["type"] == "BitstringStatusListEntry"
    assert status["statusPurpose"] == "revocation"
    assert status["statusListIndex"] == "7"
    assert status["statusListCredential"] == f"{ISSUER.base}/credentials/status/{'c' * 32}"


def test_it_tells_the_day_only_if_that_was_wanted() -> None:
    assert "awardedDate" not in said()
    assert said(qualified_on=DAY)["awardedDate"] == "2031-03-04T00:00:00Z"


def test_whose_it_is_says_a_hash_of_their_address() -> None:
    (identity,) = said()["credentialSubject"]["identifier"]
    digest = hashlib.sha256(b"ana@example.orgsalt").hexdigest()
    assert identity == {
        "type": "IdentityObject",
        "hashed": True,
        "identityHash": f"sha256${digest}",
        "identityType": "emailAddress",
        "salt": "salt",
    }
    assert "identifier" not in badge(ISSUER, Language(), GIVEN)["credentialSubject"]


def test_no_two_credentials_hang_together_by_an_id() -> None:
    one, two = said(), said(credential_id="abcd1234" * 4)
    assert one["id"] != two["id"]
    assert one["credentialSubject"]["id"] != two["credentialSubject"]["id"]


def test_of_a_rule_that_changed_no_figures_are_told() -> None:
    told = said(qualification=Qualification("inspector", 1, None))
    criteria = told["credentialSubject"]["achievement"]["criteria"]
    assert criteria["id"].endswith("/achievements/inspector/1")
    assert "60" not in criteria["narrative"]


def test_all_that_a_rule_asks_is_told() -> None:
    more = replace(TRACK, places=2, confirmers=3, window_days=90, half_life_days=45)
    most = replace(more, most_per_day=5, most_per_confirmer=7, after=("reader",))
    told = rule_in_words(Language(), Qualification("inspector", 2, most))
    wanted = ("60", "6;", "40", "10", "2.", "3.", "90.", "45.", "5.", "7.", "reader")
    assert all(each in told for each in wanted), told
    assert "90" not in rule_in_words(Language(), Qualification("inspector", 2, TRACK))


def test_its_token_says_the_same_in_claims() -> None:
    head, body, _ = token(ISSUER, said(), GIVEN).split(".")
    header, claims = (json.loads(urlsafe_b64decode(each + "==")) for each in (head, body))
    assert header == {"alg": "EdDSA", "typ": "JWT", "kid": f"{ISSUER.did}#{SIGNER.key_id}"}
    assert claims["iss"] == claims["issuer"]["id"] == ISSUER.did
    assert claims["jti"] == claims["id"]
    assert claims["sub"] == claims["credentialSubject"]["id"]
    assert (claims["nbf"], claims["exp"]) == (1930348800, 1961884800)


@pytest.mark.parametrize(
    ("base", "did"),
    [
        ("https://tribune.test", "did:web:tribune.test"),
        ("https://tribune.test/promotion", "did:web:tribune.test:promotion"),
        ("https://tribune.test:8002", "did:web:tribune.test%3A8002"),
    ],
)
def test_the_issuers_name_follows_from_its_address(base: str, did: str) -> None:
    issuer = Issuer(base, "https://tribune.test/", "T", SIGNER)
    assert issuer.did == did
    document = issuer.document([PublicKey(SIGNER.key_id, SIGNER.public_key)])
    (method,) = document["verificationMethod"]
    assert document["assertionMethod"] == [method["id"]] == [f"{did}#{SIGNER.key_id}"]
    assert "d" not in method["publicKeyJwk"]


def test_the_first_place_of_a_list_is_the_leftmost_bit() -> None:
    assert encoded([])[0] == "u", "multibase says base64url by it"
    bits = gzip.decompress(urlsafe_b64decode(encoded([0, 10, LENGTH - 1])[1:] + "=="))
    assert len(bits) == LENGTH // 8 == 16 * 1024
    assert (bits[0], bits[1], bits[-1], sum(bits)) == (0x80, 0x20, 0x01, 0xA1)


def test_a_list_is_a_credential_for_two_days() -> None:
    signed = status_list(ISSUER, "c" * 32, [7], DAY)
    assert signed == status_list(ISSUER, "c" * 32, [7], DAY), "to be kept by whoever asked for it"
    claims = json.loads(urlsafe_b64decode(signed.split(".")[1] + "=="))
    assert claims["type"] == ["VerifiableCredential", "BitstringStatusListCredential"]
    assert claims["validUntil"] == "2031-03-06T00:00:00Z"
    assert claims["credentialSubject"]["type"] == "BitstringStatusList"
    assert not {*used({k: v for k, v in claims.items() if k not in REGISTERED})} - defined()


REGISTERED = ("iss", "jti", "sub", "nbf", "exp")
