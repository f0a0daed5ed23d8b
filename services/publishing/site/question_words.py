"""What pages call things about questions."""

from collections.abc import Mapping

from shared.web.language import Marked, marked

WAYS: Mapping[str, Marked] = {
    "site": marked("asked on this site"),
    "meeting": marked("asked at a meeting"),
    "society": marked("asked by a society"),
}
STATES: Mapping[str, Marked] = {
    "asked": marked("waits for an editor"),
    "open": marked("an answer is owed"),
    "answered": marked("answered"),
    "declined": marked("not let through"),
    "withdrawn": marked("withdrawn before anybody read it"),
}
WHY_NOT: Mapping[str, Marked] = {
    "abuse": marked("It abuses somebody"),
    "names": marked("It names somebody who did not agree"),
    "asked": marked("It was asked already"),
    "nothing": marked("It asks nothing of the body"),
}
RATINGS: Mapping[str, Marked] = {
    "answered": marked("It is answered"),
    "partly": marked("Part of it is answered"),
    "not": marked("It is not answered"),
}
CALLED: Mapping[str, Marked] = {
    "pass": marked("Let it through"),
    "decline": marked("Do not let it through"),
    "answer": marked("Answer it"),
    "hide": marked("Take its words away"),
}
DONE: Mapping[str, Marked] = {
    "pass": marked("It is public, and an answer is owed."),
    "decline": marked("It is not let through, and its words are gone."),
    "answer": marked("It is answered, and everybody reads it."),
    "hide": marked("Its words are gone. The answer is owed all the same."),
    "join": marked("You ask it, too. Nobody but you is told so."),
    "leave": marked("You ask it no more."),
    "withdraw": marked("You have withdrawn it, and its words are gone."),
    "rate": marked("Thank you. It counts without your name, and you may change it."),
}
HAPPENED: Mapping[str, Marked] = {
    "QuestionAsked": marked("Asked"),
    "QuestionPassed": marked("Let through"),
    "QuestionDeclined": marked("Not let through"),
    "QuestionWithdrawn": marked("Withdrawn"),
    "QuestionHidden": marked("Its words were taken away"),
    "QuestionAnswered": marked("Answered"),
    "AnswerCorrected": marked("The answer was corrected"),
}
