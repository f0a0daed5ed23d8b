"""Pages on which the staff sign in, and for the first time choose what with."""

from collections.abc import Mapping
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.promotion.signing.codes import address_of, seed_in_words
from services.promotion.signing.counting import counted
from services.promotion.signing.errors import TooSoonError, WrongError
from services.promotion.site.desk import ONWARD, Desk
from services.promotion.site.drawing import drawn
from services.promotion.site.filling_in import Accepted, Confirmed, OfStaff
from shared.web.guard import STAFF_SIGN_IN
from shared.web.language import marked

WRONG = marked("The name, the passphrase or the code is wrong.")
NOT_INVITED = marked(
    "This invitation is not good, or not any more. Ask whoever looks after the instance for"
    " another one."
)
ANOTHER_CODE = marked("The authenticator shows another code. Type the one that it shows now.")


class StaffPages:
    """`provider` is what the OpenID provider is called, if there is one."""

    def __init__(self, desk: Desk, provider: str = "") -> None:
        self._desk = desk
        self._provider = provider

    def routes(self) -> list[Route]:
        desk, both = self._desk, ["GET", "POST"]
        return [
            Route(STAFF_SIGN_IN, desk.either(self.ask_in, self.come_in), methods=both),
            Route("/staff/join", desk.either(self.ask_join, self.join), methods=both),
            Route("/staff/code", desk.either(self.ask_join, self.confirm), methods=both),
        ]

    async def ask_in(self, request: Request) -> Response:
        query = request.query_params
        if self._desk.is_in_here_alone(request):
            return await self._desk.renew(request)
        return self._form(request, {name: query[name] for name in ONWARD if name in query})

    async def come_in(self, request: Request, fields: dict[str, str]) -> Response:
        desk = self._desk
        typed = desk.filled(OfStaff, fields)
        if isinstance(typed, dict):
            status = HTTPStatus.UNPROCESSABLE_ENTITY
            return self._form(request, _again(fields), typed, status)
        try:
            with counted("code"):
                session = await desk.entrance.of_staff(
                    typed.who, typed.passphrase, typed.code, desk.visit(request)
                )
        except (WrongError, TooSoonError) as error:
            status, errors, headers = desk.refused(error, "who", WRONG)
            page = self._form(request, _again(fields), errors, status)
            page.headers.update(headers)
            return page
        answer = desk.welcome(fields)
        if fields.get("mine"):
            desk.remember(request, answer, desk.entrance.name_of_staff(typed.who))
        return desk.come_in(request, answer, session)

    async def ask_join(self, request: Request) -> Response:
        who = request.query_params.get("who", "")
        return self._desk.form(request, "join.html", {"who": who})

    async def join(self, request: Request, fields: dict[str, str]) -> Response:
        """The invitation and a passphrase; then the seed is shown."""
        desk = self._desk
        typed = desk.filled(Accepted, fields)
        kept = {name: fields.get(name, "") for name in ("who", "word")}
        if isinstance(typed, dict):
            return desk.form(request, "join.html", kept, typed, HTTPStatus.UNPROCESSABLE_ENTITY)
        try:
            seed, sealed = await desk.invitations.accept(
                typed.who, typed.word, typed.fresh, desk.visit(request)
            )
        except WrongError as error:
            status, errors, _ = desk.refused(error, "word", NOT_INVITED)
            return desk.form(request, "join.html", kept, errors, status)
        return self._seed(request, kept | {"sealed": sealed}, seed, {})

    async def confirm(self, request: Request, fields: dict[str, str]) -> Response:
        """The first code; then the recovery codes are shown."""
        desk = self._desk
        typed = desk.filled(Confirmed, fields)
        if isinstance(typed, dict) and not typed.keys() <= {"code"}:
            return desk.lead("/staff/join")
        kept = {name: fields[name] for name in ("who", "word", "sealed")}
        try:
            seed = await desk.invitations.seed_of(**kept)
            if isinstance(typed, dict):
                return self._seed(request, kept, seed, typed)
            done = await desk.invitations.confirm(typed.who, typed.word, typed.sealed, typed.code)
        except WrongError as error:
            status, errors, _ = desk.refused(error, "word", NOT_INVITED)
            return desk.form(request, "join.html", kept, errors, status)
        if done is None:
            return self._seed(request, kept, seed, {"code": ANOTHER_CODE})
        session, codes = done
        return desk.come_in(request, desk.form(request, "recovery.html", codes=codes), session)

    def _form(
        self,
        request: Request,
        fields: Mapping[str, str],
        errors: Mapping[str, str] | None = None,
        status: int = HTTPStatus.OK,
    ) -> Response:
        return self._desk.form(
            request, "staff-sign-in.html", fields, errors, status, provider=self._provider
        )

    def _seed(
        self, request: Request, kept: Mapping[str, str], seed: bytes, errors: Mapping[str, str]
    ) -> Response:
        status = HTTPStatus.UNPROCESSABLE_ENTITY if errors else HTTPStatus.OK
        address = address_of(seed, self._desk.frame.house.name, kept["who"])
        return self._desk.form(
            request,
            "code.html",
            kept,
            errors,
            status,
            seed=seed_in_words(seed),
            address=address,
            drawing=drawn(address),
        )


def _again(fields: Mapping[str, str]) -> dict[str, str]:
    """What stands in the form once more: nothing that is secret."""
    return {name: fields[name] for name in ("who", *ONWARD) if name in fields}
