"""Where people sign up, in and out: members by a number, staff by a name and a code."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import uuid4

from services.promotion.domain.login import OpenLogin, SignOut, SignOutEverywhere
from services.promotion.signing.codes import step_shown_by, without_spaces
from services.promotion.signing.errors import NameTakenError, TooSoonError, WrongError
from services.promotion.signing.giving import Giving, actor_in, actor_of
from services.promotion.signing.keyring import Keyring
from services.promotion.signing.numbers import new_number, read_number
from services.promotion.signing.passphrases import Passphrases, TooBusyError
from services.promotion.signing.slowing import Slowing
from services.promotion.signing.store import Kept, Store
from services.promotion.signing.visit import Visit
from shared.contracts.login import Holder, LoginOpened, SignedOut, SignedOutEverywhere
from shared.eventsourcing.errors import DomainError
from shared.runtime import metrics
from shared.runtime.charter_models import Person
from shared.web.now import Now, utc_now
from shared.web.sessions import Session, begun

LONGEST_TYPED = 200


@dataclass(frozen=True)
class Entrance:
    """`staff` are those of the charter. Wrong is wrong: whoever tries learns neither whether there
    is somebody of that name, nor which of several things was wrong."""

    giving: Giving
    store: Store
    keyring: Keyring
    passphrases: Passphrases
    slowing: Slowing
    staff: Mapping[str, Person]
    now: Now = utc_now

    def name_of_member(self, typed: str) -> str:
        return self.keyring.digest("member", read_number(typed) or typed[:LONGEST_TYPED])

    def name_of_staff(self, code: str) -> str:
        return self.keyring.digest("staff", code.strip().lower()[:LONGEST_TYPED])

    async def sign_up(self, passphrase: str, visit: Visit) -> tuple[str, Session]:
        """The number, which nobody is ever told again. Raises TooBusyError."""
        hashed = await self.passphrases.hashed(passphrase, visit.place())
        login_id = uuid4().hex
        while True:
            number = new_number()
            try:
                await self.store.add(Kept(login_id, self.name_of_member(number), hashed))
                break
            except NameTakenError:
                continue
        return number, await self.begin(login_id, "member")

    async def member(self, number: str, passphrase: str, visit: Visit) -> Session:
        """Raises WrongError, TooSoonError, TooBusyError."""
        name = self.name_of_member(number)
        kept = await self.known(name, passphrase, visit)
        session = await self.begin(kept.login_id, "member")
        self.slowing.right(name, visit.whence(name))
        return session

    async def of_staff(self, code: str, passphrase: str, shown: str, visit: Visit) -> Session:
        """`shown` is what the authenticator shows, or a recovery code. Raises the same."""
        name, who = self.name_of_staff(code), code.strip().lower()
        kept = await self.known(name, passphrase, visit)
        person = self.staff.get(who)
        if person is None or person.subject:
            raise WrongError
        await self._open(kept.login_id, "staff")  # a log that is away uses up no code
        if not await self._is_fresh(kept, shown):
            raise WrongError
        self.slowing.right(name, visit.whence(name))
        return self._begun(kept.login_id, "staff", who)

    async def known_elsewhere(self, subject: str) -> Session:
        """Of the staff, by the provider's word. Raises WrongError."""
        for who, person in self.staff.items():
            if subject and person.subject == subject:
                kept = await self.kept_of_staff(who)
                return await self.begin(kept.login_id, "staff", who)
        raise WrongError

    async def by_login(self, login_id: str) -> Session:
        """By a passkey of its own. Who has a provider signs in there. Raises WrongError."""
        kept = await self.store.of(login_id)
        if kept is None:
            raise WrongError
        if kept.name not in {self.name_of_staff(code) for code in self.staff}:
            return await self.begin(login_id, "member")
        who = next(code for code in self.staff if self.name_of_staff(code) == kept.name)
        if self.staff[who].subject:
            raise WrongError
        return await self.begin(login_id, "staff", who)

    async def kept_of_staff(self, who: str) -> Kept:
        """What is kept of them, which may be no more than their login's id."""
        fresh = Kept(uuid4().hex, self.name_of_staff(who))
        try:
            await self.store.add(fresh)
        except NameTakenError:
            return await self.store.named(fresh.name) or fresh
        return fresh

    async def begin(self, login_id: str, holder: Holder, who: str = "") -> Session:
        """A login that a crash kept from being opened is opened now. Raises WrongError if it is
        closed, and for one of the staff that comes as a member: the charter has it no more."""
        await self._open(login_id, holder)
        return self._begun(login_id, holder, who)

    async def _open(self, login_id: str, holder: Holder) -> None:
        await self.giving.announce()
        opened = LoginOpened(login_id=login_id, holder=holder)
        try:
            await self.giving.give(OpenLogin(opened), actor_of(holder, login_id))
        except DomainError:
            raise WrongError from None

    def _begun(self, login_id: str, holder: Holder, who: str) -> Session:
        metrics.sessions_begun.inc()
        return begun(login_id, holder, who, self.now(), self.giving.last_out(login_id))

    async def known(self, name: str, passphrase: str, visit: Visit) -> Kept:
        """Whose passphrase it is. Raises WrongError, TooSoonError, TooBusyError."""
        whence = visit.whence(name)
        if wait := self.slowing.wait(name, whence, self.now()):
            raise TooSoonError(wait)
        kept = await self.store.named(name)
        known = kept.passphrase if kept else None
        try:
            is_right = await self.passphrases.is_right(passphrase, known, visit.place(name))
        except TooBusyError:
            self.slowing.not_tried(name, whence)
            raise
        self.slowing.tried()
        if kept is None or not is_right:
            raise WrongError
        return kept

    async def sign_out(self, session: Session) -> None:
        """Of this one, whoever has a copy of it. Raises TryLaterError."""
        out = SignedOut(login_id=session.login_id, begun=datetime.fromtimestamp(session.begun, UTC))
        await self.giving.give(SignOut(out), actor_in(session))

    async def sign_out_everywhere(self, session: Session) -> None:
        out = SignedOutEverywhere(login_id=session.login_id, until=self.now())
        await self.giving.give(SignOutEverywhere(out), actor_in(session))

    async def _is_fresh(self, kept: Kept, shown: str) -> bool:
        """A code works once, whatever it is for."""
        step = step_shown_by(kept.seed, shown, self.now()) if kept.seed else None
        if step is not None:
            return await self.store.use_step(kept.login_id, step)
        given = self.keyring.digest("recovery", kept.login_id, without_spaces(shown))
        return await self.store.use_recovery(kept.login_id, given)
