"""What intake answers by request and reply to the body's own people."""

from typing import Any

from services.intake.passing import Passing, PassWordsOfACheck
from services.intake.protection import Erase, ErasePerson, Protection, Unseal
from services.intake.withdrawal import WithdrawACheck, Withdrawal, WithdrawAReport
from shared.runtime.broker import answers
from shared.runtime.runtime import Runtime

NAME = "intake"


def serve_protection(runtime: Runtime, protection: Protection) -> None:
    @answers(runtime.broker, "cmd.intake.UnsealReport", "UnsealReport", NAME)
    async def unseal(asked: Unseal) -> dict[str, Any]:
        """What is sealed of a report, for one of the staff, with a reason."""
        return await protection.unseal(asked)

    @answers(runtime.broker, "cmd.intake.EraseReport", "EraseReport", NAME)
    async def erase(asked: Erase) -> dict[str, Any]:
        """The key of a report's words is destroyed, for ever."""
        return await protection.erase(asked)

    @answers(runtime.broker, "cmd.intake.ErasePerson", "ErasePerson", NAME)
    async def erase_person(asked: ErasePerson) -> dict[str, Any]:
        """The key that tells whom a person's id stands for is destroyed, for ever."""
        return await protection.erase_person(asked)


def serve_withdrawal(runtime: Runtime, withdrawal: Withdrawal) -> None:
    @answers(runtime.broker, "cmd.intake.WithdrawReport", "WithdrawReport", NAME)
    async def report(asked: WithdrawAReport) -> dict[str, Any]:
        """What is public of a report is taken back, by an editor, with a reason."""
        return await withdrawal.of_report(asked)

    @answers(runtime.broker, "cmd.intake.WithdrawCheck", "WithdrawCheck", NAME)
    async def check(asked: WithdrawACheck) -> dict[str, Any]:
        """What is public of a check is taken back, by an editor, with a reason."""
        return await withdrawal.of_check(asked)


def serve_passing(runtime: Runtime, passing: Passing) -> None:
    @answers(runtime.broker, "cmd.intake.PassWords", "PassWords", NAME)
    async def words(asked: PassWordsOfACheck) -> dict[str, Any]:
        """Owner and task of a check may be public, says an editor, with a reason."""
        return await passing.of_check(asked)
