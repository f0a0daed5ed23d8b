"""Words for when there is no page, or no feed, that can be shown."""

from http import HTTPStatus

from shared.web.answers import SOON, SaidError
from shared.web.language import marked


class NotFoundError(SaidError):
    def __init__(self) -> None:
        super().__init__(
            HTTPStatus.NOT_FOUND,
            marked("Not found"),
            marked("There is no such page here. The place may not be in the register."),
        )


class NothingToShowError(SaidError):
    """The database is away, and this page was not shown since we started."""

    def __init__(self) -> None:
        super().__init__(
            HTTPStatus.SERVICE_UNAVAILABLE,
            marked("Nothing to show just now"),
            marked(
                "The figures of this page cannot be read at the moment. Please try again in a"
                " minute."
            ),
            SOON,
        )


class TooMuchAskedError(SaidError):
    def __init__(self) -> None:
        super().__init__(
            HTTPStatus.SERVICE_UNAVAILABLE,
            marked("Too much at once"),
            marked(
                "So many pages are asked for that this one would only wait. Please try again soon."
            ),
            SOON,
        )


class NotWholeError(SaidError):
    def __init__(self) -> None:
        super().__init__(
            HTTPStatus.SERVICE_UNAVAILABLE,
            marked("Not the whole yet"),
            marked(
                "The figures are being made up to date. This feed is back as soon as they are the"
                " whole."
            ),
            SOON,
        )


class StillMadeError(SaidError):
    def __init__(self) -> None:
        super().__init__(
            HTTPStatus.SERVICE_UNAVAILABLE,
            marked("Being made"),
            marked("These files are just being made. Please try again in a minute."),
            SOON,
        )
