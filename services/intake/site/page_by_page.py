"""A long list of a desk, a page at a time, by the sequences of its rows."""

from starlette.requests import Request

from services.intake.site.rows import Some
from shared.web.paging import Paged, paged

LONGEST = 15  # digits of a sequence


def beyond_in(request: Request) -> int | None:
    """Behind which row the page begins; what is no sequence is none."""
    said = request.query_params.get("before", "")
    is_one = said.isascii() and said.isdigit() and len(said) <= LONGEST
    return int(said) if is_one else None


async def a_page(request: Request, some: Some, at_once: int, path: str) -> Paged:
    beyond = beyond_in(request)
    found = await some(at_once + 1, beyond)
    return paged(found, at_once, path, beyond, "sequence")
