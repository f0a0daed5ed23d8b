"""The charter's rules for due dates and its almanacs, as the domain reckons by them."""

from zoneinfo import ZoneInfo

from services.intake.domain.almanac import Almanac, no_holidays
from services.intake.domain.due import DueRules, Rule
from shared.contracts.party import Parties
from shared.runtime.charter import Charter
from shared.runtime.charter_due import AlmanacTold, RuleTold, version_of
from shared.runtime.holidays_of import holidays_of, holidays_version


def due_rules(charter: Charter) -> DueRules:
    zone = charter.language.zone
    almanacs = {
        place: almanac
        for name, told in charter.due.almanac.items()
        for almanac in [_almanac(name, told, zone, charter.language.tag)]
        for place in told.places
    }
    rules = [_rule(each, charter.parties) for each in charter.due.rule]
    return DueRules(rules, almanacs, Almanac(zone=zone))


def _rule(told: RuleTold, parties: Parties) -> Rule:
    """An owner may stand there by any of its names."""
    names = (name for each in told.owners for name in parties.names(each))
    owners = frozenset(name.casefold() for name in names)
    return Rule(
        told.name,
        told.version,
        told.days,
        told.counted,
        tuple(told.places),
        frozenset(told.sectors),
        owners,
    )


def _almanac(name: str, told: AlmanacTold, common: ZoneInfo, tag: str) -> Almanac:
    zone = ZoneInfo(told.zone) if told.zone else common
    return Almanac(
        name,
        version_of(told, zone.key, holidays_version() if told.holidays else ""),
        zone,
        told.weekdays,
        holidays_of(told.holidays, tag) if told.holidays else no_holidays,
        dict(told.off),
        frozenset(told.worked),
    )
