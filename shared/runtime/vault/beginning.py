"""Opens the vault that the log was sealed with, or says which of its two parts is not there."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence

from nats.js.errors import NotFoundError

from shared.contracts.attachment import all_of
from shared.contracts.person import PersonErased
from shared.contracts.report import ReportErased
from shared.contracts.routing import log_of
from shared.eventsourcing.codec import PLAIN, SEALED
from shared.eventsourcing.errors import ConcurrencyError
from shared.eventsourcing.jetstream.append import Publisher, expecting
from shared.eventsourcing.jetstream.connection import Client
from shared.eventsourcing.jetstream.ends import last_under, newest
from shared.eventsourcing.jetstream.reader import Message, ReadFrom, open_reader
from shared.eventsourcing.jetstream.wire import Outgoing
from shared.runtime.vault.erased import ErasedList, Erasure, erasure_of
from shared.runtime.vault.errors import VaultLostError
from shared.runtime.vault.held import HOLDERS, forget
from shared.runtime.vault.master import Master, fitting, made
from shared.runtime.vault.persons import behind
from shared.runtime.vault.store import MASTER, KeyStore
from shared.runtime.vault.vault import Vault

POSITIONS = "POSITIONS"
ERASURES = (ReportErased.filter(), PersonErased.filter())


def subject_of(service: str) -> str:
    """Among the positions, as the fingerprint of the digest key is."""
    return f"position.{service}.vault"


async def open_vault(client: Client, service: str, vault: Vault) -> None:
    """What the log says to be erased is destroyed before anything is opened: the store may be an
    older copy of itself.

    Raises VaultLostError, WeakKeyError; VaultAwayError, NoRespondersError if it can't be told yet.
    """
    if vault.has_begun:
        return
    mark = await newest(client, POSITIONS, subject_of(service))
    held = mark.body.decode(errors="replace") if mark else ""
    if not vault.store_path.exists() and (held or await _something_is_sealed(client, service)):
        raise VaultLostError(_no_store(vault))
    store = KeyStore(vault.store_path)
    try:
        if held and held != store.id:
            raise VaultLostError(_another_store(vault, service, store.id, held))  # noqa: TRY301
        master = _master(vault, store)
        if not held and (held := await _marked(client, service, store.id)) != store.id:
            raise VaultLostError(_another_store(vault, service, store.id, held))  # noqa: TRY301
        await _destroy_again(client, service, store, master, vault.listed)
    except BaseException:
        store.close()
        raise
    vault.begin(store, master)


async def mark_anew(client: Client, service: str, store_id: str) -> None:
    """Another store counts from now on."""
    await client.jetstream().publish(subject_of(service), store_id.encode())


async def follow_erasures(client: Client, service: str, vault: Vault) -> None:
    """Until cancelled: of an erasure that was written down by a process that died over it, another
    one destroys the key."""
    async with open_reader(client, ReadFrom(log_of(service), 1, filters=ERASURES)) as reader:
        while True:
            erased = [erased_in(message) for message in await reader.next()]
            vault.destroy(*await asyncio.to_thread(_whose, erased, vault.all_keys))


async def all_erasures(client: Client, service: str) -> AsyncIterator[list[Erasure]]:
    """That the log says, up to its end."""
    stream = log_of(service)
    try:
        goal = await last_under(client, stream, ERASURES)
    except NotFoundError:
        return
    async with open_reader(client, ReadFrom(stream, 1, filters=ERASURES)) as reader:
        async for batch in reader.through(goal):
            yield [erased_in(message) for message in batch]


def _master(vault: Vault, store: KeyStore) -> Master:
    """Of a store that is new, the key's file may be new, too. Raises VaultLostError."""
    wanted = store.said(MASTER)
    if not wanted:
        wanted = store.say_once(MASTER, made(vault.key_path).fingerprint)
    found = fitting(vault.key_path, wanted)
    if found is None:
        raise VaultLostError(_no_master(vault, wanted))
    return found


async def _something_is_sealed(client: Client, service: str) -> bool:
    """The mark may be lost, as all positions may be. One look over the headers of the log, of an
    instance that has no vault yet."""
    stream = log_of(service)
    try:
        end = (await client.jetstream().stream_info(stream)).state.last_seq
    except NotFoundError:
        return False
    async with open_reader(client, ReadFrom(stream, 1, headers_only=True)) as reader:
        async for batch in reader.through(end):
            if any(SEALED in message.headers for message in batch):
                return True
    return False


async def _marked(client: Client, service: str, store_id: str) -> str:
    """The id that counts: whoever is first says it."""
    subject = subject_of(service)
    outgoing = Outgoing(subject, store_id.encode(), expecting(0, subject))
    try:
        await Publisher(client).publish([outgoing])
    except ConcurrencyError:
        mark = await newest(client, POSITIONS, subject)
        return mark.body.decode(errors="replace") if mark else ""
    return store_id


async def _destroy_again(
    client: Client, service: str, store: KeyStore, master: Master, listed: ErasedList
) -> None:
    """The log may be an older copy of itself as well; then the list has what it lacks."""
    erased = listed.read()
    async for batch in all_erasures(client, service):
        erased += batch
    if erased:
        whose, may_return, persons = _whose(erased, lambda: _opened(store, master))
        store.destroy(whose, may_return)
        wrapped = store.wrapped(HOLDERS)
        key = master.box.open(wrapped, store.id, HOLDERS) if wrapped else None
        forget(store, key, [*whose, *persons])


def erased_in(message: Message) -> Erasure:
    """Raises UnreadableEventError: what is to be erased must not be passed over."""
    return erasure_of(PLAIN.decode(message.headers, message.body, message.sequence).event)


def _whose(
    erased: Sequence[Erasure], keys: Callable[[], Iterable[tuple[str, bytes]]]
) -> tuple[list[str], list[str], list[str]]:
    """Under what the keys lie, which of them are of persons who may return, and the persons by
    their ids. Those of a report lie under its id, and that of its files, and so do those of what a
    person found as a checker; that of the person is looked for among all there are."""
    own = [whose for each in erased for whose in all_of(each.id)]
    gone, may_return = (
        [each.id for each in erased if each.kind == "person" and each.may_return is returns]
        for returns in (False, True)
    )
    found = behind(keys(), gone) if gone else []
    returning = behind(keys(), may_return) if may_return else []
    return [*own, *found], returning, [*gone, *may_return]


def _opened(store: KeyStore, master: Master) -> Iterator[tuple[str, bytes]]:
    for whose, wrapped in store.all():
        if key := master.box.open(wrapped, store.id, whose):
            yield whose, key


def _no_store(vault: Vault) -> str:
    return (
        f"the store of the vault's keys, {vault.store_path}, is not there, and texts in the log are"
        f" sealed with keys from it. Nothing was done. {_BACK.format('the store')}"
        f" {_WAY_OUT}"
    )


def _another_store(vault: Vault, service: str, ours: str, theirs: str) -> str:
    return (
        f"the store of the vault's keys, {vault.store_path}, belongs to another log (its id is"
        f" {ours}, the log was sealed with {theirs}). Nothing was done. {_BACK.format('the store')}"
        f" If several processes of {service} run, they need the same file."
        f" {_WAY_OUT}"
    )


def _no_master(vault: Vault, wanted: str) -> str:
    there = "does not fit" if vault.key_path.exists() else "is not there, but there is"
    return (
        f"the vault's master key, {vault.key_path}, {there} the store {vault.store_path}, which is"
        f" wrapped by a key with the fingerprint {wanted}. Nothing was done."
        f" {_BACK.format('the key')} {_WAY_OUT}, once the store is moved away"
    )


_BACK = "Put {} back from its backup."
_WAY_OUT = (
    "If it is lost for good, what is sealed stays closed for ever; `tribune vault begin` goes on"
    " with a new one"
)
