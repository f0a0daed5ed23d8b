"""What a client prefers (RFC 7240): to wait for the receipt, for so many seconds."""

import re
from collections.abc import Sequence

LONGEST_WAIT_S = 30
_WAIT = re.compile(r'\s*wait\s*=\s*"?(\d{1,6})"?\s*(?:;.*)?', re.IGNORECASE)


def wait_s(headers: Sequence[str]) -> int:
    """0: not at all. Of several the first counts; what is no number was not said."""
    for each in ",".join(headers).split(","):
        if found := _WAIT.fullmatch(each):
            return min(int(found[1]), LONGEST_WAIT_S)
    return 0


def applied(seconds: int) -> dict[str, str]:
    return {"Preference-Applied": f"wait={seconds}"} if seconds else {}
