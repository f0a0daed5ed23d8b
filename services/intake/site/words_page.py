"""The editor's desk: owners and tasks of checks that wait to be passed."""

from collections.abc import Mapping

from services.intake.passing import Passing, PassWordsOfACheck
from services.intake.site.checks_page import ChecksPage
from services.intake.site.rows import Rows
from services.intake.site.staff_desk import StaffDesk
from shared.web.language import marked

LONGEST = 300


class WordsPage(ChecksPage):
    path, act_path = "/words", "pass"
    waiting, asking = "words-waiting.html", "pass-words.html"
    done, before = marked("They are public now."), marked("They were passed before.")

    def __init__(self, desk: StaffDesk, passing: Passing, rows: Rows) -> None:
        super().__init__(desk, rows)
        self._passing = passing

    async def act(self, check: str, who: str, reason: str, fields: Mapping[str, str]) -> bool:
        """What was handed over while they read, is read once more."""
        shown = fields.get("owner", "")[:LONGEST], fields.get("task", "")[:LONGEST]
        asked = PassWordsOfACheck(
            check_id=check, who=who, reason=reason, owner=shown[0] or None, task=shown[1] or None
        )
        return bool((await self._passing.of_check(asked))["passed"])
