"""What of a check is public: withdrawn, its words passed, its shield lifted."""

from dataclasses import replace

from services.intake.domain.check_state import Opened
from services.intake.domain.check_told import common_of, told_of
from services.intake.domain.claim_checked import released
from services.intake.domain.pictures_passed import (
    OfPictures,
    PassPicture,
    TakePictureBack,
    pictures_passed,
    with_their_pictures,
)
from services.intake.domain.shield import LiftShield, Shield, Standing, lifted
from services.intake.domain.withdrawal import WithdrawCheck, withdraws
from services.intake.domain.words import PassWords, passed
from services.intake.domain.words import Standing as OfWords
from shared.contracts.check import CheckEvent, CheckWithdrawn

Privileged = WithdrawCheck | PassWords | LiftShield | OfPictures


def of_what_is_public(command: Privileged, check: Opened) -> list[CheckEvent]:
    common = common_of(command.check_id, check)
    if isinstance(command, PassPicture | TakePictureBack):
        return [*pictures_passed(command, common, check.pictures)]
    if isinstance(command, LiftShield):
        return _lifted(command, check)
    if isinstance(command, PassWords):
        state = check.hidden, check.withdrawn, check.passed
        words = passed(command, common, OfWords(check.task, check.overdue, *state))
        return [*released(words, check.checked.awaited)]
    if not withdraws(command, confidential=check.hidden, before=check.withdrawn):
        return []
    said = {"role": command.role, "reason": command.reason, "withdrawn_at": command.now}
    withdrawn = [CheckWithdrawn(**common, **said)]
    return with_their_pictures([*withdrawn], common, check.pictures)


def _lifted(command: LiftShield, check: Opened) -> list[CheckEvent]:
    after = replace(check, shield=Shield(up=True, lifted=True))
    words = {"source": check.source, "task": check.task}
    done = check.done_at and {"done_at": check.done_at, "late": check.late}
    told = told_of(command.check_id, after) | words
    return [*lifted(command, told, check.shield, Standing(check.overdue, done or None))]
