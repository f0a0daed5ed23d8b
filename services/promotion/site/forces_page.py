"""Who rises, for placers alone: a working list with its reasons, as a page and for spreadsheets."""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.promotion.domain.rising import MOST_OF_A_CONFIRMER, PRIOR_PEERS, WHOLE, Rising, rising
from services.promotion.site.posts_page import PLACER, PostDesk
from services.promotion.workdays import RECENT_DAYS, SPANS_BEFORE, Span
from shared.contracts.place import EVERYWHERE
from shared.web.answers import NOT_KEPT
from shared.web.csv_cells import harmless
from shared.web.language import Language, marked
from shared.web.paging import address

PATH, AS_CSV = "/forces", "/forces.csv"
SHOWN = 200
COLUMNS = (
    *("member", "sector", "than_before", "than_others", "days", "days_before", "others"),
    *("days_of_others", "confirmers", "findings", "refuted", "places"),
)


@dataclass(frozen=True)
class ForcesPage:
    """Members are called as on the bench of a post, so a placer knows them again there."""

    desk: PostDesk

    def routes(self) -> list[Route]:
        own = self.desk.forms.guard.requires(PLACER)
        return [Route(PATH, own(self.show)), Route(AS_CSV, own(self.as_csv))]

    def _cut(self, request: Request) -> dict[str, str]:
        """What the charter does not know is not asked."""
        given, desk = request.query_params, self.desk
        known = {"place": desk.places, "sector": desk.sectors}
        return {name: given[name] for name in known if given.get(name) in known[name]}

    async def _found(self, cut: Mapping[str, str]) -> tuple[Span | None, list[Rising]]:
        found = await self.desk.posts.rows.lately(
            cut.get("place", EVERYWHERE), cut.get("sector", "")
        )
        return (found[0], rising(found[1], found[0])) if found else (None, [])

    async def show(self, request: Request) -> Response:
        desk, cut = self.desk, self._cut(request)
        of, found = await self._found(cut)
        language = desk.forms.frame.language
        return desk.forms.form(
            request,
            "forces.html",
            cut,
            forces=[self._told(each, language) for each in found[:SHOWN]],
            more=max(len(found) - SHOWN, 0),
            until=of and of.until,
            most=MOST_OF_A_CONFIRMER,
            recent=RECENT_DAYS,
            before=RECENT_DAYS * SPANS_BEFORE,
            places=desk.places,
            sectors=desk.sectors,
            as_csv=address(AS_CSV, **cut),
        )

    def _told(self, one: Rising, language: Language) -> dict[str, Any]:
        return {
            "code": self.desk.posts.code(one.member_id),
            "about": self.desk.sectors.get(one.sector, one.sector),
            "where": [(self.desk.places.get(place, place), days) for place, days in one.places],
            "rise": language.percent(one.rise / WHOLE),
            "reasons": list(_reasons(one, language)),
        }

    async def as_csv(self, request: Request) -> Response:
        _, found = await self._found(self._cut(request))
        text = io.StringIO(newline="")
        writer = csv.writer(text)
        writer.writerow(COLUMNS)
        writer.writerows(self._cells(each) for each in found)
        headers = NOT_KEPT | {"Content-Disposition": 'attachment; filename="forces.csv"'}
        return Response(text.getvalue(), media_type="text/csv; charset=utf-8", headers=headers)

    def _cells(self, one: Rising) -> list[str]:
        ratios = (f"{each / WHOLE:.3f}" for each in (one.own, one.others))
        numbers = (one.days, one.before, one.peers, one.peers_days, one.confirmers)
        where = " ".join(f"{place}:{days}" for place, days in one.places)
        return [
            self.desk.posts.code(one.member_id),
            harmless(one.sector),
            *ratios,
            *(f"{each}" for each in (*numbers, one.findings, one.refuted)),
            harmless(where),
        ]


def _reasons(one: Rising, language: Language) -> Iterator[str]:
    """Which credits, and what they are compared with."""
    say, ngettext, number = language.gettext, language.ngettext, language.number
    yield ngettext(
        "%(num)s day of work that others confirmed, by %(by)s of them",
        "%(num)s days of work that others confirmed, by %(by)s of them",
        one.days,
        by=number(one.confirmers),
    )
    if one.findings:
        yield ngettext(
            "among it findings of %(num)s day that the verdict agreed with",
            "among it findings of %(num)s days that the verdict agreed with",
            one.findings,
        )
    if one.refuted:
        yield ngettext(
            "less %(num)s day of which a report was refuted",
            "less %(num)s days of which reports were refuted",
            one.refuted,
        )
    percent = language.percent
    than_before = marked("%(share)s of before: %(num)s days in the time before")
    yield say(than_before, share=percent(one.own / WHOLE), num=number(one.before))
    if one.peers:
        than_others = marked("%(share)s of others there: %(num)s, with %(days)s days together")
        told = {"num": number(one.peers), "days": number(one.peers_days)}
        yield say(than_others, share=percent(one.others / WHOLE), **told)
    else:
        nobody = marked("nobody else there has begun; %(share)s of %(num)s who did a little")
        yield say(nobody, share=percent(one.others / WHOLE), num=number(PRIOR_PEERS))
