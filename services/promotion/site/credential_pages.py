"""A member's page of credentials: what they qualified for, what they allow, and take back."""

import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date
from http import HTTPStatus
from typing import Annotated, Any, ClassVar
from urllib.parse import urlencode

from pydantic import BaseModel, StringConstraints
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.promotion.credentials.badge import Shown, badge, title_of, token
from services.promotion.credentials.consents import Consents
from services.promotion.credentials.issuer import Issuer
from services.promotion.credentials.told import Row, Tracks, allowing, given_in
from services.promotion.domain.credential_list import FullError
from services.promotion.domain.credentials import (
    AllowedAlreadyError,
    NoCredentialError,
    NotQualifiedError,
)
from services.promotion.domain.issuer_key import EndedKeyError
from services.promotion.projections.credentials import GOOD
from shared.contracts.roles import MEMBER
from shared.contracts.values import Id, TrackName
from shared.eventsourcing.errors import DomainError
from shared.runtime.form_pages import FormPages
from shared.runtime.slips import Slips
from shared.web.answers import NOT_KEPT, SaidError
from shared.web.guard import session_of
from shared.web.language import Marked, marked

PATH, SLIP = "/me/credentials", "slip"
MEDIA_TYPE = "application/jwt"
ENDS: dict[str, Marked] = {
    GOOD: marked("good"),
    "member": marked("revoked, because you took it back"),
    "erased": marked("revoked, because what was known of you was erased"),
    "lapsed": marked("revoked, because the qualification lapsed"),
    "revoked": marked("revoked, because the qualification was taken back"),
}
OVER = marked("over")
ALLOWED = marked("You have allowed it. Save it as a file below; it may take a moment to be there.")
WITHDRAWN = marked("You have taken it back: whoever looks it up sees within minutes that it is.")
SaltOf = Callable[[], str]
OfMember = Callable[[str], Awaitable[list[dict[str, Any]]]]


class Allowed(BaseModel):
    track: TrackName
    with_day: str = ""


class TakenBack(BaseModel):
    credential: Id


class Saved(BaseModel):
    saved: Id
    email: Annotated[str, StringConstraints(max_length=254, pattern=r"^([^@\s]+@[^@\s]+)?$")] = ""


class CredentialForms(FormPages):
    words: ClassVar[Mapping[str, Marked]] = {
        "track": marked("Choose a qualification."),
        "saved": marked("Choose a credential."),
        "email": marked("Type an address such as ana@example.org, or nothing."),
    }
    why_not: ClassVar[Mapping[type[DomainError], Marked]] = {
        NotQualifiedError: marked("You do not have this qualification, or have it no more."),
        AllowedAlreadyError: marked("There is a credential of it already, and it is good."),
        NoCredentialError: marked("There is no such credential of yours."),
        FullError: marked("So many credentials were asked for this month that no more can be."),
        EndedKeyError: marked("The body has to replace its key first. Please try again later."),
    }


class TooOldError(SaidError):
    def __init__(self) -> None:
        super().__init__(
            HTTPStatus.FORBIDDEN,
            marked("Not taken"),
            marked("Please come from your reports once more: this page is good for half an hour."),
        )


@dataclass(frozen=True)
class Looks:
    """Of a member: the qualifications and the credentials."""

    qualifications: OfMember
    credentials: OfMember


@dataclass(frozen=True)
class CredentialPages:
    """Who somebody is among the members is said by a slip, each time; it is kept nowhere."""

    forms: CredentialForms
    slips: Slips
    consents: Consents
    issuer: Issuer
    tracks: Tracks
    looks: Looks

    def routes(self) -> list[Route]:
        forms, own = self.forms, self.forms.guard.requires(MEMBER)
        back = forms.either(self.back, self.withdraw)
        saving = forms.either(self.back, self.save)
        return [
            Route(PATH, own(forms.either(self.show, self.allow)), methods=["GET", "POST"]),
            Route(f"{PATH}/withdraw", own(back), methods=["POST"]),
            Route(f"{PATH}/file", own(saving), methods=["POST"]),
        ]

    async def back(self, _: Request) -> Response:
        return self.forms.lead(PATH)

    async def show(self, request: Request) -> Response:
        slip = request.query_params.get(SLIP, "")
        return await self._page(request, slip, {}, {}, HTTPStatus.OK)

    async def allow(self, request: Request, fields: dict[str, str]) -> Response:
        member, slip = self._member(request, fields), fields[SLIP]
        typed = self.forms.filled(Allowed, fields)
        if isinstance(typed, dict):
            wrong = HTTPStatus.UNPROCESSABLE_ENTITY
            return await self._page(request, slip, fields, typed, wrong)
        earned = [
            each for each in await self.looks.qualifications(member) if each["track"] == typed.track
        ]
        if not earned:
            raise self._why_not(NotQualifiedError)
        asked = allowing(earned[0], with_day=bool(typed.with_day))
        await self.forms.done(self.consents.allow(asked))
        return self._lead_saying(request, slip, ALLOWED)

    async def withdraw(self, request: Request, fields: dict[str, str]) -> Response:
        member = self._member(request, fields)
        typed = self.forms.filled(TakenBack, fields)
        if isinstance(typed, dict):
            raise self._why_not(NoCredentialError)
        await self.forms.done(self.consents.withdraw(member, typed.credential))
        return self._lead_saying(request, fields[SLIP], WITHDRAWN)

    async def save(self, request: Request, fields: dict[str, str]) -> Response:
        """What is typed stands in the file as a hash, and nowhere else."""
        member, slip = self._member(request, fields), fields[SLIP]
        typed = self.forms.filled(Saved, fields)
        if isinstance(typed, dict):
            wrong = HTTPStatus.UNPROCESSABLE_ENTITY
            return await self._page(request, slip, fields, typed, wrong)
        for row in await self.looks.credentials(member):
            if row["credential_id"] == typed.saved and row["state"] == GOOD:
                return await self._file(row, typed.email)
        raise self._why_not(NoCredentialError)

    async def _file(self, row: Row, email: str) -> Response:
        await self.forms.done(self.consents.announce())
        given = given_in(self.tracks, row)
        shown = Shown(email.lower(), secrets.token_hex(8)) if email else None
        said = badge(self.issuer, self.forms.frame.language, given, shown)
        name = f"{given.qualification.name}-{row['credential_id'][:8]}.jwt"
        headers = NOT_KEPT | {"Content-Disposition": f'attachment; filename="{name}"'}
        return Response(token(self.issuer, said, given), headers=headers, media_type=MEDIA_TYPE)

    def _member(self, request: Request, fields: Mapping[str, str]) -> str:
        """Raises TooOldError."""
        member = self._known(request, fields.get(SLIP, ""))
        if member is None:
            raise TooOldError
        return member

    def _known(self, request: Request, slip: str) -> str | None:
        login, now = session_of(request).login_id, self.forms.guard.now()
        return self.slips.person(slip, login, now)

    def _why_not(self, error: type[DomainError]) -> SaidError:
        return SaidError(HTTPStatus.CONFLICT, marked("Not like this"), self.forms.why_not[error])

    def _lead_saying(self, request: Request, slip: str, text: Marked) -> Response:
        return self.forms.lead_saying(request, f"{PATH}?{urlencode({SLIP: slip})}", text)

    async def _page(
        self,
        request: Request,
        slip: str,
        fields: Mapping[str, str],
        errors: Mapping[str, str],
        status: int,
    ) -> Response:
        forms, member = self.forms, self._known(request, slip)
        say, today = forms.frame.language.gettext, self.consents.now().date()
        given = await self.looks.credentials(member) if member else []
        earned = await self.looks.qualifications(member) if member else []
        good = [row for row in given if _state_of(row, today) == GOOD]
        has = {row["track"] for row in good}
        return forms.form(
            request,
            "credentials.html",
            {name: fields.get(name, "") for name in ("track", "saved", "email")},
            errors,
            status,
            slip=slip if member else "",
            whence=forms.frame.sites.page_of("intake", "/mine/credentials"),
            rows=[row | {"title": self._title(row)} for row in given],
            states={
                row["credential_id"]: say(ENDS.get(_state_of(row, today), OVER)) for row in given
            },
            good=[row["credential_id"] for row in good],
            to_allow={row["track"]: self._title(row) for row in earned if row["track"] not in has},
            to_save={row["credential_id"]: self._called(row) for row in good},
        )

    def _title(self, row: Row) -> str:
        return title_of(self.tracks.qualification(row["track"], row["rule_version"]))

    def _called(self, row: Row) -> str:
        return f"{self._title(row)}, {self.forms.frame.language.day(row['on'])}"


def _state_of(row: Row, today: date) -> str:
    return "over" if row["state"] == GOOD and row["until"] <= today else str(row["state"])
