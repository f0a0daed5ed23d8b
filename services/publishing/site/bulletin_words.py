"""What pages call things of bulletins."""

from collections.abc import Mapping

from shared.web.language import Marked, marked

CHOSEN: Mapping[str, Marked] = {
    "rank": marked("It stands here by its points."),
    "floor": marked("It is in so that its region has its floor."),
    "share": marked("It is in so that the regions have their share."),
    "lead": marked("It stands here so that the regions lead."),
    "hand": marked("An editor put it here."),
}
ISSUE_STAGES: Mapping[str, Marked] = {
    "called": marked("to be composed"),
    "composed": marked("composed, to be read by a second person"),
    "reviewed": marked("read, may be issued"),
    "issued": marked("issued"),
    "withdrawn": marked("withdrawn"),
}
ISSUE_ACTS: Mapping[str, Marked] = {
    "review": marked("I have read it"),
    "issue": marked("Issue it"),
    "withdraw": marked("Withdraw it"),
}
ISSUE_HAPPENED: Mapping[str, Marked] = {
    "BulletinCalled": marked("Its day has come"),
    "BulletinComposed": marked("Composed"),
    "BulletinReviewed": marked("Read by a second person"),
    "BulletinIssued": marked("Issued"),
    "BulletinCorrected": marked("Corrected"),
    "BulletinWithdrawn": marked("Withdrawn"),
}
