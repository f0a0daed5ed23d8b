"""What people fill in to sign up and in, and what each field takes."""

from typing import Annotated

from pydantic import (
    AfterValidator,
    BaseModel,
    StringConstraints,
    ValidationInfo,
    field_validator,
)

from services.promotion.signing.acts import offered
from services.promotion.signing.passphrases import is_good
from shared.contracts.values import Line
from shared.web.language import marked

LONGEST = 400


def _good(passphrase: str) -> str:
    if not is_good(passphrase):
        raise ValueError("too easy")
    return passphrase


Typed = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST)]
Fresh = Annotated[str, StringConstraints(max_length=LONGEST), AfterValidator(_good)]
CHOOSE = marked(
    "Choose a passphrase of at least 12 characters, such as four words that have nothing to do with"
    " each other."
)
AGAIN = marked("Type the same passphrase once more.")
WORDS = {
    "number": marked("Type your member number."),
    "who": marked("Type your name as the charter has it."),
    "passphrase": marked("Type your passphrase."),
    "code": marked("Type the code."),
    "word": marked("Type the invitation."),
    "sealed": marked("Type the invitation."),
    "old": marked("Type the passphrase that you have now."),
    "fresh": CHOOSE,
    "again": AGAIN,
    "whom": marked("Type a member number, or the name of somebody of the staff."),
    "reason": marked("Say in one line why, without names."),
    "called": marked("Type a word for it, in at most 60 characters."),
    "kind": marked("Choose what is to be done."),
}


class Chosen(BaseModel):
    """A new passphrase, twice."""

    fresh: Fresh
    again: str = ""

    @field_validator("again")
    @classmethod
    def _is_the_same(cls, again: str, others: ValidationInfo) -> str:
        if again != others.data.get("fresh", again):
            raise ValueError("another one")
        return again


class Changed(Chosen):
    old: Typed


class Accepted(Chosen):
    who: Typed
    word: Typed


class Confirmed(BaseModel):
    who: Typed
    word: Typed
    sealed: Annotated[str, StringConstraints(max_length=2_000)]
    code: Typed


class Member(BaseModel):
    number: Typed
    passphrase: Typed


class OfStaff(BaseModel):
    who: Typed
    passphrase: Typed
    code: Typed


class Called(BaseModel):
    """What somebody calls a passkey of theirs."""

    called: Annotated[Line, StringConstraints(max_length=60)]


class Again(BaseModel):
    passphrase: Typed


class Asked(BaseModel):
    kind: Annotated[str, AfterValidator(offered)]
    whom: Typed
    reason: Line


class Declined(BaseModel):
    reason: Line
