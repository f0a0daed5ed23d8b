"""What can go wrong between a command and the log."""


class DomainError(Exception):
    """The command is forbidden in this state; the sender has to be told."""


class ConcurrencyError(Exception):
    """Somebody else wrote in between; read again and decide anew."""


class LogUnavailableError(Exception):
    """The log did not answer for too long; what was sent may or may not be in it."""


class LogDamagedError(Exception):
    """The log has a gap, went backwards or differs from its declaration; stop and look."""
