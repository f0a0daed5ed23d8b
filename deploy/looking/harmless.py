"""What of a refused message may be told: codes, moments and yes or no; never what somebody wrote or
is called."""

import re
from typing import Any

LONGEST = 80
LARGEST = 1_000_000
CODE = re.compile(r"(?!.*\d{7})[A-Za-z0-9_.:-]+")
"""As contracts spell codes, and no number by which somebody is called or called up."""
MOMENT = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}([T ][\d:.,+Z -]*)?", re.ASCII)

OF_ATTRIBUTES = {"/specversion": CODE, "/type": CODE}
OF_FIELDS = {
    **dict.fromkeys(("/place", "/sector", "/outcome", "/confidential"), CODE),
    **dict.fromkeys(("/filed_at", "/resolved_at", "/made_at", "/due_at", "/done_at"), MOMENT),
}


class _Missing:
    """Where nothing stands, nobody can tell what, or it is nobody's business."""


MISSING = _Missing()


def told(value: Any, form: re.Pattern[str] | None) -> Any:
    """As it is, its beginning if it is long, and MISSING for what has not this form."""
    if form is None or value is MISSING:
        return MISSING
    if isinstance(value, str):
        return shortened(value) if form.fullmatch(value) else MISSING
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value if -LARGEST < value < LARGEST else MISSING
    return value if value is None or isinstance(value, bool) else MISSING


def shortened(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
