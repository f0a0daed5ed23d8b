"""Settings that are secrets, read from files: none stands in an environment or in `.env`."""

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
    they are is asked of the sources beside. An empty file is none."""

    def __init__(
        self, settings: type[BaseSettings], beside: tuple[PydanticBaseSettingsSource, ...]
    ) -> None:
        super().__init__(settings)
        self._beside = beside

    def get_field_value(self, *_: Any) -> tuple[Any, str, bool]:
        return None, "", False

    def __call__(self) -> dict[str, Any]:
        folder = self._folder()
        if folder is None or not folder.is_dir():
            return {}
        read = NestedSecretsSettingsSource(
            SecretsSettingsSource(self.settings_cls),
            secrets_dir=folder,
            secrets_prefix="",
            secrets_nested_delimiter="__",
        )
        return _given(read())

    def _folder(self) -> Path | None:
        said = [source() for source in self._beside]
        for each in said:
            if named := each.get("secrets_dir"):
                return Path(named)
        keys = next((each["keys_dir"] for each in said if each.get("keys_dir")), None)
        return Path(keys) / FOLDER if keys else None


def _given(read: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in read.items() if value != ""}
