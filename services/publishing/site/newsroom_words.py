"""What the newsroom calls things."""

from collections.abc import Mapping

from shared.web.language import Marked, marked

KINDS: Mapping[str, Marked] = {
    "report": marked("Reports"),
    "check": marked("Checks"),
    "society": marked("Societies"),
    "member": marked("Members"),
}
WHY: Mapping[str, Marked] = {
    "confirmed": marked("A report proved right"),
    "raised": marked("It is late and was passed up"),
    "refuted": marked("Claimed done, and not found so"),
    "upheld": marked("Checkers found it done"),
    "late": marked("It was done late"),
    "done": marked("It was done in time"),
    "qualified": marked("Somebody has qualified"),
    "founded": marked("A society was founded"),
    "held": marked("A society has held something"),
}
STAGES: Mapping[str, Marked] = {
    "proposed": marked("to be written"),
    "drafted": marked("to be read by a second person"),
    "returned": marked("to be written anew"),
    "reviewed": marked("may appear"),
    "done": marked("has appeared"),
    "withdrawn": marked("withdrawn"),
}
CALLED: Mapping[str, Marked] = {
    "review": marked("It may appear"),
    "return": marked("To be written anew"),
    "publish": marked("Publish it"),
    "hold": marked("Not before it is safe"),
    "safe": marked("It is safe now"),
    "withdraw": marked("Withdraw it"),
}
HAPPENED: Mapping[str, Marked] = {
    "StoryProposed": marked("Proposed"),
    "StoryDrafted": marked("Written"),
    "StoryReviewed": marked("Read by a second person"),
    "StoryReturned": marked("Returned, to be written anew"),
    "StoryEmbargoed": marked("To appear by itself"),
    "StoryHeld": marked("Held until it is safe"),
    "SafetyAsked": marked("Is it safe by now?"),
    "StoryFoundSafe": marked("Found safe"),
    "StoryPublished": marked("Published"),
    "StoryCorrected": marked("Corrected"),
    "StoryWithdrawn": marked("Withdrawn"),
}
