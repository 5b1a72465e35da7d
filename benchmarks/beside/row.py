"""A row of the table, and our side of it."""
import os
import subprocess
import tempfile
from dataclasses import dataclass
from typing import Callable, Sequence

import numpy as np

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
THREADS, PRIME = 2, 1000003


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


class Program:
    """A program that answers lines with seconds, bytes at most, and results."""

    def __init__(self, command: Sequence[str]):
        self.bytes = 0
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, line: str) -> tuple[float, list[float]]:
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            raise RuntimeError(f"no answer to {line}")
        seconds, peak, *results = map(float, answer.split())
        self.bytes = max(self.bytes, peak)
        return seconds, results

    def close(self):
        self.process.stdin.close()
        self.process.wait()


class Ours(Program):
    """A program of benchmarks that is asked one line, which may name a file of numbers."""

    def __init__(self, program: str, line: Callable[[str], str], numbers: Sequence[np.ndarray] = (),
                 arguments: Sequence[str] = ()):
        self.file = None
        if len(numbers):
            handle, self.file = tempfile.mkstemp(suffix=".bin")
            os.close(handle)
            np.concatenate([np.ravel(n) for n in numbers]).astype(np.float64).tofile(self.file)
        self.line = line(self.file)
        super().__init__(["dotnet", os.path.join(ROOT, "benchmarks", program, "bin/Release/net10.0",
                                                 f"{program.lower()}.dll"), *arguments])

    def __call__(self) -> tuple[float, list[float]]:
        return self.ask(self.line)

    def close(self):
        super().close()
        if self.file:
            os.remove(self.file)


class Fastest:
    """The one of several ways that was fastest when all were tried, in the first call."""

    def __init__(self, ways: Sequence[Callable[[], tuple[float, Sequence[float]]]]):
        self.ways = ways

    def __call__(self) -> tuple[float, Sequence[float]]:
        if len(self.ways) > 1:
            # Each has warmed up when it is timed.
            times = [min(way()[0] for _ in range(2)) for way in self.ways]
            self.ways = [self.ways[times.index(min(times))]]
        return self.ways[0]()


def residues(count, seed=0):
    """Numbers in [-1/2, 1/2] that any language draws alike."""
    k = (np.arange(count, dtype=np.int64) + 1000 * seed) % PRIME
    return (7 * k % PRIME * k + k) % PRIME / PRIME - 0.5


def alternating(values) -> float:
    """v_0 - v_1 / 2 - v_2 / 2 + v_3 - ..."""
    values = np.ravel(values)
    return float(np.where(np.arange(values.size) % 3 == 0, 1.0, -0.5) @ values)
