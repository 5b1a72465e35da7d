"""Our hot paths beside what would be taken in their place: benchmarks/run.sh [part of a row's name]...

Both sides of a row warm up for WARM seconds, at least once, and take turns ROUNDS times on the same inputs; their results
are compared. Writes the part of
benchmarks/results.md that is of a machine with such vectors: medians of seconds, the median, smallest and largest of their
ratios, peaks of memory, and the rate as a share of that of the machine's best matrix product, measured in the same run.
"""
import ctypes
import datetime
import multiprocessing
import os
import re
import resource
import statistics
import sys
import time
import traceback

import numpy as np

from beside import convolutions, couple, densities, kernels, limit, odes, sgd, transport, velocity
from beside.row import ROOT, THREADS

RESULTS = os.path.join(ROOT, "benchmarks/results.md")
ROUNDS, REST, WARM = 5, 0.06, 1.0
PARTS = [sgd, velocity, limit, odes, transport, kernels, densities, convolutions, couple]
COLUMNS = ["work", "against", "ours", "theirs", "ratio", "smallest", "largest", "MB", "theirs, MB", "of the machine",
           "differ", "at least", "met"]


def check_blas():
    """NumPy and PyTorch multiply by OpenBLAS on THREADS threads, or the ratios say nothing."""
    import torch
    torch.set_num_threads(THREADS)
    for a in np.ones((200, 200)), torch.ones((200, 200), dtype=torch.float64):
        a @ a
    with open("/proc/self/maps") as maps:
        libraries = {m.group(1) for m in re.finditer(r"(/\S*openblas\S*\.so\S*)", maps.read())}
    if not libraries:
        raise RuntimeError("NumPy does not multiply by OpenBLAS; install libopenblas0-pthread")
    for library in libraries:
        threads = ctypes.CDLL(library).openblas_get_num_threads()
        if threads != THREADS:
            raise RuntimeError(f"{library} has {threads} threads; set OPENBLAS_NUM_THREADS={THREADS}")
    return ", ".join(sorted(os.path.realpath(library) for library in libraries))


def best(work, rounds=7):
    """The least of some times."""
    def once():
        start = time.perf_counter()
        work()
        return time.perf_counter() - start
    return min(once() for _ in range(rounds))


def machine():
    """Operations a second of a product in double precision, bytes a second of a copy, tanh a second."""
    a, b = np.ones((1500, 1500)), np.empty((1500, 1500))
    v, w = np.ones(3 * 10**7), np.empty(3 * 10**7)
    return (2 * 1500**3 / best(lambda: np.matmul(a, a, out=b)), 16 * v.size / best(lambda: np.copyto(w, v)),
            10**7 / best(lambda: np.tanh(v[:10**7], out=w[:10**7])))


def vectors():
    """The longest vectors of this processor."""
    with open("/proc/cpuinfo") as processor:
        return "AVX-512" if "avx512f" in processor.read() else "AVX2"


def write(lines):
    """The page, with these lines in the place of those that it has of a machine like this."""
    head = f"## On a machine with {vectors()}\n"
    with open(RESULTS) as file:
        parts = re.split(r"^(?=## )", file.read(), flags=re.MULTILINE)
    others = [part.rstrip("\n") + "\n" for part in parts if not part.startswith(head)]
    with open(RESULTS, "w") as file:
        file.write("\n".join([others[0], *sorted([*others[1:], "\n".join([head, *lines, ""])])]))


def answer(make, pipe):
    """A process of their side: runs when it is asked, and says what it took."""
    run = make()
    while True:
        pipe.recv()
        seconds, results = run()
        pipe.send((seconds, results, getattr(run, "bytes", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)))


def warm(run):
    """Compiles, touches memory, and lets what is compiled anew while it runs settle."""
    start = time.perf_counter()
    while True:
        run()
        if time.perf_counter() - start > WARM:
            return


def measure(row):
    ours, (pipe, other) = row.ours(), multiprocessing.Pipe()
    process = multiprocessing.Process(target=answer, args=(row.theirs, other))
    process.start()
    # It alone holds this end: where it fails, waiting for its answer ends.
    other.close()

    def theirs():
        pipe.send(True)
        return pipe.recv()

    pairs, difference = [], 0.0
    try:
        warm(ours)
        warm(theirs)
        for _ in range(ROUNDS):
            # Threads of products spin for a while after the last of them.
            time.sleep(REST)
            a, mine = ours()
            time.sleep(REST)
            b, its, peak = theirs()
            if not all(map(np.isfinite, [*mine, *its])):
                raise ValueError("results are not finite")
            size = max(map(abs, its))
            difference = max(difference, *(abs(u - v) / size for u, v in zip(mine, its, strict=True)))
            pairs.append((a, b))
        return pairs, difference, ours.bytes, peak
    finally:
        process.kill()
        process.join()
        ours.close()


def cells(row, product):
    """The row's line of the table, and whether results agree."""
    pairs, difference, mine, its = measure(row)
    ratios = [b / a for a, b in pairs]
    seconds, ratio = [statistics.median(s) for s in zip(*pairs)], statistics.median(ratios)
    agree = difference <= row.tolerance
    share = f"{row.operations / seconds[0] / product:.2f}" if row.operations else ""
    return [row.work, row.against, *(f"{s:.3g} s" for s in seconds), f"{ratio:.2f}", f"{min(ratios):.2f}",
            f"{max(ratios):.2f}", f"{mine / 1e6:.0f}", f"{its / 1e6:.0f}" if its else "", share, f"{difference:.0e}",
            f"{row.target:.2g}", "yes" if agree and ratio >= row.target else "no"], agree


def main():
    names = sys.argv[1:]
    # One at a time: a process that is forked has what its parent has, which would count as its own.
    rows = (r for part in PARTS for r in part.rows() if not names or any(n in f"{r.work} {r.against}" for n in names))
    # PyTorch hangs in processes that are forked from one in which it has threads.
    with multiprocessing.Pool(1) as pool:
        library, (product, copy, tanh) = pool.apply(check_blas), pool.apply(machine)
    lines, wrong = [], []
    for row in rows:
        try:
            line, agree = cells(row, product)
        except Exception:
            # The other rows are measured all the same.
            traceback.print_exc()
            line, agree = [row.work, row.against, *[""] * 8, "failed", f"{row.target:.2g}", "no"], False
        if not agree:
            wrong.append(f"{row.work}, {row.against}")
        lines.append(line)
        print(" | ".join(line), flush=True)
    core = os.environ.get("OPENBLAS_CORETYPE", "its own choice")
    text = [f"{datetime.date.today():%B %Y}. OpenBLAS multiplies at {product / 1e9:.1f} GF/s in double precision (processor: {core}),",
            f"memory is copied at {copy / 1e9:.1f} GB/s, NumPy makes {tanh / 1e6:.0f} million tanh a second.", "",
            f"| {' | '.join(COLUMNS)} |", "|" + "---|" * len(COLUMNS), *(f"| {' | '.join(c)} |" for c in lines)]
    if not names:
        write(text)
    print(f"{library}; {sum(c[-1] == 'yes' for c in lines)} of {len(lines)} met")
    if wrong:
        sys.exit("failed, or results differ by more than their tolerance: " + "; ".join(wrong))


if __name__ == "__main__":
    # Of no threads of the parent.
    multiprocessing.set_start_method("fork")
    main()
