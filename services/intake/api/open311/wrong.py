"""What is wrong with a request, as a list of status and words."""

from http import HTTPStatus


class WrongRequestError(Exception):
    """`wrong` are pairs of a status and what to mend; its own status is that of all, else 400."""

    def __init__(self, *wrong: tuple[int, str]) -> None:
        super().__init__("; ".join(words for _, words in wrong))
        self.wrong = wrong

    @property
    def status(self) -> int:
        statuses = {status for status, _ in self.wrong}
        return statuses.pop() if len(statuses) == 1 else HTTPStatus.BAD_REQUEST

    @property
    def words(self) -> list[str]:
        return [words for _, words in self.wrong]


def bad(words: str) -> tuple[int, str]:
    return HTTPStatus.BAD_REQUEST, words


def unknown(words: str) -> tuple[int, str]:
    return HTTPStatus.NOT_FOUND, words
