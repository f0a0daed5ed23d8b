"""What people type on the site for the body, and what the staff type for them."""

from typing import Annotated

from pydantic import StringConstraints

from shared.contracts.values import PROSE_PATTERN

MOST_SIGNS = 4_000

TypedWords = Annotated[
    str,
    StringConstraints(
        min_length=1, max_length=MOST_SIGNS, pattern=PROSE_PATTERN, strip_whitespace=True
    ),
]
"""There is something in it, and it is no book."""
