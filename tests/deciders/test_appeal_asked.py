"""An owner appeals, where the check is, against the last verdict that it was told."""

from datetime import datetime, timedelta

import pytest

from services.intake.domain import check
from services.intake.domain.appeal import AskForAppeal, NoVerdictError
from services.intake.domain.check import NotOpenedError
from services.intake.domain.handing_over import NotTheOwnerError
from shared.contracts.check import CheckEvent, DoneClaimed
from shared.testing.decider_spec import DeciderSpec
from shared.testing.examples import (
    APPEAL_ASKED,
    CHECK_HANDED_OVER,
    CHECK_ID,
    CHECK_OPENED,
    CHECK_SHIELDED,
    CHECK_WITHDRAWN,
    CHECKING_ASKED,
    CHECKING_AWAITED,
    CLAIM_REFUTED,
    CLAIM_UPHELD,
    DAY,
    varied,
)

OWNER, WHY = CHECK_OPENED.owner, APPEAL_ASKED.reason
SAID = {name: getattr(CHECKING_ASKED, name) for name in CheckEvent.model_fields}
DONE = DoneClaimed(**SAID, passed=True, done_at=CHECKING_ASKED.claimed_at, late=False)
CLAIMED = (varied(CHECK_OPENED, passed=True), DONE, CHECKING_ASKED)
ENDS = CLAIM_REFUTED.refuted_at + CHECKING_ASKED.terms.appeal_days * DAY
ASKED = varied(APPEAL_ASKED, asked_at=ENDS)
OF_ANOTHER = "e" * 32
spec = DeciderSpec(check.decider)


def appeal(
    *names: str, at: datetime = ENDS, owner: str = OWNER, came_at: datetime | None = None
) -> AskForAppeal:
    return AskForAppeal(CHECK_ID, owner, WHY, at, names, came_at)


@pytest.mark.parametrize("verdict", [CLAIM_REFUTED, CLAIM_UPHELD], ids=["refuted", "upheld"])
@pytest.mark.parametrize("asks", [CHECKING_ASKED, CHECKING_AWAITED], ids=["asked", "awaited"])
def test_an_owner_appeals_until_the_verdict_is_final(verdict: CheckEvent, asks: CheckEvent) -> None:
    story = spec.given(*CLAIMED[:2], asks, verdict)
    story.when(appeal()).then(ASKED)
    story.when(appeal(OWNER, owner="PWD")).then(ASKED)
    story.when(appeal(at=ENDS + timedelta(seconds=1))).then_fails_with(NoVerdictError)


def test_it_is_in_time_by_when_it_came_and_not_by_when_it_is_decided() -> None:
    """An inbox stood still over the end; nor does a clock of ours that is ahead date it later."""
    story, late = spec.given(*CLAIMED, CLAIM_REFUTED), timedelta(days=40)
    story.when(appeal(at=ENDS + late, came_at=ENDS)).then(ASKED)
    early = varied(ASKED, asked_at=CLAIM_REFUTED.refuted_at)
    story.when(appeal(came_at=CLAIM_REFUTED.refuted_at - DAY)).then(early)
    after = ENDS + timedelta(seconds=1)
    story.when(appeal(at=ENDS + late, came_at=after)).then_fails_with(NoVerdictError)


@pytest.mark.parametrize("story", [CLAIMED[:1], CLAIMED], ids=["open", "not checked yet"])
def test_without_a_verdict_there_is_nothing_to_appeal_against(story: tuple[CheckEvent]) -> None:
    spec.given(*story).when(appeal()).then_fails_with(NoVerdictError)
    spec.given().when(appeal()).then_fails_with(NotOpenedError)


def test_nobody_else_appeals_but_who_had_it_when_it_was_claimed_done() -> None:
    spec.given(*CLAIMED, CLAIM_REFUTED).when(appeal(owner="Parks")).then_fails_with(
        NotTheOwnerError
    )
    given = varied(CHECK_HANDED_OVER, handed_over_at=CLAIM_REFUTED.refuted_at + DAY)
    story = spec.given(*CLAIMED, CLAIM_REFUTED, given)
    for owner in (OWNER, "Parks"):
        story.when(appeal(owner=owner)).then(varied(ASKED, owner="Parks"))
    before = varied(given, handed_over_at=CHECKING_ASKED.claimed_at - DAY)
    late = spec.given(CLAIMED[0], before, *CLAIMED[1:], CLAIM_REFUTED)
    late.when(appeal()).then_fails_with(NotTheOwnerError)


@pytest.mark.parametrize("hides", [CHECK_WITHDRAWN, CHECK_SHIELDED], ids=["withdrawn", "shielded"])
def test_what_nobody_is_shown_any_more_nobody_looks_at_again(hides: CheckEvent) -> None:
    spec.given(*CLAIMED, CLAIM_REFUTED, hides).when(appeal()).then_fails_with(NoVerdictError)


def test_what_an_appeal_led_to_is_final() -> None:
    spec.given(*CLAIMED, CLAIM_REFUTED, CLAIM_UPHELD).when(appeal()).then_fails_with(NoVerdictError)
    spec.given(*CLAIMED, CLAIM_REFUTED, ASKED, CLAIM_UPHELD).when(appeal()).then_nothing_happens()


def test_each_claim_has_an_appeal_of_its_own() -> None:
    """And what became of an earlier one is not the last verdict."""
    anew = varied(CHECKING_ASKED, claimed_at=CLAIM_REFUTED.refuted_at + DAY)
    told = {"checking_id": OF_ANOTHER, "done_at": anew.claimed_at}
    second = varied(CLAIM_REFUTED, **told, refuted_at=anew.claimed_at + DAY)
    asked = varied(ASKED, checking_id=OF_ANOTHER)
    for before in ((), (ASKED,)):
        story = (*CLAIMED, CLAIM_REFUTED, *before, anew, second)
        spec.given(*story).when(appeal()).then(asked)
        spec.given(*story, CLAIM_UPHELD).when(appeal()).then(asked)
