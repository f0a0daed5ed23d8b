"""A part of the suite on one machine is given those secrets alone that it has a use for."""

from pathlib import Path

import pytest

from deploy.embedded.suite import Suite
from deploy.programs import PROGRAMS

USED_BY = {
    "TRIBUNE_RELEASE_KEY": {"gate"},
    "TRIBUNE_DIGEST_KEY": {"intake"},
    "TRIBUNE_SIGNING_KEY": {"promotion"},
}


def test_no_part_is_given_what_others_keep_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in USED_BY:
        monkeypatch.setenv(name, "a secret of this instance")
    suite = Suite(tmp_path)
    given = {part: suite.environment_of(f"{part}-1") for part in PROGRAMS}
    assert {name: {part for part in given if given[part][name]} for name in USED_BY} == USED_BY
