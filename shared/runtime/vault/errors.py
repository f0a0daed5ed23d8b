"""What can stand between the suite and its vault."""

from shared.eventsourcing.errors import LogDamagedError, TryLaterError


class VaultAwayError(TryLaterError):
    """The store or the master key can't be used just now; says which, and why."""


class VaultLostError(LogDamagedError):
    """The store or the master key is not the one that the log was sealed with; says what to do."""


class VaultFileError(Exception):
    """A file that the operator named, or one of the vault's, does not do; says why."""
