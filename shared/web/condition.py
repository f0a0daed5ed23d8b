"""How a service does, for programs that watch it and on its front page."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Condition:
    """`reasons` why it is not ready; `standby` are the loops that another process runs; `warnings`
    do not keep it from being ready."""

    reasons: list[str] = field(default_factory=list)
    standby: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    @property
    def ready(self) -> bool:
        return not self.reasons
