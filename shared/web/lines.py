"""Lines of what people type, as they are kept."""


def plain_lines(text: str) -> str:
    """Browsers end each line with two signs, whatever was typed."""
    return text.replace("\r\n", "\n")
