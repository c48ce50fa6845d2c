"""Things that are made when they are first needed."""

import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Generic, TypeVar

T = TypeVar("T")


def in_background(*tasks: Callable[[], object]) -> None:
    """Do each task, which only prepares for what comes, in a thread of its own.

    Errors are dropped: whoever needs what was to be prepared meets the same. Python ends only when all are done:
    libraries that are cut off while they load abort the process.
    """

    def attempt(task: Callable[[], object]) -> None:
        with suppress(Exception):
            task()

    for task in tasks:
        threading.Thread(target=attempt, args=(task,)).start()


class Once(Generic[T]):
    """Calls `make` at the first call, once however many threads ask, and gives what it made from then on. After an
    error the next call tries again."""

    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make
        self._making = threading.Lock()
        self._made: list[T] = []

    def __call__(self) -> T:
        if not self._made:
            with self._making:
                if not self._made:
                    self._made.append(self._make())
        return self._made[0]
