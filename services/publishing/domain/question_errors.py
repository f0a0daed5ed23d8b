"""Why something is not done about a question."""

from shared.eventsourcing.errors import DomainError


class NoQuestionError(DomainError):
    pass


class NotPassedError(DomainError):
    """No editor has read it yet."""


class OwnQuestionError(DomainError):
    """Who asked or noted it can't let it through."""


class SettledError(DomainError):
    """An editor has decided on it already, or it was withdrawn."""


class AnsweredError(DomainError):
    pass


class NotAnsweredError(DomainError):
    pass


class GoneError(DomainError):
    """Its words were taken away, so nobody joins any more."""


class UnreadableError(DomainError):
    """Its words are gone before any editor has read them, so nobody lets it through."""


class NotYoursError(DomainError):
    """It is for who asked it, or joined."""


class OtherAnswerError(DomainError):
    """Somebody has answered it meanwhile."""


class NoReasonError(DomainError):
    pass


class FullError(DomainError):
    pass
