"""Forms in parts: what is read of them, what is refused, and that nothing of either is logged."""

import logging

import pytest

from shared.web.parts import WrongPartsError, in_parts

TYPE = "multipart/form-data; boundary=b0undary"
TEXT = 'Content-Disposition: form-data; name="{}"'


def body(*parts: tuple[str, bytes], end: bytes = b"--b0undary--\r\n") -> bytes:
    each = (b"--b0undary\r\n%s\r\n\r\n%s\r\n" % (head.encode(), text) for head, text in parts)
    return b"".join(each) + end


def test_texts_as_they_came() -> None:
    said = body(
        (TEXT.format("a"), "Größe\r\n--b0undar".encode()),
        (TEXT.format("a b") + "\r\nContent-Type: text/plain; charset=utf-8", b""),
        ("content-DISPOSITION: form-data; name=c", b"3"),
        (TEXT.format("media") + '; filename="lamp.jpg"', b"\xff\xd8GPS"),
    )
    assert in_parts(TYPE, said + b"epilogue", 100) == [
        ("a", "Größe\r\n--b0undar"),
        ("a b", ""),
        ("c", "3"),
    ]
    assert in_parts('multipart/form-data; boundary="b0undary"', said, 100)


@pytest.mark.parametrize(
    ("content_type", "said", "words"),
    [
        ("multipart/form-data", body(), "no boundary"),
        ("multipart/form-data; boundary=", body(), "no boundary"),
        (f"multipart/form-data; boundary={'b' * 300}", body(), "as its Content-Type says"),
        (TYPE, b"", "no end"),
        (TYPE, b"secret", "as its Content-Type says"),
        (TYPE, body((TEXT.format("a"), b"1"), end=b""), "no end"),
        (TYPE, b"--b0undary secret", "as its Content-Type says"),
        (TYPE, body(("Con(tent: secret", b"1")), "as its Content-Type says"),
        (TYPE, body(*[(f"X-{n}: 1", b"") for n in range(2)]), "no name"),
        (TYPE, body((f"X: {'x' * 60_000}", b"")), "as its Content-Type says"),
        (TYPE, body((TEXT.format("a" * 201), b"")), "no name"),
        (TYPE, body((TEXT.format("a"), b"\xff")), "UTF-8"),
        (TYPE, body(*[(TEXT.format("a"), b"1")] * 5), "at most 4 fields"),
    ],
)
def test_what_is_no_form_in_parts(
    content_type: str, said: bytes, words: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG), pytest.raises(WrongPartsError, match=words):
        in_parts(content_type, said, 4)
    assert not caplog.records, "the library would tell what was sent"
