"""Which documents the advisor works from.

ADVISOR_CORPUS (or `corpus` in advisor.toml) where it is set; else what was last ingested by name; else the
articles that come with the package.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from advisor.errors import CorpusError
from advisor.files import replace_file
from advisor.settings import Settings

PACKAGE: Final = Path(__file__).resolve().parent
CHOICE: Final = "corpus.json"


def bundled_corpus() -> Path:
    """The folder of the articles that come with the package, in a checkout and in an installed wheel alike."""
    inside = PACKAGE / "_bundled" / "corpus"
    return inside if inside.is_dir() else PACKAGE.parent / "corpus"


def chosen_corpus(settings: Settings) -> tuple[Path, ...]:
    """The files and folders to read. Raises `CorpusError` when the choice kept in the home cannot be read, or what was
    chosen is no longer there."""
    if settings.corpus:
        return settings.corpus
    choice = settings.home / CHOICE
    if not choice.exists():
        return (bundled_corpus(),)
    try:
        paths = tuple(Path(path) for path in json.loads(choice.read_text(encoding="utf-8"))["paths"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CorpusError(
            f"{choice} cannot be read ({error}). Say which documents to use: advisor ingest PATH"
        ) from error
    gone = [str(path) for path in paths if not path.exists()]
    if gone:
        raise CorpusError(
            f"{', '.join(gone)}: what was ingested is no longer there. Bring it back, say which documents to use "
            "(advisor ingest PATH), or go back to the advisor's own (advisor ingest --bundled)."
        )
    return paths


def choose_corpus(settings: Settings, paths: Sequence[Path]) -> None:
    """Work from `paths` from now on, unless a setting says otherwise."""
    choice = json.dumps({"paths": [str(path) for path in paths]}, indent=1)
    replace_file(settings.home / CHOICE, choice.encode())


def choose_bundled_corpus(settings: Settings) -> None:
    """Work from the articles that come with the package again."""
    (settings.home / CHOICE).unlink(missing_ok=True)
