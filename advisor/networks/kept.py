"""What is made once and kept in the advisor's home, in files whose names tell what they hold.

    <home>/networks/<name>-<what it was made from>-<SHA-256 of the file><ending>

So a file that is damaged, or was made from something else, is never used: it is made again.
"""

import hashlib
import logging
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from advisor.files import file_sha256, replace_file

FORMAT: Final = "1"
"""Change it whenever something else would be made from the same."""
LONG_SECONDS: Final = 30 * 24 * 60 * 60
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Place:
    """The place of one thing in `folder`: `made_from` names all that it is made from."""

    folder: Path
    name: str
    ending: str
    made_from: str

    @property
    def _beginning(self) -> str:
        key = hashlib.sha256(f"{FORMAT} {self.made_from}".encode()).hexdigest()[:16]
        return f"{self.name}-{key}-"

    def files(self) -> list[Path]:
        """The files that hold it, if they are whole."""
        return sorted(self.folder.glob(f"{self._beginning}*{self.ending}"))

    def whole(self) -> Path | None:
        """A file that is whole, or None where there is none."""
        for path in self.files():
            with suppress(OSError):
                if path.stem == self._beginning + file_sha256(path):
                    return path
        return None

    def keep(self, content: bytes) -> Path | None:
        """Keep it, and clear away what was made from something else and not used for long: another version may share
        the home. A full or read-only disk is no error: None is returned, and it is made again at the next start."""
        path = self.folder / f"{self._beginning}{hashlib.sha256(content).hexdigest()}{self.ending}"
        try:
            replace_file(path, content)
        except OSError as error:
            log.warning("%s cannot be kept (%s); it is made again at every start.", path, error.strerror)
            return None
        for other in self.folder.glob(f"{self.name}-*"):
            with suppress(OSError):
                if other != path and time.time() - other.stat().st_atime > LONG_SECONDS:
                    other.unlink()
        return path
