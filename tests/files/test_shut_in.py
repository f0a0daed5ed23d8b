"""What the process that cleans files may do: read what came, and say what is left of it."""

import io
import json
import os
import subprocess
import sys
from base64 import b64encode
from pathlib import Path

import pytest
from files_made import bomb, document, photograph
from PIL import Image, ImageCms
from pypdf import PdfWriter
from structlog.testing import capture_logs

from services.intake.files import cleaning, part, walls
from services.intake.files.cleaning import PROJECT, Cleaner

OVER = "tests.files.taken_over"
NEEDS_LANDLOCK = {
    "reads where its parent was started",
    "removes a file",
    "cuts a file",
    "makes a folder",
    "looks into its parent",
    "ends its parent",
}
"""What goes by a path or a number of a process, and so needs no new open file."""


@pytest.fixture
def file_beside() -> Path:
    """By a name that both sides know."""
    return Path(f"/tmp/tribune-taken-over-{os.getpid()}")  # noqa: S108


async def test_who_takes_a_decoder_over_has_got_nowhere(
    monkeypatch: pytest.MonkeyPatch, file_beside: Path
) -> None:
    monkeypatch.setattr(cleaning, "PROGRAM", OVER)
    file_beside.write_text("kept")
    file_beside.chmod(0o666)
    try:
        cleaned = await Cleaner().clean(photograph())
        assert file_beside.read_text() == "kept"
    finally:
        file_beside.unlink(missing_ok=True)
    told = json.loads(cleaned.whole)
    got = {name for name, what in told.items() if what.startswith("yes")}
    assert len(told) > 15
    assert got <= (set() if walls.landlock_version() >= walls.SCOPES_SINCE else NEEDS_LANDLOCK)


def in_colours(kind: str) -> bytes:
    """As cameras make them: with a profile."""
    out, profile = io.BytesIO(), ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
    Image.new("RGB", (40, 30), "red").save(out, kind, icc_profile=profile.tobytes())
    return out.getvalue()


def packed() -> bytes:
    """As most are: what draws it is packed, and so is where its parts lie."""
    writer, out = PdfWriter(io.BytesIO(document())), io.BytesIO()
    for page in writer.pages:
        page.compress_content_streams()
    writer.write(out)
    return out.getvalue()


SAMPLES = {
    "jpeg": lambda: [photograph(), in_colours("JPEG")],
    "png": lambda: [photograph(kind="PNG"), in_colours("PNG"), bomb(2000)],
    "webp": lambda: [photograph(kind="WEBP"), in_colours("WEBP")],
    "pdf": lambda: [document(), packed(), document(locked=True), document()[:900]],
}
BOTH = """
import base64, json, sys
from services.intake.files import program, sorts
kind, cleaned = sys.argv[1], program.cleaner_of(sys.argv[1])
sent = [base64.b64decode(each) for each in json.load(sys.stdin)]
before = set(sys.modules)
for each in sent:
    try:
        cleaned(each)
    except sorts.UncleanError:
        pass
print(sorted(set(sys.modules) - before))
"""


@pytest.mark.parametrize("kind", SAMPLES)
def test_all_that_it_needs_is_there_before_it_is_shut_in(kind: str) -> None:
    """What a decoder wants to import afterwards it can't: good files would be called damaged."""
    sent = json.dumps([b64encode(each).decode() for each in SAMPLES[kind]()])
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", BOTH, kind],
        input=sent.encode(),
        capture_output=True,
        cwd=PROJECT,
        check=False,
    )
    assert done.stdout.decode().strip() == "[]", done.stderr.decode()


@pytest.mark.parametrize(("version", "lines"), [(0, 1), (1, 0), (7, 0)])
async def test_where_the_kernel_lacks_it_the_log_says_so_once(
    monkeypatch: pytest.MonkeyPatch, version: int, lines: int
) -> None:
    monkeypatch.setattr(walls, "landlock_version", lambda: version)
    with capture_logs() as told:
        part.say_what_is_missing()
    assert len([each for each in told if "Landlock" in each["event"]]) == lines
