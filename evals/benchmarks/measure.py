"""Times and memory, as the benchmarks tell them."""

import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path


def milliseconds(act: Callable[[], object]) -> float:
    """How long something takes."""
    started = time.perf_counter()
    act()
    return (time.perf_counter() - started) * 1e3


def spread(times: Sequence[float]) -> dict[str, float]:
    """The median, the range, and the 95th percentile."""
    ordered = sorted(times)
    return {
        "p50": statistics.median(ordered),
        "p95": ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))],
        "least": ordered[0],
        "most": ordered[-1],
        "runs": len(ordered),
    }


def memory_mb() -> float:
    """What this process holds in memory at the moment (resident set), in 10⁶ bytes."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    kilobytes = next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:"))
    return kilobytes * 1024 / 1e6
