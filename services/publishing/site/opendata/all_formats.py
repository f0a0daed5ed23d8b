"""The formats that there are here, in the order in which they are told."""

from collections.abc import Sequence

from services.publishing.site.opendata.columns import Dataset
from services.publishing.site.opendata.formats import CSV, JSON_LINES, Format
from services.publishing.site.opendata.geojson import GEOJSON
from services.publishing.site.opendata.parquet import PARQUET, is_there

FORMATS = (CSV, JSON_LINES, GEOJSON, *([PARQUET] if is_there() else []))
"""Parquet where pyarrow is installed, which is larger than all else together."""


def formats_of(dataset: Dataset) -> Sequence[Format]:
    return [each for each in FORMATS if each.has(dataset)]
