"""NNGP and tangent kernel of ReLU networks beside the same recursion in NumPy, in turn, in the same run.

    dotnet build -c Release benchmarks/Kernels
    /usr/bin/python3 benchmarks/Kernels/compare.py [points] [inputs] [hidden layers] [threads] [rounds]

NumPy's side works on whole matrices, with as many threads of its BLAS. Its arccos of a cosine rounded to 1 errs by up to
1e-8 on the diagonal.
"""
import os
import statistics
import subprocess
import sys
import time

POINTS, INPUTS, DEPTH, THREADS, ROUNDS = [int(a) for a in sys.argv[1:]] + [5000, 784, 3, 2, 3][len(sys.argv) - 1:]
os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = str(THREADS)

import numpy as np

PRIME = 1000003
HERE = os.path.dirname(os.path.abspath(__file__))
OURS = subprocess.Popen(["dotnet", os.path.join(HERE, "bin/Release/net10.0/kernels.dll")],
                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def ours():
    OURS.stdin.write(f"{POINTS} {INPUTS} {DEPTH} {THREADS}\n")
    OURS.stdin.flush()
    return [float(v) for v in OURS.stdout.readline().split()]


def theirs():
    k = np.arange(POINTS * INPUTS)
    x = (((7 * k % PRIME * k + k) % PRIME / PRIME - 0.5) * np.sqrt(12 / INPUTS)).reshape(POINTS, INPUTS)
    start = time.perf_counter()
    sigma = 2 * (x @ x.T) + 0.01
    theta = sigma.copy()
    for _ in range(DEPTH):
        sd = np.sqrt(np.diag(sigma))
        scale = np.outer(sd, sd)
        cosine = np.clip(sigma / scale, -1, 1)
        angle = np.arccos(cosine)
        slopes = (np.pi - angle) / (2 * np.pi)
        products = scale * (np.sqrt(1 - cosine * cosine) + (np.pi - angle) * cosine) / (2 * np.pi)
        theta *= 2 * slopes
        sigma = 2 * products + 0.01
        theta += sigma
    seconds = time.perf_counter() - start
    signs = np.where(np.arange(POINTS * POINTS) % 3 == 0, 1, -0.5)
    return [seconds, 0] + [v for m in (sigma, theta) for v in (m.sum(), m.ravel() @ signs)]


theirs(), ours()
times = []
for _ in range(ROUNDS):
    a, b = ours(), theirs()
    times.append((a[0], b[0]))
    worst = max(abs(u - v) / abs(v) for u, v in zip(a[2:], b[2:]))
    print(f"ours {a[0]:.2f} s, NumPy {b[0]:.2f} s, sums agree to {worst:.1e}, peak {a[1] / 1e6:.0f} MB", flush=True)
print("median of NumPy's time over ours:", round(statistics.median(b / a for a, b in times), 2))
