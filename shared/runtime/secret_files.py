"""Settings that are secrets, read from files: none stands in an environment or in `.env`."""

import errno
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic_settings import (
    BaseSettings,
    NestedSecretsSettingsSource,
    PydanticBaseSettingsSource,
    SecretsSettingsSource,
)

FOLDER = "secrets"


class SecretFiles(PydanticBaseSettingsSource):
    """A file for each in the folder that `secrets_dir` names, or in `secrets` of `keys_dir`; what
    they are is asked of the sources beside. An empty file is none.

    Raises OSError where they can't be read: without them a service would make keys of its own, and
    what was sealed and published by others would be lost to it."""

    def __init__(
        self, settings: type[BaseSettings], beside: tuple[PydanticBaseSettingsSource, ...]
    ) -> None:
        super().__init__(settings)
        self._beside = beside

    def get_field_value(self, *_: Any) -> tuple[Any, str, bool]:
        return None, "", False

    def __call__(self) -> dict[str, Any]:
        folder, is_named = self._folder()
        if folder is None or not (is_named or folder.is_dir()):
            return {}
        self._require(folder)
        read = NestedSecretsSettingsSource(
            SecretsSettingsSource(self.settings_cls),
            secrets_dir=folder,
            secrets_prefix="",
            secrets_nested_delimiter="__",
        )
        return _given(read())

    def _require(self, folder: Path) -> None:
        if not folder.is_dir():
            words = "TRIBUNE_SECRETS_DIR names it, and there is no such folder"
            raise FileNotFoundError(errno.ENOENT, words, str(folder))
        for path in folder.iterdir():
            if path.name.partition("__")[0] not in self.settings_cls.model_fields:
                continue
            if not path.is_file():  # as a container gets where the file to be mounted was missing
                raise OSError(errno.EINVAL, "it is to be a secret, and is no file", str(path))
            try:
                path.read_text(encoding="utf-8")
            except UnicodeDecodeError:
                words = "it is to be a secret, and is no text"
                raise OSError(errno.EINVAL, words, str(path)) from None

    def _folder(self) -> tuple[Path | None, bool]:
        """And whether it was named, or follows."""
        said = [source() for source in self._beside]
        for each in said:
            if named := each.get("secrets_dir"):
                return Path(named), True
        keys = next((each["keys_dir"] for each in said if each.get("keys_dir")), None)
        return (Path(keys) / FOLDER if keys else None), False


def _given(read: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in read.items() if value != ""}
