"""An edition of the open data: all files of one moment of PUBLIC, written in one go."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from pathlib import Path

from services.publishing.site.opendata.all_formats import formats_of
from services.publishing.site.opendata.columns import SCHEMA_VERSION, Dataset, Shown
from services.publishing.site.opendata.datasets import DATASETS, MODELS
from services.publishing.site.opendata.sink import Made, Sink
from services.publishing.site.reading import Reader, Reading
from services.publishing.site.sorry import NotWholeError
from shared.eventsourcing.projections.serving import position, version
from shared.runtime.charter import Charter


@dataclass(frozen=True)
class Version:
    """The sequence of PUBLIC up to which it holds all, and the day that it calls today: the files
    of two editions of the same are the same to the byte."""

    position: int
    today: date

    def __str__(self) -> str:
        return f"{SCHEMA_VERSION}.{self.position}.{self.today:%Y%m%d}"


@dataclass(frozen=True)
class Edition:
    version: Version
    at: datetime
    files: dict[str, Made]


class Editor:
    """Methods block: use a thread. Files lie in `folder`, without a name."""

    def __init__(
        self,
        reader: Reader,
        charter: Charter,
        zones: Collection[tzinfo],
        base: str,
        folder: Path | None,
    ) -> None:
        self._reader, self._charter, self._zones = reader, charter, zones
        self._base, self._folder = base, folder

    def version(self) -> Version:
        """Of an edition that was made now. Raises NotWholeError."""
        with self._reader.reading() as reading:
            return self._version(reading)

    def edition(self) -> Edition:
        """Raises NotWholeError."""
        with self._reader.reading() as reading:
            of = self._version(reading)
            shown = Shown(reading.connection, of.today, self._base, self._charter)
            made = [file for each in DATASETS for file in self._files(each, shown)]
            return Edition(of, reading.at, {each.name: each for each in made})

    def _version(self, reading: Reading) -> Version:
        reached = position(reading.connection, MODELS, "PUBLIC")
        are_newest = all(version(reading.connection, each) is each for each in MODELS)
        if reading.missing or not reached.is_shown or not are_newest:
            raise NotWholeError
        today = min(reading.at.astimezone(zone).date() for zone in self._zones)
        return Version(reached.sequence, today)

    def _files(self, dataset: Dataset, shown: Shown) -> list[Made]:
        """Each row is asked for once, for all formats."""
        there = formats_of(dataset)
        sinks = [Sink(self._folder) for _ in there]
        begun = [each.begin(dataset, shown, sink) for each, sink in zip(there, sinks, strict=True)]
        rows = [0 for _ in there]
        for row in dataset.rows(shown):
            for which, each in enumerate(begun):
                rows[which] += each.row(row)
        for each in begun:
            each.end()
        return [
            sink.made(f"{dataset.name}.{each.ending}", each.media_type, count)
            for each, sink, count in zip(there, sinks, rows, strict=True)
        ]
