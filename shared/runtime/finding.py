"""Something wrong in a file that somebody wrote: where it stands, and words that say what to do."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    file: str
    line: int | None
    words: str

    def __str__(self) -> str:
        where = self.file if self.line is None else f"{self.file}, line {self.line}"
        return f"{where}: {self.words}"
