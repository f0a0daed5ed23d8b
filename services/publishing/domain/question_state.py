"""A question as its events left it: who asks it, whether it is public, what was answered."""

import json
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal

from rpds import HashTrieMap, HashTrieSet

from shared.contracts.question import (
    AnswerRated,
    QuestionAsked,
    QuestionCounted,
    QuestionDeclined,
    QuestionEvent,
    QuestionHidden,
    QuestionJoined,
    QuestionLeft,
    QuestionPassed,
    QuestionWithdrawn,
    RatingsCounted,
    TextOfAnswer,
)

Life = Literal["unknown", "asked", "open", "answered", "declined", "withdrawn"]
Figures = tuple[int, int, int]
NONE: Figures = (0, 0, 0)
BYTES_A_VOICE = 300


@dataclass(frozen=True, slots=True)
class Question:
    """`voices` are those who ask it, `gone` is whether its words were taken away. `answers` are the
    words of each, the last one counts: `ratings` are those of it, and `rated` the figures that were
    told."""

    life: Life = "unknown"
    asked: QuestionAsked | None = None
    voices: "HashTrieSet[str]" = field(default_factory=HashTrieSet)
    counted: int = 0
    gone: bool = False
    answers: tuple[str, ...] = ()
    ratings: "HashTrieMap[str, str]" = field(default_factory=HashTrieMap)
    rated: Figures = NONE

    @property
    def held_bytes(self) -> int:
        """One that is loaded from beside the log has few events and many voices."""
        return (len(self.voices) + len(self.ratings)) * BYTES_A_VOICE


def evolve(question: Question, event: QuestionEvent) -> Question:
    match event:
        case QuestionAsked(by=by, is_own=is_own):
            voices = HashTrieSet([by] if is_own else [])
            return Question(life="asked", asked=event, voices=voices)
        case QuestionPassed():
            return replace(question, life="open")
        case QuestionDeclined():
            return replace(question, life="declined", gone=True)
        case QuestionJoined(by=by):
            return replace(question, voices=question.voices.insert(by))
        case QuestionLeft(by=by):
            return replace(question, voices=question.voices.discard(by))
        case QuestionCounted(at_least=at_least):
            return replace(question, counted=at_least)
        case QuestionWithdrawn(by=by, passed=passed):
            left = replace(question, voices=question.voices.discard(by), gone=True)
            return left if passed else replace(left, life="withdrawn")
        case QuestionHidden():
            return replace(question, gone=True)
        case TextOfAnswer(words=words):
            answers = (*question.answers, words)
            anew: dict[str, Any] = {"ratings": HashTrieMap(), "rated": NONE}
            return replace(question, life="answered", answers=answers, **anew)
        case AnswerRated(by=by, rating=rating):
            return replace(question, ratings=question.ratings.insert(by, rating))
        case RatingsCounted(answered=answered, partly=partly, not_answered=not_answered):
            return replace(question, rated=(answered, partly, not_answered))
        case _:
            return question


def dump(question: Question) -> bytes:
    plain = asdict(replace(question, asked=None, voices=HashTrieSet(), ratings=HashTrieMap()))
    plain |= {
        "asked": question.asked.model_dump_json() if question.asked else None,
        "voices": sorted(question.voices),
        "ratings": dict(sorted(question.ratings.items())),
    }
    return json.dumps(plain).encode()


def load(kept: bytes) -> Question:
    head = json.loads(kept)
    asked = head["asked"] and QuestionAsked.model_validate_json(head["asked"])
    head |= {"asked": asked, "answers": tuple(head["answers"]), "rated": tuple(head["rated"])}
    head |= {"voices": HashTrieSet(head["voices"]), "ratings": HashTrieMap(head["ratings"])}
    return Question(**head)
