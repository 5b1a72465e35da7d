"""The name of a processor under which OpenBLAS multiplies fastest here, or nothing where that is its own choice: one that it
does not know it takes for a much older one. `OPENBLAS_CORETYPE=$(python3 core.py)`."""
import os
import subprocess
import sys

NAMES = ["", "Haswell", "SkylakeX", "Cooperlake", "SapphireRapids", "Zen"]
ROUNDS = 3
RATE = """
import time
import numpy as np
a, b, seconds = np.ones((1000, 1000)), np.empty((1000, 1000)), []
for _ in range(9):
    start = time.perf_counter()
    np.matmul(a, a, out=b)
    seconds.append(time.perf_counter() - start)
print(min(seconds))
"""


def seconds(name):
    """Of one product; never, where the name asks for instructions that the processor does not have."""
    environment = {**os.environ, "OPENBLAS_CORETYPE": name} if name else os.environ
    run = subprocess.run([sys.executable, "-c", RATE], env=environment, capture_output=True, text=True, check=False)
    return float(run.stdout) if run.returncode == 0 else float("inf")


if __name__ == "__main__":
    print(min(NAMES, key=lambda name: min(seconds(name) for _ in range(ROUNDS))))
