"""What is wrong with a charter's terms for questions that they don't show by themselves."""

from collections.abc import Iterator, Mapping

from shared.contracts.question import SOURCE
from shared.runtime.charter_across import Odd
from shared.runtime.charter_questions import QuestionsTold


def odd_questions(told: QuestionsTold, sources: Mapping[str, object] | None) -> Iterator[Odd]:
    if told.owner and sources is not None and SOURCE in sources:
        words = f'"{SOURCE}" is what commitments of questions come from; name the source otherwise'
        yield Odd("sources.toml", (SOURCE,), words)
