"""The list that says which credentials are revoked: a `BitstringStatusListCredential`."""

import gzip
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from services.promotion.credentials.badge import CREDENTIALS
from services.promotion.credentials.days import midnight, written
from services.promotion.credentials.issuer import LISTS, Issuer
from services.promotion.domain.credential_list import LENGTH
from shared.web.sessions import base64url

GOOD_FOR = timedelta(days=2)
"""From the day's beginning: who keeps an old one back does not get far with it."""


def status_list(issuer: Issuer, list_id: str, revoked: Iterable[int], today: date) -> str:
    """The same all day long, as long as nothing is revoked. Signed."""
    address = issuer.address(f"{LISTS}/{list_id}")
    said: dict[str, Any] = {
        "@context": [CREDENTIALS],
        "id": address,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer.did,
        "validFrom": written(today),
        "validUntil": written(today + GOOD_FOR),
        "credentialSubject": {
            "id": f"{address}#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": encoded(revoked),
        },
    }
    return issuer.signed(said, midnight(today), midnight(today + GOOD_FOR))


def encoded(revoked: Iterable[int]) -> str:
    """The first place is the leftmost bit."""
    bits = bytearray(LENGTH // 8)
    for place in revoked:
        bits[place // 8] |= 0x80 >> place % 8
    return "u" + base64url(gzip.compress(bytes(bits), mtime=0))
