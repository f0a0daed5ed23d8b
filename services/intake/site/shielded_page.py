"""The editor's desk: checks that are not public because they follow confidential reports."""

from collections.abc import Mapping

from services.intake.lifting import Lifting, LiftShieldOfACheck
from services.intake.site.checks_page import ChecksPage
from services.intake.site.rows import Rows
from services.intake.site.staff_desk import StaffDesk
from shared.web.language import marked


class ShieldedPage(ChecksPage):
    path, act_path = "/shielded", "lift"
    waiting, asking = "shielded.html", "lift.html"
    done, before = marked("It may be public now."), marked("Its shield was lifted before.")

    def __init__(self, desk: StaffDesk, lifting: Lifting, rows: Rows) -> None:
        super().__init__(desk, rows)
        self._lifting = lifting

    async def act(self, check: str, who: str, reason: str, _: Mapping[str, str]) -> bool:
        asked = LiftShieldOfACheck(check_id=check, who=who, reason=reason)
        return bool((await self._lifting.of_check(asked))["lifted"])
