"""How many checks of PUBLIC lead back to a case number, for whoever has the city's own file.

Run it: `python tests/linking.py`. A check leads back where no other one says the same: by place,
sector and due date, and by all that is public of it in the end.
"""

import json
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from deploy.feeding.demo import FILE, MAPPING
from deploy.feeding.tables import read_rows
from services.publishing.public import day
from shared.mapping import Mapping

BOSTON = ZoneInfo("America/New_York")
Said = dict[str, Any]


def checks() -> list[Said]:
    """All that is said of each, with its moments."""
    found: dict[str, Said] = {}
    for event in Mapping(MAPPING).events(read_rows(FILE)):
        if event.kind.startswith("commitment."):
            body = json.loads(event.outgoing().body)
            found.setdefault(body["commitment"], {}).update(body)
    return list(found.values())


def led_back(found: list[Said], shown: Callable[[Said], object]) -> float:
    many = Counter(map(shown, found))
    return sum(count == 1 for count in many.values()) / len(found)


def of_day(moment: str | None) -> object:
    return moment and day(datetime.fromisoformat(moment), BOSTON)


def as_it_is(moment: str | None) -> object:
    return moment


def main() -> None:
    found = checks()
    for name, told in (("moments", as_it_is), ("days", of_day)):

        def due(said: Said, told: Callable[[str | None], object] = told) -> object:
            return said["place"], said["sector"], told(said["due_at"])

        def everything(said: Said, told: Callable[[str | None], object] = told) -> object:
            rest = said["owner"], said["task"], told(said.get("done_at"))
            return due(said, told), rest

        by_due, by_all = led_back(found, due), led_back(found, everything)
        print(f"{len(found):,} checks, {name}: {by_due:.1%} by due date, {by_all:.1%} by all")  # noqa: T201


if __name__ == "__main__":
    main()
