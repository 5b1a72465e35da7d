"""A row of the table, and our side of it."""
import os
import subprocess
import tempfile
from dataclasses import dataclass
from typing import Callable, Sequence

import numpy as np

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
THREADS = 2


@dataclass(frozen=True)
class Row:
    """A work done by both. `ours` and `theirs` make a callable that answers (seconds, results)."""
    work: str
    against: str
    target: float       # their time over ours, at least
    tolerance: float    # of results, relative to the largest of them
    ours: Callable[[], "Ours"]
    theirs: Callable[[], Callable[[], tuple[float, Sequence[float]]]]
    operations: float = 0   # floating-point, of one; 0 where a matrix product's rate says nothing


class Ours:
    """A program of benchmarks that answers a line with seconds, bytes at most, and results."""

    def __init__(self, program: str, line: Callable[[str], str], numbers: Sequence[np.ndarray] = ()):
        self.file = None
        if len(numbers):
            handle, self.file = tempfile.mkstemp(suffix=".bin")
            os.close(handle)
            np.concatenate([np.ravel(n) for n in numbers]).astype(np.float64).tofile(self.file)
        self.line, self.bytes = line(self.file), 0
        self.process = subprocess.Popen(
            ["dotnet", os.path.join(ROOT, "benchmarks", program, "bin/Release/net10.0", f"{program.lower()}.dll")],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def __call__(self) -> tuple[float, list[float]]:
        self.process.stdin.write(self.line + "\n")
        self.process.stdin.flush()
        seconds, peak, *results = map(float, self.process.stdout.readline().split())
        self.bytes = max(self.bytes, peak)
        return seconds, results

    def close(self):
        self.process.stdin.close()
        self.process.wait()
        if self.file:
            os.remove(self.file)


def alternating(values) -> float:
    """v_0 - v_1 / 2 - v_2 / 2 + v_3 - ..."""
    values = np.ravel(values)
    return float(np.where(np.arange(values.size) % 3 == 0, 1.0, -0.5) @ values)
