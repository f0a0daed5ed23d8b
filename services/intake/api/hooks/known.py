"""The hooks of a charter: each a mapping in its folder `hooks`, and who signs what comes by it."""

from collections.abc import Container, Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr

from shared.mapping.hooks import files_in, read_hook
from shared.mapping.mapping import Mapping as Columns
from shared.runtime.charter import CharterError
from shared.runtime.files_given import WrongFileError


@dataclass(frozen=True)
class Hook:
    """Where it is to be signed and the `secret` is not there, nothing is taken."""

    name: str
    mapping: Columns
    secret: bytes = b""

    @property
    def source(self) -> str:
        return self.mapping.source


def hooks_of(
    charter: Path, sources: Container[str], secrets: Mapping[str, SecretStr]
) -> dict[str, Hook]:
    """By name. Raises CharterError."""
    found: dict[str, Hook] = {}
    for path in files_in(charter):
        try:
            mapping = read_hook(path, sources)
        except WrongFileError as error:
            raise CharterError(str(error)) from None
        signed = mapping.shape.signed
        secret = secrets.get(signed.secret) if signed else None
        value = secret.get_secret_value().encode() if secret else b""
        found[path.stem] = Hook(path.stem, mapping, value)
    return found
