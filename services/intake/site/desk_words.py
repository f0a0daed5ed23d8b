"""What the desk calls states, acts, and what has happened to a report."""

from shared.contracts.event import Event
from shared.contracts.report import (
    DuplicateClaimed,
    DuplicateParted,
    DuplicateRefused,
    ErasureAnnounced,
    FileAttached,
    FilePassed,
    FileTakenBack,
    OriginalFound,
    ReportAnswered,
    ReportClosed,
    ReportConfirmed,
    ReportCorroborated,
    ReportErased,
    ReportFiled,
    ReportHalfFixed,
    ReportMarkedDuplicate,
    ReportRefuted,
    ReportReopened,
    ReportUnsealed,
    ReportWithdrawn,
)
from shared.web.language import Marked, marked

STATES: dict[str, Marked] = {
    "filed": marked("open"),
    "half fixed": marked("half fixed"),
    "claimed": marked("said to repeat another"),
    "duplicate": marked("repeats another"),
    "confirmed": marked("confirmed"),
    "refuted": marked("refuted"),
    "closed": marked("closed"),
}

ACTS: dict[str, Marked] = {
    "confirm": marked("Confirm it"),
    "refute": marked("Refute it"),
    "half-fix": marked("Say that it is half fixed"),
    "merge": marked("Merge it with another"),
    "part": marked("Part it from the other"),
    "answer": marked("Answer it"),
    "close": marked("Close it"),
    "reopen": marked("Reopen it"),
    "commit": marked("Make a commitment of it"),
}

HAPPENED: dict[type[Event], Marked] = {
    ReportFiled: marked("It was filed."),
    ReportCorroborated: marked("Somebody else has seen it, too."),
    ReportConfirmed: marked("It was confirmed."),
    ReportRefuted: marked("It was refuted."),
    ReportClosed: marked("It was closed."),
    ReportHalfFixed: marked("It was said to be half fixed."),
    ReportReopened: marked("It was reopened."),
    ReportAnswered: marked("It was answered."),
    DuplicateClaimed: marked("It was said to repeat another report."),
    ReportMarkedDuplicate: marked("It repeats another report."),
    DuplicateRefused: marked("It can not repeat that report, and is open again."),
    DuplicateParted: marked("It was parted from the other report."),
    OriginalFound: marked("Another report is said to repeat it."),
    FileAttached: marked("A file was attached."),
    FilePassed: marked("A picture of it was shown to all."),
    FileTakenBack: marked("A picture of it was taken back."),
    ReportUnsealed: marked("Its sealed words were shown."),
    ReportErased: marked("Its words were erased for ever."),
    ErasureAnnounced: marked("It was announced that its words will be erased."),
    ReportWithdrawn: marked("What was public of it was taken back."),
}
