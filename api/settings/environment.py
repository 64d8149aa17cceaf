"""The settings as they are written in the environment, in a TOML file and in files of single secrets."""

import difflib
import os
import tomllib
from collections.abc import Mapping
from dataclasses import Field, fields
from pathlib import Path
from typing import Any

from api.settings import Settings, WrongSetting
from api.settings.names import ELSEWHERE, PREFIX, variable


def read_settings(environment: Mapping[str, str] | None = None, folder: Path | None = None) -> Settings:
    """The settings out of the environment and the TOML file of ``folder``. Raises WrongSetting."""
    environment = os.environ if environment is None else environment
    known = {one.name: one for one in fields(Settings)}
    path = Path(environment.get("OCTOPUS_CONFIG") or (folder or Path()) / "octopus.toml")
    given: dict[str, Any] = {}
    for name, value in _file(path, "OCTOPUS_CONFIG" in environment).items():
        if name not in known:
            raise WrongSetting(f"{name} in {path} is no setting{_perhaps(name, known)}")
        given[name] = _read(known[name], f"{name} in {path}", value)
    given |= _from_environment(environment, known)
    return Settings(**given)


def _from_environment(environment: Mapping[str, str], known: Mapping[str, "Field[Any]"]) -> dict[str, Any]:
    given: dict[str, Any] = {}
    for key in sorted(environment):
        if not key.startswith(PREFIX) or key in ELSEWHERE:
            continue
        name, value = key.removeprefix(PREFIX).lower(), environment[key]
        secret = name.removesuffix("_file")
        if name not in known and secret in known and known[secret].metadata["secret"]:
            name, value = secret, _secret(key, Path(value))
        if name not in known:
            raise WrongSetting(f"{key} is no setting{_perhaps(key, map(variable, known))}")
        if name in given:
            raise WrongSetting(f"{key} and {variable(name)} are both set")
        given[name] = _read(known[name], key, value)
    return given


def _read(one: "Field[Any]", where: str, value: Any) -> Any:
    try:
        return one.metadata["read"](value)
    except ValueError as expected:
        instead = "" if one.metadata["secret"] else f", not {value!r}"
        raise WrongSetting(f"{where}: expected {expected}{instead}") from None


def _file(path: Path, required: bool) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text())
    except FileNotFoundError:
        if required:
            raise WrongSetting(f"OCTOPUS_CONFIG: there is no file {path}") from None
        return {}
    except (OSError, ValueError) as trouble:
        raise WrongSetting(f"{path} cannot be read: {trouble}") from None


def _secret(key: str, path: Path) -> str:
    try:
        return path.read_text().strip()
    except (OSError, ValueError) as trouble:
        raise WrongSetting(f"{key}: {path} cannot be read: {getattr(trouble, 'strerror', 'not a text')}") from None


def _perhaps(name: str, known: Any) -> str:
    close = difflib.get_close_matches(name, list(known), 1)
    return f"; perhaps {close[0]}" if close else ""
