"""The editor's desk: owners and tasks of checks that wait to be passed."""

from services.intake.passing import Passing, PassWordsOfACheck
from services.intake.site.checks_page import ChecksPage
from services.intake.site.rows import Rows
from services.intake.site.staff_desk import StaffDesk
from shared.web.language import marked


class WordsPage(ChecksPage):
    path, act_path = "/words", "pass"
    waiting, asking = "words-waiting.html", "pass-words.html"
    done, before = marked("They are public now."), marked("They were passed before.")

    def __init__(self, desk: StaffDesk, passing: Passing, rows: Rows) -> None:
        super().__init__(desk, rows)
        self._passing = passing

    async def act(self, check: str, who: str, reason: str) -> bool:
        asked = PassWordsOfACheck(check_id=check, who=who, reason=reason)
        return bool((await self._passing.of_check(asked))["passed"])
