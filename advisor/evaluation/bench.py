"""Puts cases through the advisor, in as many processes as are worth it, in an order that does not depend on them."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from typing import Final, TypeVar

from advisor.api import Advisor
from advisor.errors import AdvisorError
from advisor.language.reading import Parts
from advisor.settings import Settings

ALL_PARTS: Final = Parts()
MOST_JOBS: Final = 8
"""Each process holds its own models, more than a gigabyte."""
FEWEST_TO_SHARE: Final = 150
"""With fewer cases, to open the advisor in other processes takes longer than it saves."""

Case = TypeVar("Case")
Outcome = TypeVar("Outcome")

Tell = Callable[[], None]
Begin = Callable[[str, int], Tell]
"""Called with what is done next and of how many; gives what is to be called after each."""


def all_cores() -> int:
    """How many processes this machine is good for."""
    from joblib import cpu_count

    return min(int(cpu_count()), MOST_JOBS)


@dataclass(frozen=True, slots=True)
class Bench:
    """The advisor to measure, how progress is told, and in how many processes to work.

    `ablation` asks the suites that read messages to measure the parts of the reader by themselves as well.
    """

    advisor: Advisor
    begin: Begin
    jobs: int = 1
    ablation: bool = False
    parts: Parts = ALL_PARTS
    fewest_to_share: int = FEWEST_TO_SHARE

    def with_parts(self, parts: Parts) -> "Bench":
        """The same with only some parts of the advisor's reader at work."""
        return replace(self, advisor=self.advisor.with_parts(parts), parts=parts)

    def each(self, what: str, do: Callable[[Advisor, Case], Outcome], cases: Sequence[Case]) -> list[Outcome]:
        """What `do` makes of each case, in their order. `do` is a function of a module, or a partial of one."""
        tell = self.begin(what, len(cases))
        outcomes = []
        for outcome in self._outcomes(do, cases):
            outcomes.append(outcome)
            tell()
        return outcomes

    def _outcomes(self, do: Callable[[Advisor, Case], Outcome], cases: Sequence[Case]) -> Iterator[Outcome]:
        if self.jobs == 1 or len(cases) < self.fewest_to_share:
            yield from (do(self.advisor, case) for case in cases)
            return
        from joblib import Parallel, delayed
        from joblib.externals.loky.process_executor import TerminatedWorkerError

        workers = Parallel(n_jobs=self.jobs, return_as="generator")
        try:
            yield from workers(delayed(_elsewhere)(do, case, self.advisor.settings, self.parts) for case in cases)
        except TerminatedWorkerError as error:
            raise AdvisorError("A process was ended, perhaps for want of memory. Use fewer: --jobs 1") from error


def _elsewhere(do: Callable[[Advisor, Case], Outcome], case: Case, settings: Settings, parts: Parts) -> Outcome:
    return do(_with_parts(settings, parts), case)


@cache
def _with_parts(settings: Settings, parts: Parts) -> Advisor:
    return _opened(settings).with_parts(parts)


@cache
def _opened(settings: Settings) -> Advisor:
    """The advisor of this process, which is given many cases."""
    return Advisor.open(settings)


@contextmanager
def progress() -> Iterator[Begin]:
    """A bar on standard error for each thing that is done."""
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:

        def begin(what: str, number: int) -> Tell:
            task = bar.add_task(f"{number} {what}", total=number)
            return lambda: bar.advance(task)

        yield begin
