"""Exact transport beside POT's emd: values on 100 random weighted problems.

    dotnet build -c Release benchmarks/Transport
    /usr/bin/python3 benchmarks/Transport/compare.py [problems]
    /usr/bin/python3 benchmarks/Transport/compare.py values       the numbers that WassersteinTests holds

Both sides get points and masses and build the cost matrix themselves.
"""
import os
import subprocess
import sys
import tempfile

import numpy as np
import ot


def residues(count, factor, modulus):
    """(factor k^2 + k) mod modulus: numbers that any language draws alike."""
    k = np.arange(count)
    return (factor * k * k + k) % modulus


if sys.argv[1:] == ["values"]:
    for n, m, d, p in (150, 120, 4, 2), (90, 200, 3, 1), (130, 130, 2, 3):
        a, b = residues(n, 3, 89) + 1.0, residues(m, 5, 83) + 1.0
        x, y = residues(n * d, 7, 1009).reshape(n, d) / 1009, residues(m * d, 11, 1013).reshape(m, d) / 1013
        cost = np.sqrt(((x[:, None] - y[None]) ** 2).sum(-1)) ** p
        print(n, m, d, p, repr(ot.emd2(a / a.sum(), b / b.sum(), cost, numItermax=10**8)))
    sys.exit()
PROBLEMS = int(sys.argv[1]) if len(sys.argv) > 1 else 100
HERE = os.path.dirname(os.path.abspath(__file__))
OURS = subprocess.Popen(["dotnet", os.path.join(HERE, "bin/Release/net10.0/transport.dll")],
                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
FILE = os.path.join(tempfile.mkdtemp(), "problem.bin")


def draw(random, n, m, d, equal=False):
    """Normal clouds, one shifted and stretched, with masses as powers of uniform numbers: some are tiny."""
    a, b = random.random(n) ** 3, random.random(m) ** 3
    if equal:
        a, b = np.ones(n), np.ones(m)
    x, y = random.normal(size=(n, d)), 0.5 + 1.5 * random.normal(size=(m, d))
    return a / a.sum(), b / b.sum(), x, y


def ours(a, b, x, y, p):
    np.concatenate([[len(a), len(b), x.shape[1], p], a, b, x.ravel(), y.ravel()]).tofile(FILE)
    OURS.stdin.write(FILE + "\n")
    OURS.stdin.flush()
    return [float(v) for v in OURS.stdout.readline().split()]


def theirs(a, b, x, y, p):
    cost = ot.dist(x, y) if p == 2 else ot.dist(x, y, metric="euclidean") ** p
    plan, log = ot.emd(a, b, cost, numItermax=10**8, log=True)
    if log["warning"]:
        print("POT:", log["warning"])
    return log["cost"]


def main():
    random = np.random.default_rng(20260101)
    worst = gap = 0
    for k in range(PROBLEMS):
        n, m, d = random.integers(2, 400), random.integers(2, 400), random.integers(1, 21)
        p = [1, 2, 1.5, 3][k % 4]
        problem = (*draw(random, n, m, d, k % 10 == 0), p)
        _, _, cost, dual = ours(*problem)
        worst = max(worst, abs(cost / theirs(*problem) - 1))
        gap = max(gap, abs(1 - dual / cost))
    print(f"{PROBLEMS} problems: largest relative difference {worst:.1e}, largest relative gap of ours {gap:.1e}")
    OURS.stdin.close()
    OURS.wait()
    sys.exit(worst > 1e-9)


main()
