#!/usr/bin/env python3
"""search.py --build DIR: bench-search beside FAISS, on the same matrix, in turns.

Makes a matrix of random rows of length 1 (1,000,000 x 768 float32, 3 GB) in
--folder once, installs the pinned faiss-cpu into an environment there (needs a
network the first time), and prints what is to be compared: one query against a
streaming sum over the same mapping, 256 queries against IndexFlatIP, and the
most memory that bench-search had beside the mapped matrix."""
import argparse
import json
import os
import pathlib
import subprocess
import sys
import venv

PACKAGES = ["faiss-cpu==1.15.1", "numpy==2.4.6"]
WIDTH, N_QUERIES, K = 768, 256, 10
ROWS_AT_ONCE = 50_000


def options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", default="build", help="the build folder (default: build)")
    parser.add_argument("--folder", default="/var/tmp/dinoscope-bench-search", help="for the matrix and the environment")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=3, help="turns of both (default: 3)")
    return parser.parse_args()


def enter_environment(folder):
    """Starts this script again with the pinned packages."""
    python = folder / "venv" / "bin" / "python"
    if pathlib.Path(sys.executable) == python:
        return
    if not python.exists():
        venv.create(folder / "venv", with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *PACKAGES], check=True)
    os.execv(python, [str(python), *sys.argv])


def make_matrix(path, rows):
    import numpy

    if path.exists():
        return
    random = numpy.random.default_rng(1)
    temporary = path.with_suffix(".part")
    with open(temporary, "wb") as file:
        header = {"descr": "<f4", "fortran_order": False, "shape": (rows, WIDTH)}
        numpy.lib.format.write_array_header_1_0(file, header)
        for first in range(0, rows, ROWS_AT_ONCE):
            part = random.standard_normal((min(ROWS_AT_ONCE, rows - first), WIDTH), dtype=numpy.float32)
            part /= numpy.linalg.norm(part, axis=1, keepdims=True)
            part.tofile(file)
    temporary.rename(path)


def run_ours(program, matrix, threads):
    """Seconds of the best run by (name, number of queries), and MiB at most."""
    command = [program, "--matrix", str(matrix), "--threads", str(threads), "--seconds", "2", "--json"]
    found = {}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    for line in process.stdout:
        row = json.loads(line)
        queries = int(row["shape"].split(" for ")[1]) if " for " in row["shape"] else 0
        key = (row["name"], queries)
        found[key] = min(found.get(key, 1e9), row["seconds_min"])
    _, status, usage = os.wait4(process.pid, 0)
    assert status == 0, "bench-search failed"
    return found, usage.ru_maxrss / 1024


def run_faiss(matrix, threads):
    """The same of FAISS, in a process of its own."""
    code = (
        "import faiss, numpy, sys, time\n"
        "x = numpy.load(sys.argv[1], mmap_mode='r')\n"
        "faiss.omp_set_num_threads(int(sys.argv[2]))\n"
        "index = faiss.IndexFlatIP(x.shape[1])\n"
        "for i in range(0, len(x), 50000): index.add(numpy.ascontiguousarray(x[i:i + 50000]))\n"
        "q = numpy.random.default_rng(2).standard_normal((%d, x.shape[1]), dtype=numpy.float32)\n"
        "q /= numpy.linalg.norm(q, axis=1, keepdims=True)\n"
        "for n in (1, len(q)):\n"
        "    seconds = []\n"
        "    for _ in range(4):\n"
        "        start = time.perf_counter(); index.search(q[:n], %d); seconds.append(time.perf_counter() - start)\n"
        "    print(n, min(seconds[1:]))\n" % (N_QUERIES, K)
    )
    environment = dict(os.environ, OMP_NUM_THREADS=str(threads), OPENBLAS_NUM_THREADS=str(threads))
    output = subprocess.run([sys.executable, "-c", code, str(matrix), str(threads)], env=environment, check=True, capture_output=True, text=True).stdout
    return {int(line.split()[0]): float(line.split()[1]) for line in output.splitlines()}


def merge(best, found):
    for key, seconds in found.items():
        best[key] = min(best.get(key, 1e9), seconds)


def main():
    chosen = options()
    folder = pathlib.Path(chosen.folder)
    folder.mkdir(parents=True, exist_ok=True)
    enter_environment(folder)
    matrix = folder / ("matrix-%d.npy" % chosen.rows)
    make_matrix(matrix, chosen.rows)
    ours, faiss, memory = {}, {}, 0
    for turn in range(chosen.rounds):
        found, most = run_ours(pathlib.Path(chosen.build) / "bench" / "bench-search", matrix, chosen.threads)
        merge(ours, found)
        merge(faiss, run_faiss(matrix, chosen.threads))
        memory = max(memory, most)
    mapped = matrix.stat().st_size / 2**20
    stream, one, many = ours[("stream", 0)], ours[("search", 1)], ours[("search", N_QUERIES)]
    print("%d x %d, %d threads, best of %d turns" % (chosen.rows, WIDTH, chosen.threads, chosen.rounds))
    print("streaming sum    %8.4f s" % stream)
    print("one query        %8.4f s   %.3f of the sum (at most 1.1)   FAISS %.4f s" % (one, one / stream, faiss[1]))
    print("%d queries      %8.4f s   %.3f of FAISS (at most 1.0)   FAISS %.4f s" % (N_QUERIES, many, many / faiss[N_QUERIES], faiss[N_QUERIES]))
    print("memory           %8.0f MiB  %.0f MiB beside the matrix (at most 95)" % (memory, memory - mapped))


if __name__ == "__main__":
    main()
