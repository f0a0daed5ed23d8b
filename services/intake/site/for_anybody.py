"""The pages that are there for anybody: to report something, and to see what became of it."""

from starlette.routing import Route

from services.intake.adding import Adding
from services.intake.belonging import Belonging
from services.intake.site.reply_page import ReplyPage
from services.intake.site.report_form import ReportForms
from services.intake.site.report_map import ReportMap
from services.intake.site.report_page import ReportPage
from services.intake.site.seen_before import SeenBefore
from services.intake.site.trace_page import TraceForms, TracePage
from services.intake.trail.filing import Filing
from services.intake.trail.replying import Replying
from services.intake.trail.tracing import Tracing
from shared.runtime.charter import Charter
from shared.web.guard import Guard


def for_anybody(
    charter: Charter,
    guard: Guard,
    to_file: tuple[Filing, SeenBefore, Belonging],
    to_follow: tuple[Tracing, Replying],
    adding: Adding,
) -> list[Route]:
    """What the charter says of the form is what it proposes."""
    places, sectors = charter.places, charter.sectors
    filing, before, belonging = to_file
    tracing, replying = to_follow
    known_to = "body" if charter.sources[filing.source].form == "confidential" else "all"
    drawn = ReportMap(charter.geography) if charter.geography else None
    beside = (known_to, before, drawn, belonging, adding.uploads)
    report = ReportPage(ReportForms(guard), filing, places, sectors, *beside)
    trace = TracePage(TraceForms(guard), tracing, places, sectors)
    reply = ReplyPage(trace, replying, adding)
    return [*report.routes(), *trace.routes(), *reply.routes()]
