"""`tribune charter due`: by when a commitment would be due by a charter's rules, and why."""

import json
from datetime import date, datetime, time
from pathlib import Path

from deploy.looking.why_due import in_words_of
from deploy.problems import FOUND_WRONG, WRONG_USE
from deploy.terminal import Terminal
from services.intake.domain.due import DueRules, NoRuleError, TooLateError
from services.intake.due_dates import due_rules
from shared.runtime.charter import Charter, CharterError, read_charter
from shared.runtime.settings import Settings

console = Terminal()
NOON = time(12)


def due(
    place: str, sector: str, made: str, owner: str, directory: Path | None, *, as_json: bool
) -> int:
    """Exit 1 where no rule is for it, 2 where the charter knows no such place or sector."""
    try:
        charter = read_charter(directory or Settings().charter_dir)
        day = _day(made)
        _look(charter, place, sector)
    except (CharterError, ValueError) as error:
        console.print(str(error), highlight=False, soft_wrap=True)
        return WRONG_USE
    rules = due_rules(charter)
    noon = datetime.combine(day, NOON, rules.almanac(place).zone)
    return _told(rules, place, sector, owner, noon, as_json=as_json)


def _told(
    rules: DueRules, place: str, sector: str, owner: str, noon: datetime, *, as_json: bool
) -> int:
    try:
        found = rules.after(place, sector, owner, noon)
    except NoRuleError:
        words = "no rule is for it: who makes such a commitment has to say by when it is due"
        console.print(words, highlight=False, soft_wrap=True)
        return FOUND_WRONG
    except TooLateError:
        console.print("it would be due after the year 2999", highlight=False)
        return FOUND_WRONG
    told = found.reckoning
    if told is None:
        raise TypeError("a rule says how")
    if as_json:
        skipped = [{"day": str(each), "why": why or None} for each, why in told.skipped()]
        said = {"due_at": found.at.isoformat(), "reckoning": told.model_dump(mode="json")}
        print(json.dumps(said | {"not_counted": skipped}))  # noqa: T201
        return 0
    console.print(f"due by {found.at.astimezone(noon.tzinfo):%Y-%m-%d %H:%M:%S %z}")
    console.print(f"  {in_words_of(told)}", highlight=False, soft_wrap=True)
    return 0


def _day(text: str) -> date:
    """Raises ValueError."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f'"{text}" is no day such as 2031-12-22') from None


def _look(charter: Charter, place: str, sector: str) -> None:
    """Raises ValueError."""
    for what, code, known in (
        ("place", place, charter.places),
        ("sector", sector, charter.sectors),
    ):
        if code not in known:
            raise ValueError(f'the charter has no {what} "{code}"')
