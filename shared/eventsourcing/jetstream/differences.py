"""Where a live stream differs from its declaration, as far as that matters."""

from dataclasses import dataclass
from typing import Any

from nats.js.api import DiscardPolicy, RetentionPolicy, StreamConfig

from shared.contracts.routing import is_inbox

IDS = "duplicate_window"
INBOX_LIMITS = ("max_bytes", "max_msg_size", IDS)


@dataclass(frozen=True)
class Difference:
    stream: str
    setting: str
    declared: Any
    live: Any

    @property
    def is_limit(self) -> bool:
        """What an inbox may hold is the operator's to say; it promises nobody a thing."""
        return is_inbox(self.stream) and self.setting in INBOX_LIMITS

    @property
    def keeps_words(self) -> bool:
        """An inbox from before words were deleted there; a live stream can't give that up."""
        return is_inbox(self.stream) and self.setting == "deny_delete" and bool(self.live)

    @property
    def is_damage(self) -> bool:
        return not (self.is_limit or self.keeps_words)

    def __str__(self) -> str:
        return f"{self.stream}: {self.setting} is {self.live!r}, declared is {self.declared!r}"


def differences(declared: StreamConfig, live: StreamConfig) -> list[Difference]:
    """The settings that matter to what the log promises, and an inbox's limits, where they
    differ."""
    watched = [
        "subjects",
        "retention",
        "storage",
        "discard",
        "max_age",
        "max_msgs",
        "max_bytes",
        "max_msg_size",
        "max_msgs_per_subject",
        "deny_delete",
        "deny_purge",
        "allow_direct",
        "allow_atomic",
        "allow_msg_schedules",
    ]
    return [
        Difference(str(declared.name), setting, expected, found)
        for setting in (*watched, *_of_inboxes(declared))
        if (expected := _normal(getattr(declared, setting)))
        != (found := _normal(getattr(live, setting)))
    ]


def _of_inboxes(declared: StreamConfig) -> tuple[str, ...]:
    """Of all others the server's own default stands."""
    return (IDS,) if is_inbox(str(declared.name)) else ()


def _normal(value: Any) -> Any:
    """None, False, 0 and -1 all say "no limit" or "off"; the server names its defaults."""
    off = (None, False, 0, -1, RetentionPolicy.LIMITS, DiscardPolicy.OLD)
    return None if value in off else value
