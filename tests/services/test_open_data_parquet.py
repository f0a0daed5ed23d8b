"""Parquet of the open data, where pyarrow is there: the same rows, with types and meanings."""

import io
import subprocess
import sys
from datetime import date
from typing import Any

import httpx
import pytest
from public_site import PublicSite
from taken_data import STORY, rows

from services.publishing.site.opendata.datasets import DATASETS

WITHOUT = """
import sys
sys.modules["pyarrow"] = None
from services.publishing.site.opendata.data_desk import FILES
from services.publishing.site.opendata.all_formats import FORMATS
assert [each.ending for each in FORMATS] == ["csv", "jsonl", "geojson"]
assert not any(name.endswith("parquet") for name in FILES)
"""


async def test_files_have_the_rows_types_and_meanings_of_the_dictionary(
    site: PublicSite, client: httpx.AsyncClient
) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    await site.hears(*STORY)
    types = {"string": "string", "date32[day]": "date", "int64": "integer", "double": "number"}
    types["bool"] = "boolean"
    for dataset in DATASETS:
        answer = await client.get(f"/data/{dataset.name}.parquet")
        table = parquet.read_table(io.BytesIO(answer.content))
        fields = {each.name: (types[str(each.type)], each.metadata) for each in table.schema}
        assert list(fields) == [each.name for each in dataset.columns]
        for each in dataset.columns:
            kind, told = fields[each.name]
            assert kind == each.type
            assert told[b"meaning"].decode() == each.meaning
            assert told[b"suppressed"].decode() == each.hidden
        found = [{name: _told(value) for name, value in row.items()} for row in table.to_pylist()]
        assert found == await rows(client, dataset.name)
        assert table.schema.metadata[b"schema_version"] == b"1"


def _told(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def test_without_it_nothing_is_told_of_it() -> None:
    subprocess.run([sys.executable, "-c", WITHOUT], check=True)  # noqa: S603  our own
