"""What can go wrong between a command and the log."""


class DomainError(Exception):
    """The command is forbidden in this state; the sender has to be told."""


class TryLaterError(Exception):
    """Nothing is wrong with the work itself: it waits, and is tried again."""


class ConcurrencyError(TryLaterError):
    """Somebody else wrote in between; read again and decide anew."""


class LogUnavailableError(TryLaterError):
    """The log did not answer for too long; what was sent may or may not be in it."""


class LogFullError(TryLaterError):
    """The log has no room; nothing of what was sent is in it."""


class StoreFullError(LogFullError):
    """Not one stream, but all that the log may store is taken."""


class NewerEventError(TryLaterError):
    """An event of a type or version that this process does not know: a newer one has to decide."""


class LeaseLostError(TryLaterError):
    """Another process has taken over this loop; what we have in hand is not ours to write."""


class ExpiredError(TryLaterError):
    """An inbox forgot messages before anybody read them; its reader has to say so and go on."""


class TooLargeError(Exception):
    """More bytes than the server takes; nothing was sent."""


class RefusedAppendError(Exception):
    """The server refused for a reason that trying again does not cure."""


class UnreadableEventError(Exception):
    """What stands in the log is no event, or one that does not fit its schema."""


class LogDamagedError(Exception):
    """The log has a gap, went backwards or differs from its declaration; stop and look."""
