"""The editor's desk: for which commitments more time was asked; granted, or declined."""

from collections.abc import Mapping

from starlette.routing import Route

from services.intake.clocking import Clocking, OfAClock
from services.intake.site.checks_page import ChecksPage
from services.intake.site.rows import Rows
from services.intake.site.staff_desk import StaffDesk
from shared.web.language import marked


class GrantingPage(ChecksPage):
    path, act_path = "/more-time", "grant"
    waiting, asking = "more-time-asked.html", "more-time-grant.html"
    done, before = marked("It is due later now."), marked("It was answered before.")

    def __init__(self, desk: StaffDesk, clocking: Clocking, rows: Rows) -> None:
        super().__init__(desk, rows)
        self._clocking = clocking

    async def act(self, check: str, who: str, reason: str, _: Mapping[str, str]) -> bool:
        asked = OfAClock(check_id=check, who=who, reason=reason)
        return bool((await self._clocking.grant(asked))["changed"])


class DecliningPage(GrantingPage):
    act_path, asking = "decline", "more-time-decline.html"
    done = marked("It stays due when it is.")

    async def act(self, check: str, who: str, reason: str, _: Mapping[str, str]) -> bool:
        asked = OfAClock(check_id=check, who=who, reason=reason)
        return bool((await self._clocking.decline(asked))["changed"])

    def routes(self) -> list[Route]:
        """The list is there with what grants."""
        return [each for each in super().routes() if each.path != self.path]
