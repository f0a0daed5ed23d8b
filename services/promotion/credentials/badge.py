"""What a credential says: an `OpenBadgeCredential` of Open Badges 3.0."""

import hashlib
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from services.promotion.credentials.days import midnight, written
from services.promotion.credentials.issuer import ACHIEVEMENTS, LISTS, Issuer
from services.promotion.domain.track import Track
from shared.contracts.identity import keyed
from shared.web.language import Language, Marked, marked

CREDENTIALS = "https://www.w3.org/ns/credentials/v2"
OPEN_BADGES = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"

PARTS: dict[str, Marked] = {
    "places": marked("Different places, at least %(num)s."),
    "confirmers": marked("Different people or systems that confirmed them, at least %(num)s."),
    "window_days": marked("Days that are looked back on, %(num)s."),
    "half_life_days": marked("Days after which a report counts by half, %(num)s."),
    "most_per_day": marked("Reports of one day that count, at most %(num)s."),
    "most_per_confirmer": marked("Reports that one has confirmed and that count, at most %(num)s."),
    "findings": marked("Findings as a checker that were right, at least %(num)s."),
    "grace_days": marked("Days after which who falls below nine tenths of it loses it, %(num)s."),
}
"""What a rule may ask besides, by the fields of a track."""


@dataclass(frozen=True)
class Qualification:
    """A track under one version of its rule; without `track` the charter has another one now."""

    name: str
    version: int
    track: Track | None


@dataclass(frozen=True)
class Given:
    """What a member allowed; `qualified_on` only if they want it to be told."""

    credential_id: str
    qualification: Qualification
    list_id: str
    index: int
    on: date
    until: date
    qualified_on: date | None


@dataclass(frozen=True)
class Shown:
    """What somebody can be known by, as a hash that says nothing by itself; kept nowhere."""

    email: str
    salt: str


def badge(
    issuer: Issuer, language: Language, given: Given, shown: Shown | None = None
) -> dict[str, Any]:
    """It has no id of its member's, and none that another credential has too."""
    rule = f"{ACHIEVEMENTS}/{given.qualification.name}/{given.qualification.version}"
    told = rule_in_words(language, given.qualification)
    subject: dict[str, Any] = {
        "id": f"urn:uuid:{UUID(keyed(b'subject', given.credential_id))}",
        "type": ["AchievementSubject"],
        "achievement": {
            "id": issuer.address(rule),
            "type": ["Achievement"],
            "name": title_of(given.qualification),
            "description": language.gettext(
                "Reports that were confirmed, as the rules of %(body)s want them.",
                body=issuer.name,
            ),
            "criteria": {"id": issuer.address(rule), "narrative": told},
            "inLanguage": language.tag,
        },
    }
    if shown:
        subject["identifier"] = [_identity(shown)]
    found: dict[str, Any] = {
        "@context": [CREDENTIALS, OPEN_BADGES],
        "id": f"urn:uuid:{UUID(given.credential_id)}",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": title_of(given.qualification),
        "issuer": issuer.profile(),
        "validFrom": written(given.on),
        "validUntil": written(given.until),
        "credentialSubject": subject,
        "evidence": _evidence(issuer, language, rule),
        "credentialStatus": _status(issuer, given),
    }
    if given.qualified_on:
        found["awardedDate"] = written(given.qualified_on)
    return found


def token(issuer: Issuer, credential: dict[str, Any], given: Given) -> str:
    return issuer.signed(credential, midnight(given.on), midnight(given.until))


def title_of(qualification: Qualification) -> str:
    return qualification.track.title if qualification.track else qualification.name


def rule_in_words(language: Language, qualification: Qualification) -> str:
    say, track = language.gettext, qualification.track
    if track is None:
        return say(
            "By version %(version)s of the rule “%(track)s”, which is another one today.",
            version=qualification.version,
            track=qualification.name,
        )
    told = say(
        "By version %(version)s of the rule “%(track)s”: confirmed reports, at least %(reports)s;"
        " different sectors, at least %(sectors)s; different days, at least %(days)s; refuted of"
        " all that were settled, at most %(share)s.",
        version=track.version,
        track=track.title,
        reports=language.number(track.confirmed),
        sectors=language.number(track.sectors),
        days=language.number(track.days),
        share=language.percent(track.refuted_share),
    )
    parts = ((text, getattr(track, of)) for of, text in PARTS.items())
    found = [told, *(say(text, num=language.number(number)) for text, number in parts if number)]
    if track.after:
        found.append(say("Qualified before on: %(tracks)s.", tracks=", ".join(track.after)))
    return " ".join(found)


def _evidence(issuer: Issuer, language: Language, rule: str) -> list[dict[str, Any]]:
    """Public pages; of the member's own reports there is none."""
    pages = {
        issuer.address(rule): language.gettext("The rule, and how to verify this"),
        issuer.site: language.gettext("What the body makes public"),
    }
    return [{"id": page, "type": ["Evidence"], "name": name} for page, name in pages.items()]


def _status(issuer: Issuer, given: Given) -> dict[str, str]:
    address = issuer.address(f"{LISTS}/{given.list_id}")
    return {
        "id": f"{address}#{given.index}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": str(given.index),
        "statusListCredential": address,
    }


def _identity(shown: Shown) -> dict[str, Any]:
    """As Open Badges has it: SHA-256 of the address with the salt behind it."""
    digest = hashlib.sha256(f"{shown.email}{shown.salt}".encode()).hexdigest()
    return {
        "type": "IdentityObject",
        "hashed": True,
        "identityHash": f"sha256${digest}",
        "identityType": "emailAddress",
        "salt": shown.salt,
    }
