"""The name of a processor, for OPENBLAS_CORETYPE, under which OpenBLAS makes a product of 1000 x 1000 doubles in the least
time; empty where none is a twentieth faster than its own choice. A processor that is newer than it is it takes for an old one.
"""
import os
import subprocess
import sys

NAMES, ROUNDS, FASTER = ["", "Haswell", "SkylakeX", "Cooperlake", "SapphireRapids", "Zen"], 3, 1.05
PRODUCT = """
import time
import numpy as np
a, b, times = np.ones((1000, 1000)), np.empty((1000, 1000)), []
for _ in range(9):
    start = time.perf_counter()
    np.matmul(a, a, out=b)
    times.append(time.perf_counter() - start)
print(min(times))
"""


def seconds(name):
    """Of a product; infinite where the name asks for instructions that the processor does not have."""
    environment = {**os.environ, "OPENBLAS_CORETYPE": name} if name else os.environ
    run = subprocess.run([sys.executable, "-c", PRODUCT], env=environment, capture_output=True, text=True, check=False)
    return float(run.stdout) if run.returncode == 0 else float("inf")


if __name__ == "__main__":
    # Names in turn: what else the machine does meanwhile hits all of them.
    rounds = [[seconds(name) for name in NAMES] for _ in range(ROUNDS)]
    own, *named = map(min, zip(*rounds))
    print(NAMES[1 + named.index(min(named))] if FASTER * min(named) < own else "")
