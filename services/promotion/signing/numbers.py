"""Member numbers: random, easy to type, and a mistyped one is known for what it is."""

import secrets

DIGITS = 11
GROUP = 4
_DAMM = (
    "0317598642",
    "7092154863",
    "4206871359",
    "1750983426",
    "6123045978",
    "3674209581",
    "5869720134",
    "8945362017",
    "9438617205",
    "2581436790",
)
"""H. M. Damm's table: it finds each wrong digit, and each two that have changed places."""


def new_number() -> str:
    digits = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    return digits + _check_digit(digits)


def read_number(typed: str) -> str | None:
    """Without what people put between the digits; None for what can't be one."""
    number = "".join(sign for sign in typed if sign not in " -.\u00a0\u202f")
    is_digits = number.isascii() and number.isdigit() and len(number) == DIGITS + 1
    return number if is_digits and _check_digit(number) == "0" else None


def shown(number: str) -> str:
    """In groups of four."""
    return " ".join(number[at : at + GROUP] for at in range(0, len(number), GROUP))


def _check_digit(digits: str) -> str:
    interim = "0"
    for digit in digits:
        interim = _DAMM[int(interim)][int(digit)]
    return interim
