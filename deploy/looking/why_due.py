"""How a due date follows from a rule, in one line; counted once more."""

from shared.contracts.reckoning import Reckoning

MOST_NAMED = 20


def in_words_of(said: Reckoning) -> str:
    days = "working days" if said.counted == "working" else "days, the last of them worked,"
    found = list(said.skipped())
    named = [f"{day} ({why})" for day, why in found if why]
    weekends = len(found) - len(named)
    skipped = [f"{weekends} of weekends"] * bool(weekends) + named[:MOST_NAMED]
    if (more := len(named) - MOST_NAMED) > 0:
        skipped.append(f"and {more} more")
    proven = "counted again, it is so" if said.holds() else "counted again, it is NOT so"
    return (
        f"{said.days} {days} after {said.from_day} in {said.zone} end on {said.due_day}, by rule"
        f" {said.rule} version {said.rule_version} and almanac {said.almanac or 'of no place'}"
        f" version {said.almanac_version}; not counted: {', '.join(skipped) or 'none'}; {proven}"
    )
