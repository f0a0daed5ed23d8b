"""The locked suite, two of intake: somebody reports at one, and follows it at the other."""

import shutil
from pathlib import Path

import httpx
import pytest
from real_suite import CHARTER, free_ports
from street import CODE, hidden, told, traced

from deploy.embedded import Suite, running

pytestmark = pytest.mark.deep
SITE = """boston = {name = "311 of the City of Boston", public = true}
people = {name = "People of Boston", form = "confidential"}
"""
WORDS = "unmistakable marmalade at the depot"


async def test_a_report_from_the_form_goes_all_the_way(tmp_path: Path) -> None:
    charter = tmp_path / "charter"
    shutil.copytree(CHARTER, charter)
    (charter / "sources.toml").write_text(SITE)
    made = Suite(tmp_path / "data", charter, free_ports(), services=("intake",), replicas=2)
    async with running(made) as suite:
        one, other = (f"http://127.0.0.1:{suite.ports[f'intake-{number}']}" for number in (1, 2))
        async with httpx.AsyncClient(base_url=one, trust_env=False, timeout=60) as client:
            page = await client.get("/report")
            place, sector = "us.ma.boston.roxbury", "street-lights"
            fields = hidden(page) | told(text=WORDS, place=place, sector=sector)
            found = CODE.search((await client.post("/report", data=fields)).text)
        assert found
        async with httpx.AsyncClient(base_url=other, trust_env=False, timeout=60) as client:
            trace = await traced(client, found[1])
        assert "It was received." in trace.text
        assert WORDS not in trace.text
    digits = found[1].replace(" ", "").encode()
    for file in (each for each in (tmp_path / "data").rglob("*") if each.is_file()):
        assert digits not in file.read_bytes(), file
        assert found[1].encode() not in file.read_bytes(), file
