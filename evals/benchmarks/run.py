"""All benchmarks: `make bench`. What is measured is kept in results.json, and written into README.md and growth.svg.

The advisor and each of its peers do the same work in the same run: passages in, the nearest ones to a question out.
Every process is started anew, and the runs of all are taken in turns, so that what else the machine does meets all.
"""

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import venv
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

from measure import spread
from report import write_report
from texts import questions, write_documents

HERE = Path(__file__).parent
RESULTS = HERE / "results.json"
PASSAGES, MANY_PASSAGES = 10_000, 100_000
PARTS = ("ingest", "start", "turns", "many", "growth")
STARTS = 5
PORT = 7899
WARM_SECONDS = 3
QUESTION = "Who is on call when a model breaks?"
PEERS = {
    "LangChain, Chroma": ("plain.py", None),
    "LlamaIndex": ("llamaindex.py", "llamaindex.txt"),
    "Haystack": ("haystack_.py", "haystack.txt"),
    "txtai": ("txtai_.py", "txtai.txt"),
}
"""The script of each, and what is installed in an environment of its own; none where the advisor's serves."""
POSTGRES = "pgvector.txt"
GROWTH = (1_000, 10_000, 100_000, 1_000_000)
ENGINES = ("8 bits", "floats", "chroma", "pgvector")


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--only", nargs="*", choices=PARTS, help="these, not all")
    parser.add_argument("--most", type=int, default=GROWTH[-1], help="vectors up to which growth is measured")
    parser.add_argument("--work", type=Path, default=HERE / "kept", help="where environments and indexes are kept")
    options = parser.parse_args()
    wanted = options.only or PARTS
    bench = Bench(options.work)
    results = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    results["machine"] = machine()
    for name in [one for one in PARTS if one in wanted and one != "growth"]:
        results[name] = getattr(bench, name)()
        keep(results)
    if "growth" in wanted:
        for rows in [rows for rows in GROWTH if rows <= options.most]:
            for engine in ENGINES:
                results.setdefault("growth", {}).setdefault(engine, {})[str(rows)] = bench.growth(engine, rows)
                keep(results)
    write_report(results, HERE)


def keep(results: Mapping[str, Any]) -> None:
    RESULTS.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")


def machine() -> dict[str, str]:
    """What it was measured on and with."""
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    processor = next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), "unknown")
    libraries = ("onnxruntime", "chromadb", "langchain-core", "sentence-transformers", "torch", "gradio")
    return {
        "processor": f"{processor}, {len(os.sched_getaffinity(0))} cores",
        "python": platform.python_version(),
        **{name: version(name) for name in libraries},
    }


class Bench:
    """Runs the parts. `work` holds the peers' environments, and the indexes of all."""

    def __init__(self, work: Path) -> None:
        self._work = work
        self._data = made(work / "data", PASSAGES)

    def ingest(self) -> dict[str, Any]:
        """Seconds to index the passages."""
        told = {"advisor": self._ours("ingest", self._data)}
        for peer in PEERS:
            shutil.rmtree(self._data / Path(PEERS[peer][0]).stem, ignore_errors=True)
            told[peer] = self._peer(peer, "build")
        return told

    def start(self) -> dict[str, Any]:
        """Milliseconds from the start of a process to its answer, to help, and to the page."""
        commands = {
            "advisor": [sys.executable, "-m", "advisor", "ask", QUESTION],
            **{peer: self._command(peer, "ask", QUESTION) for peer in PEERS},
        }
        took: dict[str, list[float]] = {name: [] for name in commands}
        for _ in range(STARTS):
            for name, command in commands.items():
                say(f"start: {name}")
                started = time.perf_counter()
                subprocess.run(command, env=self._environment(), stdout=subprocess.DEVNULL, check=True)
                took[name].append((time.perf_counter() - started) * 1e3)
        pages = [self._page() for _ in range(STARTS)]
        return {
            **{name: spread(times) for name, times in took.items()},
            "page": spread([milliseconds for milliseconds, _ in pages]),
            "memory of the page": max(megabytes for _, megabytes in pages),
        }

    def turns(self) -> dict[str, Any]:
        """Milliseconds of a turn, and of a search; memory held."""
        told = {"advisor": self._ours("turns", self._data)}
        for peer in PEERS:
            measured = self._peer(peer, "turns")
            told[peer] = {"search": spread(measured["milliseconds"]), "memory_mb": measured["memory_mb"]}
        return told

    def many(self) -> dict[str, Any]:
        """The advisor's turns with ten times the passages."""
        data = made(self._work / "many", MANY_PASSAGES)
        return self._ours("turns", data)

    def growth(self, engine: str, rows: int) -> dict[str, Any]:
        """One engine of search with so many vectors."""
        say(f"growth: {engine}, {rows:,} vectors")
        python = self._installed(POSTGRES) if engine == "pgvector" else ""
        return run([sys.executable, str(HERE / "growth.py"), engine, str(rows), python])

    def _ours(self, command: str, data: Path) -> dict[str, Any]:
        say(f"{command}: advisor, {data.name}")
        return run([sys.executable, str(HERE / "ours.py"), command, str(data)], self._environment())

    def _peer(self, peer: str, command: str) -> dict[str, Any]:
        say(f"{command}: {peer}")
        return run(self._command(peer, command), self._environment())

    def _command(self, peer: str, command: str, *more: str) -> list[str]:
        script, requirements = PEERS[peer]
        return [self._installed(requirements), str(HERE / "peers" / script), command, str(self._data), *more]

    def _installed(self, requirements: str | None) -> str:
        """The Python of the environment with these requirements, which is made first where it is missing."""
        if requirements is None:
            return sys.executable
        folder = self._work / Path(requirements).stem
        python = folder / "bin" / "python"
        done = folder / "installed"
        if not done.exists():
            say(f"installing {requirements}")
            venv.create(folder, with_pip=True, clear=True)
            install = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
            subprocess.run([*install, "--requirement", str(HERE / "peers" / requirements)], check=True)
            done.touch()
        return str(python)

    def _environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "ADVISOR_HOME": str(self._data / "home"),
            "ADVISOR_CORPUS": str(self._data / "documents"),
            "HF_HUB_OFFLINE": "1",
        }

    def _page(self) -> tuple[float, float]:
        """Milliseconds until `advisor serve` serves its page, and the memory that it holds once it is warm, in MB."""
        started = time.perf_counter()
        command = [sys.executable, "-m", "advisor", "serve", "--port", str(PORT)]
        with served(command, self._environment()) as process:
            while process.poll() is None:
                try:
                    urllib.request.urlopen(f"http://127.0.0.1:{PORT}", timeout=5).read()
                    break
                except (urllib.error.URLError, ConnectionError):
                    time.sleep(0.02)
            took = (time.perf_counter() - started) * 1e3
            if process.poll() is not None:
                sys.exit(f"advisor serve ended. Is port {PORT} free?")
            time.sleep(WARM_SECONDS)
            lines = Path(f"/proc/{process.pid}/status").read_text(encoding="ascii").splitlines()
            held = next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:"))
        return took, held * 1024 / 1e6


def made(folder: Path, passages: int) -> Path:
    """A folder with so many passages, and questions; they are written where they are missing."""
    asked = folder / "questions.json"
    if not asked.exists():
        shutil.rmtree(folder, ignore_errors=True)
        write_documents(passages, folder)
        asked.write_text(json.dumps(questions(200)), encoding="utf-8")
    return folder


@contextmanager
def served(command: Sequence[str], environment: Mapping[str, str]) -> "Iterator[subprocess.Popen[bytes]]":
    with tempfile.TemporaryFile() as out:
        process = subprocess.Popen(command, env=environment, stdout=out, stderr=out)
        try:
            yield process
        finally:
            process.terminate()
            process.wait(30)


def run(command: Sequence[str], environment: Mapping[str, str] | None = None) -> dict[str, Any]:
    """What a script tells on the last line that it prints."""
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    told: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return told


def say(what: str) -> None:
    print(what, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
