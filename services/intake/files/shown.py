"""Which pictures are to be seen by all, as the log says so far."""

from collections.abc import Awaitable, Callable, Collection
from typing import NamedTuple

from shared.contracts.event import Event
from shared.contracts.finding_shown import PicturePassed, PictureTakenBack
from shared.contracts.person import PersonErased
from shared.contracts.report import FilePassed, FileTakenBack

TakesBack = Callable[[PicturePassed], Awaitable[None]]


class Picture(NamedTuple):
    """`whose` key seals it: the report's, or that of the member who took it."""

    whose: str
    digest: str


class Shown:
    """What was passed, by its public name."""

    def __init__(self) -> None:
        self.passed = dict[str, Picture]()
        self._by_members = dict[str, PicturePassed]()
        self._erased = set[str]()

    @property
    def left(self) -> Collection[PicturePassed]:
        """Of who was erased, and not taken back yet."""
        taken = self._by_members.values()
        return [each for each in taken if each.member_id in self._erased]

    def take(self, event: Event) -> None:
        match event:
            case FilePassed():
                self.passed[event.picture] = Picture(event.report_id, event.digest)
            case PicturePassed():
                self._by_members[event.picture] = event
                if event.member_id not in self._erased:
                    self.passed[event.picture] = Picture(event.member_id, event.digest)
            case FileTakenBack() | PictureTakenBack():
                self.passed.pop(event.picture, None)
                self._by_members.pop(event.picture, None)
            case PersonErased():
                self._erased.add(event.aggregate_id)
                for name, picture in [*self.passed.items()]:
                    if picture.whose == event.aggregate_id:
                        del self.passed[name]
            case _:
                pass
