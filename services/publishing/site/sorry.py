"""Words for when there is no page, or no feed, that can be shown."""

from http import HTTPStatus

from shared.web.answers import SOON, SaidError


class NotFoundError(SaidError):
    def __init__(self) -> None:
        super().__init__(
            HTTPStatus.NOT_FOUND,
            "Not found",
            "There is no such page here. The place may not be in the register.",
        )


class NothingToShowError(SaidError):
    """The database is away, and this page was not shown since we started."""

    def __init__(self) -> None:
        super().__init__(
            HTTPStatus.SERVICE_UNAVAILABLE,
            "Nothing to show just now",
            "The figures of this page cannot be read at the moment. Please try again in a minute.",
            SOON,
        )


class TooMuchAskedError(SaidError):
    def __init__(self) -> None:
        super().__init__(
            HTTPStatus.SERVICE_UNAVAILABLE,
            "Too much at once",
            "So many pages are asked for that this one would only wait. Please try again soon.",
            SOON,
        )


class NotWholeError(SaidError):
    def __init__(self) -> None:
        super().__init__(
            HTTPStatus.SERVICE_UNAVAILABLE,
            "Not the whole yet",
            "The figures are being made up to date. This feed is back as soon as they are the"
            " whole.",
            SOON,
        )
