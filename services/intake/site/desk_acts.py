"""The acts of the desk: what is typed for each, and the command that it becomes."""

from collections.abc import Callable
from datetime import date, datetime, time
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, Field, StringConstraints

from services.intake.deciding import Act
from services.intake.domain.check import OpenCheck
from services.intake.domain.course import HalfFixReport, ReopenReport
from services.intake.domain.duplicate import MarkDuplicate, PartDuplicate
from services.intake.domain.report import AnswerReport
from services.intake.domain.settlement import CloseReport, ConfirmReport, RefuteReport
from services.intake.site.naming import AnyName, report_id_of
from shared.contracts.check import CheckOpened
from shared.contracts.identity import aggregate_id
from shared.contracts.report import ReportFiled
from shared.contracts.values import EARLIEST, LATEST, PROSE_PATTERN, GivenLine, Id, Line

Seen = Annotated[int, Field(ge=1, lt=2**31)]
Long = Annotated[
    str,
    StringConstraints(min_length=1, max_length=4_000, pattern=PROSE_PATTERN, strip_whitespace=True),
]


class Reasoned(BaseModel):
    seen: Seen
    reason: Line


class Merged(Reasoned):
    original: AnyName


class Answered(BaseModel):
    seen: Seen
    answer: Long


class Committed(BaseModel):
    seen: Seen
    once: Id
    owner: GivenLine
    task: GivenLine
    due: Annotated[date, Field(ge=EARLIEST.date(), lt=LATEST.date())]
    known_to: Literal["body", "all"]


TYPED: dict[str, type[BaseModel]] = {
    "merge": Merged,
    "answer": Answered,
    "commit": Committed,
    **dict.fromkeys(("confirm", "refute", "half-fix", "part", "close", "reopen"), Reasoned),
}

REASONED: dict[str, Callable[[str, str, datetime], Act]] = {
    "confirm": ConfirmReport,
    "refute": RefuteReport,
    "half-fix": HalfFixReport,
    "part": PartDuplicate,
    "close": CloseReport,
    "reopen": ReopenReport,
}


def command_of(
    act: str, typed: BaseModel, filed: ReportFiled, now: datetime, zone: ZoneInfo
) -> Act:
    report_id = filed.report_id
    match typed:
        case Merged(original=original, reason=reason):
            return MarkDuplicate(report_id, report_id_of(original), now, reason)
        case Answered(answer=answer):
            return AnswerReport(report_id, answer, now)
        case Committed():
            return OpenCheck(_opened(typed, filed, now, zone))
        case Reasoned(reason=reason):
            return REASONED[act](report_id, reason, now)
        case _:
            raise TypeError(type(typed).__name__)


def _opened(typed: Committed, filed: ReportFiled, now: datetime, zone: ZoneInfo) -> CheckOpened:
    """Due at the end of the day. Of a report that is confidential it always is, too; and an editor
    passes its words before anybody else reads them."""
    number = f"desk/{typed.once}"
    return CheckOpened(
        check_id=aggregate_id("check", filed.source, number),
        source=filed.source,
        source_id=number,
        report_id=filed.report_id,
        owner=typed.owner,
        task=typed.task,
        place=filed.place,
        sector=filed.sector,
        confidential=filed.confidential or typed.known_to == "body",
        passed=False,
        opened_at=now,
        due_at=datetime.combine(typed.due, time(23, 59, 59), zone),
    )
