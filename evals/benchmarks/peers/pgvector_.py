"""Postgres with pgvector: keep FOLDER/vectors.npy, ask for those nearest to each of FOLDER/queries.npy.

python pgvector_.py FOLDER NEAREST
"""

import json
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pgserver
import psycopg


def written(vector: np.ndarray) -> str:
    return "[" + ",".join(f"{value:.6f}" for value in vector) + "]"


def main() -> None:
    folder, nearest = Path(sys.argv[1]), int(sys.argv[2])
    vectors, queries = np.load(folder / "vectors.npy", mmap_mode="r"), np.load(folder / "queries.npy")
    with pgserver.get_server(folder / "postgres") as server, psycopg.connect(server.get_uri(), autocommit=True) as base:
        started = time.perf_counter()
        base.execute("CREATE EXTENSION vector")
        base.execute(f"CREATE TABLE kept (id int, near vector({vectors.shape[1]}))")
        with base.cursor().copy("COPY kept (id, near) FROM STDIN") as copy:
            for row, vector in enumerate(vectors):
                copy.write_row((row, written(vector)))
        base.execute("SET maintenance_work_mem = '2GB'")
        base.execute("CREATE INDEX ON kept USING hnsw (near vector_ip_ops)")
        seconds = time.perf_counter() - started
        base.execute("SET hnsw.ef_search = 100")
        asked = f"SELECT id FROM kept ORDER BY near <#> %s::vector LIMIT {nearest}"
        base.execute(asked, (written(queries[0]),)).fetchall()
        times, found = [], []
        for query in queries:
            began = time.perf_counter()
            rows = base.execute(asked, (written(query),)).fetchall()
            times.append((time.perf_counter() - began) * 1e3)
            found.append([row for (row,) in rows])
        told = {"seconds": seconds, "milliseconds": times, "found": found, "memory_mb": memory_mb(folder / "postgres")}
    print(json.dumps(told))


def memory_mb(place: Path) -> float:
    """What all processes of the server hold, what they share counted once (proportional set size), in 10⁶ bytes."""
    head = (place / "postmaster.pid").read_text().split()[0]
    children = subprocess.run(["pgrep", "-P", head], capture_output=True, text=True, check=True).stdout.split()
    kilobytes = 0
    for process in (head, *children):
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
        kilobytes += next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return kilobytes * 1024 / 1e6


if __name__ == "__main__":
    main()
