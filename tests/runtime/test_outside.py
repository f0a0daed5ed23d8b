"""What came from outside is shown on terminals and in logs, and steers neither."""

# ruff: noqa: RUF001  Persian is not ambiguous to those who write it

import io
import json
import logging
import unicodedata
from collections.abc import Iterator

import pytest
import structlog
from hostile import ACUTE, REFUSED, TAKEN

from shared.runtime.logging import configure_logging
from shared.runtime.outside import harmless

ALL = TAKEN | REFUSED


def steers(text: str) -> bool:
    return any(
        unicodedata.category(sign) in {"Cc", "Cf", "Cs", "Zl", "Zp"} and sign not in "\u200c\u200d"
        for sign in text
    )


@pytest.mark.parametrize("text", ALL.values(), ids=ALL)
def test_nothing_in_it_steers(text: str) -> None:
    assert not steers(harmless(text))
    harmless(text).encode()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Public Works",
        "Crème brûlée",
        "می\u200cخواهم",
        "👨\u200d👩\u200d👧",
        "བསྒྲུབས",
        "a" + 8 * ACUTE,
    ],
)
def test_what_people_write_stays(text: str) -> None:
    assert harmless(text) == text


def test_what_is_piled_up_is_told() -> None:
    assert harmless("a" + 10 * ACUTE + "b") == "a" + 8 * ACUTE + 2 * "\\u0301" + "b"


def test_a_line_stays_one_unless_lines_are_meant() -> None:
    assert harmless("a\nb\x1b") == "a\\nb\\x1b"
    assert harmless("a\nb\x1b", "\n") == "a\nb\\x1b"


@pytest.fixture(params=["console", "json"])
def logged(request: pytest.FixtureRequest) -> Iterator[io.StringIO]:
    root, before = logging.getLogger(), logging.getLogger().handlers[:]
    configure_logging("intake", "INFO", request.param)
    told = io.StringIO()
    handler = root.handlers[0]
    assert isinstance(handler, logging.StreamHandler)
    handler.setStream(told)
    yield told
    root.handlers[:] = before
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


@pytest.mark.parametrize("text", ALL.values(), ids=ALL)
def test_a_line_of_the_log_is_one_line(
    logged: io.StringIO, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only our handler hears it: what pytest keeps is sent between its workers, as it is."""
    root = logging.getLogger()
    ours = [each for each in root.handlers if getattr(each, "stream", None) is logged]
    monkeypatch.setattr(root, "handlers", ours)
    structlog.get_logger().info("refused", why=text, several={text: [text]})
    logging.getLogger("library").warning("said %s", text)
    lines = logged.getvalue().splitlines()
    assert len(lines) == 2
    for line in lines:
        unpainted = line.replace("\x1b[", "")
        assert not steers(unpainted)
        assert "\x1b[2J" not in line


def test_a_trace_keeps_its_lines(logged: io.StringIO) -> None:
    try:
        int("\x1b[2J")
    except ValueError:
        structlog.get_logger().exception("failed")
    told = logged.getvalue()
    assert "\x1b[2J" not in told
    if told.startswith("{"):
        told = json.loads(told)["exception"]
    assert len(told.splitlines()) > 3
