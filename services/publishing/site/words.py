"""Lateness, pseudonyms and reasons as a reader wants to see them."""

import re
from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any

from shared.contracts.public import TAKEN_BACK
from shared.web.language import Language, Marked, marked

MICROSECONDS_OF_A_DAY = 86_400_000_000
_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def days_late(language: Language, check: Mapping[str, Any], now: datetime) -> str:
    """From the day when it was due to the one when it was done, or to today."""
    until = check["done_on"] or check.get("halved_on") or now.astimezone(language.zone).date()
    late = (until - check["due_on"]).days
    if late < 1:
        return language.gettext("less than a day")
    return language.ngettext("%(num)s day", "%(num)s days", late)


OUTCOMES: dict[str | None, Marked] = {
    None: marked("open"),
    "confirmed": marked("confirmed"),
    "refuted": marked("refuted"),
    "half fixed": marked("half fixed"),
    "reopened": marked("open again"),
}


def outcome(language: Language, known_as: str | None) -> str:
    """What came of a report, as far as that is public."""
    return language.gettext(OUTCOMES[known_as])


def entry_time(language: Language, moment: datetime, sequence: int) -> str:
    """The day of an entry, as a moment: what goes beyond the day counts events, and no time. So
    each entry has a moment of its own, and they are in the order of their events."""
    day = datetime.combine(moment.astimezone(language.zone).date(), time(), language.zone)
    counted = day + timedelta(microseconds=sequence % MICROSECONDS_OF_A_DAY)
    return counted.isoformat(timespec="microseconds")


def pseudonym(member: str) -> str:
    """The beginning of a public id, short enough to be told on the telephone: M-7f3a-91c2."""
    return f"M-{member[:4]}-{member[4:8]}"


def withdrawn_for(language: Language, reason: str) -> str:
    """In the words of who took it back; where a rule did, in those of the page."""
    return language.gettext("It was not to be public.") if reason == TAKEN_BACK else reason


def reasons(language: Language, member: Mapping[str, Any], track: str) -> str:
    """Of a protected member only by which rule."""
    reports, sectors, days = member["confirmed"], member["sectors"], member["days"]
    if reports is None:
        return language.gettext(
            "track %(track)s, rule version %(version)s", track=track, version=member["rule_version"]
        )
    return language.gettext(
        "%(reports)s, %(sectors)s, %(days)s, %(share)s refuted; track %(track)s, rule version"
        " %(version)s",
        reports=language.ngettext("%(num)s report confirmed", "%(num)s reports confirmed", reports),
        sectors=language.ngettext("in %(num)s sector", "in %(num)s sectors", sectors),
        days=language.ngettext("on %(num)s day", "on %(num)s days", days),
        share=language.percent(member["refuted_share"]),
        track=track,
        version=member["rule_version"],
    )


def xml_text(text: str) -> str:
    """Without the characters that XML 1.0 cannot carry even when escaped."""
    return _NOT_IN_XML.sub("\N{REPLACEMENT CHARACTER}", text)
