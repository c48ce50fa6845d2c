"""Settings: environment variables first, then `advisor.toml` in the working folder, then the defaults."""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from advisor.errors import SettingsError

NAMES = ("home", "corpus")


@dataclass(frozen=True, slots=True)
class Settings:
    """`home`: where the index, the networks and the conversations are kept. `corpus`: files and folders to read; empty
    for the default corpus."""

    home: Path
    corpus: tuple[Path, ...] = ()

    @property
    def conversations(self) -> Path:
        """The file that conversations are kept in."""
        return self.home / "conversations.sqlite"

    @property
    def networks(self) -> Path:
        """Where exported networks are kept: beside the indexes, for all of them."""
        return self.home / "networks"


def load_settings(environment: Mapping[str, str] | None = None, folder: Path | None = None) -> Settings:
    """The settings that hold in `folder` (default: the working folder). Raises `SettingsError`."""
    variables = os.environ if environment is None else environment
    here = folder or Path.cwd()
    written = _read_file(here / "advisor.toml")
    home = variables.get("ADVISOR_HOME") or written.get("home")
    corpus = variables.get("ADVISOR_CORPUS")
    paths = corpus.split(os.pathsep) if corpus else written.get("corpus", [])
    if home is not None and not isinstance(home, str):
        raise SettingsError(f"advisor.toml: home is {home!r}. Give one folder, as text.")
    if isinstance(paths, str):
        paths = [paths]
    if not isinstance(paths, list) or not all(isinstance(path, str) for path in paths):
        raise SettingsError(f"advisor.toml: corpus is {paths!r}. Give a file or folder, or a list of them.")
    return Settings(
        home=_absolute(home, here) if home else _default_home(),
        corpus=tuple(_absolute(path, here) for path in paths if path.strip()),
    )


def _read_file(path: Path) -> dict[str, object]:
    if not path.is_file():
        return {}
    try:
        written = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"{path} cannot be read: {error}. Mend it, or remove it.") from error
    unknown = sorted(set(written) - set(NAMES))
    if unknown:
        raise SettingsError(f"{path} sets {', '.join(unknown)}. The settings are: {', '.join(NAMES)}.")
    return written


def _absolute(path: str, here: Path) -> Path:
    try:
        return (here / Path(path.strip()).expanduser()).resolve()
    except (RuntimeError, OSError, ValueError) as error:
        raise SettingsError(
            f"{path!r} is no place for files: {error}. Check ADVISOR_HOME and ADVISOR_CORPUS."
        ) from error


def _default_home() -> Path:
    import platformdirs

    return Path(platformdirs.user_data_dir("hiring-advisor", appauthor=False))
