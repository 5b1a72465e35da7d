"""Problems that everybody solves, those of benchmarks/WorkPrecision/Classics.cs, and SciPy on them."""
from dataclasses import dataclass
from functools import cached_property
from typing import Callable, Sequence

import numpy as np


def robertson(t, y):
    a, b = 0.04 * y[0] - 1e4 * y[1] * y[2], 3e7 * y[1] ** 2
    return [-a, a - b, b]


def vanderpol(t, y):
    return [y[1], 1000 * (1 - y[0] ** 2) * y[1] - y[0]]


def arenstorf(t, y):
    mu = 0.012277471
    d1 = ((y[0] + mu) ** 2 + y[1] ** 2) ** 1.5
    d2 = ((y[0] - 1 + mu) ** 2 + y[1] ** 2) ** 1.5
    return [y[2], y[3],
            y[0] + 2 * y[3] - (1 - mu) * (y[0] + mu) / d1 - mu * (y[0] - 1 + mu) / d2,
            y[1] - 2 * y[2] - (1 - mu) * y[1] / d1 - mu * y[1] / d2]


MASSES, DIAGONAL = np.arange(1.0, 8), np.eye(7)


def pleiades(t, y):
    x, z = y[:7], y[7:14]
    dx, dz = x - x[:, None], z - z[:, None]
    square = dx * dx + dz * dz + DIAGONAL
    pull = MASSES / (square * np.sqrt(square))
    return np.concatenate([y[14:], (pull * dx).sum(1), (pull * dz).sum(1)])


@dataclass(frozen=True)
class Classic:
    field: Callable
    initial: Sequence[float]
    end: float
    stiff: bool
    absolute: float     # absolute tolerance over the relative one
    relative: bool      # whether errors are relative to each component

    def solve(self, method, rtol, atol):
        from scipy.integrate import solve_ivp
        return solve_ivp(self.field, (0, self.end), self.initial, method=method, rtol=rtol, atol=atol)

    @cached_property
    def reference(self):
        """SciPy at its tightest tolerance; the Arenstorf orbit returns to its initial values."""
        return np.array(self.initial) if self.field is arenstorf else \
            self.solve("Radau" if self.stiff else "DOP853", 3e-14, 1e-20).y[:, -1]

    @property
    def scale(self):
        """The unit of errors."""
        return np.abs(self.reference) if self.relative else np.ones(len(self.initial))

    def error(self, y):
        """The largest over the components at the end."""
        return np.max(np.abs(np.asarray(y) - self.reference) / self.scale)


STARS = [3, 3, -1, -3, 2, -2, 2, 3, -3, 2, 0, 0, -4, 4, 0, 0, 0, 0, 0, 1.75, -1.5, 0, 0, 0, -1.25, 1, 0, 0]
PROBLEMS = {
    "robertson-40": Classic(robertson, [1.0, 0, 0], 40, True, 1e-4, True),
    "robertson": Classic(robertson, [1.0, 0, 0], 4e4, True, 1e-4, True),
    "vanderpol": Classic(vanderpol, [2.0, 0], 2000, True, 1, False),
    "arenstorf": Classic(arenstorf, [0.994, 0, 0, -2.00158510637908252240537862224], 17.0652165601579625588917206249,
                         False, 1, False),
    "pleiades": Classic(pleiades, [float(v) for v in STARS], 3, False, 1, False),
}
