"""Files that several processes share: replaced whole, and marked while they are in use."""

import hashlib
import os
import uuid
import weakref
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows: there a folder whose files are open cannot be removed anyway
    fcntl = None  # type: ignore[assignment]


def file_sha256(path: Path) -> str:
    """The SHA-256 of what is in a file, which is not read into memory. Raises `OSError`."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def hold(path: Path, holder: object) -> None:
    """Mark `path` as in use for as long as `holder` lives in this process; where it lies may be read-only."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CREAT)
    weakref.finalize(holder, os.close, descriptor)
    if fcntl:
        fcntl.flock(descriptor, fcntl.LOCK_SH)


def is_held(path: Path) -> bool:
    """Whether any process, this one included, holds `path`."""
    if not fcntl or not path.exists():
        return False
    with path.open("ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return True
    return False


def replace_file(path: Path, content: bytes) -> None:
    """Put `content` at `path` in one step, over whatever was there. Raises `OSError`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f"{path.name}.{uuid.uuid4().hex}")
    try:
        with aside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)
