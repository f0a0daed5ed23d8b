"""What is run as a process of its own: a service, or a part of one that is kept apart from it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Program:
    """`service` is by whose names it goes in the log: a part that moves into a program of its own
    takes its positions, leases and dead letters along. Without `has_rows` it asks no database,
    without `has_pages` it has an inner door only."""

    name: str
    service: str
    has_rows: bool = True
    has_pages: bool = True

    @classmethod
    def of(cls, service: str) -> "Program":
        """All of a service."""
        return cls(service, service)
