"""All rows are lost: they are made anew at replay speed, one sees how far; nothing ends it."""

import re
import shutil
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

import pytest
from city import HalfYear
from real_suite import home

from deploy.embedded import running

AT = re.compile(r"projections: at ([0-9,]+) of ([0-9,]+)")
PATIENCE_S = 30.0
"""Far less than the whole may take; it is asked for between two signs of life."""


@pytest.mark.deep
async def test_rows_that_are_lost_are_made_anew_with_progress_shown(
    request: pytest.FixtureRequest, half_year: HalfYear, tmp_path: Path
) -> None:
    kept = half_year.home.data_dir
    where = home(request, tmp_path / "anew")
    where.data_dir.mkdir()
    for key in ("release.key", "digest.key", "vault.key", "vault.db"):
        shutil.copy(kept / key, where.data_dir)
    shutil.copytree(kept / "nats", where.data_dir / "nats")
    told: dict[str, list[int]] = defaultdict(list)

    def tell(waits_for: Mapping[str, str]) -> None:
        for part, reasons in waits_for.items():
            if found := AT.search(reasons):
                at, of = (int(number.replace(",", "")) for number in found.groups())
                assert at < of
                told[part].append(at)

    async with running(where.suite(patience_s=PATIENCE_S), tell):
        pass
    assert where.rows() == half_year.home.rows()
    for seen in told.values():
        assert seen == sorted(seen), "it only goes on"
    assert len(set(told["intake-1"])) > 1, "one can see how far it is"
