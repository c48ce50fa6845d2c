"""Networks at work without torch: each is exported to ONNX once, kept in the advisor's home, and run from there.

Where one cannot be exported, for want of a library or for whatever reason torch gives, torch runs it, more slowly.
"""

import logging
import os
import pickle
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from advisor.networks.kept import Place
from advisor.networks.packaged import packaged_sha256
from advisor.once import Once

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from torch import nn

    Array = NDArray[Any]

MOST_THREADS: Final = 4
"""More help no message: it is too short to be shared out."""
MOST_SECONDS: Final = 600
"""That an export may take; what takes longer hangs."""
MOST_EXPORTS: Final = 2
"""At once: each takes one core, and a gigabyte and a half."""
log = logging.getLogger(__name__)
_exporting = threading.Lock()
_unkept: Final[dict[Place, bytes | None]] = {}
"""What could not be kept on the disk in this process, or not be exported at all, so that it is not tried again."""

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how much of it is done, and how much there is."""
Run = Callable[[Mapping[str, "Array"]], Sequence["Array"]]
"""Runs a network: its outputs, by their order, from its inputs, by their names."""


@dataclass(frozen=True, slots=True)
class Network:
    """A network to serve: `fingerprint` tells what it is made from, `load` makes it in torch.

    `inputs` are small arrays such as it takes, (texts, tokens, …); both of the first two lengths may be others. Another
    process calls both functions, so they are known by their names there. With `eight_bit` it works in 8-bit integers
    once it is exported, where that was measured to change no more than chance.
    """

    name: str
    fingerprint: str
    load: Callable[[], "nn.Module"]
    inputs: Callable[[], Mapping[str, "Array"]]
    eight_bit: bool = False

    def place(self, folder: Path) -> Place:
        """Where it is kept once it was exported."""
        bits = 8 if self.eight_bit else 32
        return Place(folder, self.name, ".onnx", f"{self.fingerprint} in {bits} bits")


def prepare(networks: Sequence[Network], folder: Path, progress: Progress) -> None:
    """Export those networks of which nothing is kept in `folder` yet, telling `progress` of each."""
    lacking = [network for network in networks if not network.place(folder).files()]
    if lacking:
        _make(lacking, folder, partial(progress, "Preparing networks, which is done once"))


def serve(network: Network, folder: Path | None) -> Run:
    """The network ready to run, from the file kept in `folder`, which is made where it is missing. Without a folder, or
    where it cannot be exported, by torch. Raises `DamagedModelError` and `KnowledgeError`."""
    if folder is None:
        return by_torch(network.load())
    place = network.place(folder)
    made: Path | bytes | None = place.whole()
    if made is None:
        _make([network], folder, lambda done, of: None)
        made = place.whole() or _unkept.get(place)
    return by_torch(network.load()) if made is None else by_onnx(made)


def _make(networks: Sequence[Network], folder: Path, tell: Callable[[int, int], None]) -> None:
    """Export networks and keep them in `folder`, or in `_unkept`. Raises `DamagedModelError`."""
    with _exporting:
        places = {network.place(folder): network for network in networks}
        lacking = {place: one for place, one in places.items() if place not in _unkept and place.whole() is None}
        if not lacking:
            return
        packaged_sha256()  # what is exported from damaged weights would outlive them
        tell(0, len(lacking))
        with ThreadPoolExecutor(MOST_EXPORTS) as pool:
            exported = zip(lacking, pool.map(_exported, lacking.values()), strict=True)
            for done, (place, content) in enumerate(exported, 1):
                if content is None or place.keep(content) is None:
                    _unkept[place] = content
                tell(done, len(lacking))


def _exported(network: Network) -> bytes | None:
    """The network as an ONNX file, or None where it cannot be made. It is made in a process of its own: torch takes
    half a gigabyte, and one of the libraries that export sets up the logging of the whole process."""
    try:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "network.onnx"
            command = [sys.executable, "-m", "advisor.networks.export", str(path)]
            paths = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
            subprocess.run(  # noqa: S603
                command, input=pickle.dumps(network), env=paths, capture_output=True, check=True, timeout=MOST_SECONDS
            )
            return path.read_bytes()
    except subprocess.CalledProcessError as error:
        why = (error.stderr.decode(errors="replace").splitlines() or [f"it ended with {error.returncode}"])[-1]
    except (OSError, subprocess.TimeoutExpired) as error:
        why = str(error)
    log.warning("The %s network could not be exported (%s); it runs with torch, more slowly.", network.name, why)
    return None


def by_onnx(file: Path | bytes) -> Run:
    """An ONNX file, or what is in one, ready to run. From a file it takes up half the memory.

    All networks share the same threads: those that wait for work do so busily, and would keep the others from theirs.
    """
    import onnxruntime

    _share_threads()
    options = onnxruntime.SessionOptions()
    options.use_per_session_threads = False
    session = onnxruntime.InferenceSession(file, options, providers=["CPUExecutionProvider"])
    return lambda inputs: session.run(None, dict(inputs))


def by_torch(module: "nn.Module") -> Run:
    """A module of torch, ready to run."""
    import torch

    def run(inputs: Mapping[str, "Array"]) -> list["Array"]:
        with torch.inference_mode():
            outputs = module(*(torch.from_numpy(array) for array in inputs.values()))
        return [output.numpy() for output in outputs]

    return run


def _make_threads() -> None:
    import onnxruntime

    with suppress(onnxruntime.capi.onnxruntime_pybind11_state.Fail):  # whoever uses this process has made others
        onnxruntime.set_global_thread_pool_sizes(threads(), 1)


_share_threads: Final = Once(_make_threads)


def threads() -> int:
    """How many threads work on one text: one a core that this process may use, at most `MOST_THREADS`."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(usable, MOST_THREADS)
