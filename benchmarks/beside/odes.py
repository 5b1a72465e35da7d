"""Classical problems beside CVODE of SUNDIALS and SciPy: seconds to reach one error at the end.

A side solves with tolerances that fall by half decades. Its time at the error is that of the line through log time against
log error of those near it: the least squares smooth how errors scatter about tolerances.
"""
import os
import time
from functools import partial

import numpy as np

from .classics import PROBLEMS
from .row import ROOT, Fastest, Program, Row

ERROR, NEAR = 1e-6, 1.5     # the error, and the decades about it
# From 1e-2, but where a body passes near another one from 1e-4.
TOLERANCES = {True: 10.0 ** -np.arange(2, 13.1, 0.5), False: 10.0 ** -np.arange(4, 13.1, 0.5)}
LEAST = 0.2                 # seconds of a measurement, at least
AGREE = 10 * ERROR


class AtError:
    """`solve(rtol, atol, least seconds)` answers seconds a solve and the state at the end."""

    def __init__(self, name, solve):
        self.problem, self.solve, self.chosen = PROBLEMS[name], solve, None
        # Known before a process of their side begins, for which it is the same.
        self.problem.reference

    def __call__(self):
        if self.chosen is None:
            self.chosen = self.choose()
        times = [self.solve(*tolerances, LEAST / len(self.chosen)) for tolerances, _ in self.chosen]
        slope, at = np.polyfit([np.log(e / ERROR) for _, e in self.chosen], [np.log(s) for s, _ in times], 1)
        # The state where the error is nearest, in units of the solution: sides differ by about the error.
        state = times[int(np.argmin([abs(np.log(e / ERROR)) for _, e in self.chosen]))][1]
        return float(np.exp(at)), list(np.asarray(state) / self.problem.scale)

    def choose(self):
        """Tolerances with errors near the wanted one, on both of its sides."""
        found = []
        for rtol in TOLERANCES[self.problem.stiff]:
            tolerances = rtol, rtol * self.problem.absolute
            _, state = self.solve(*tolerances, 0)
            error = self.problem.error(state)
            if error < ERROR * 10 ** -NEAR:
                break
            if error < ERROR * 10 ** NEAR:
                found.append((tolerances, error))
        if len(found) < 3 or not min(e for _, e in found) < ERROR < max(e for _, e in found):
            raise ArithmeticError(f"no errors about {ERROR}: {found}")
        return found


class Asked(Program):
    """A program that solves a problem by a method."""

    def __init__(self, name, method, command):
        super().__init__(command)
        self.name, self.method, self.curve = name, method, AtError(name, self.solve)

    def solve(self, rtol, atol, least):
        return self.ask(f"{self.name} {self.method} {rtol!r} {atol!r} {least!r}")

    def __call__(self):
        return self.curve()


def ours(name, method):
    program = os.path.join(ROOT, "benchmarks/WorkPrecision/bin/Release/net10.0/workprecision.dll")
    return Asked(name, method, ["dotnet", program, "answers"])


def cvode(name):
    return Asked(name, "bdf" if PROBLEMS[name].stiff else "adams", [os.path.join(ROOT, "benchmarks/Odes/bin/cvode")])


def scipy(name):
    def way(method):
        def solve(rtol, atol, least):
            start, solves = time.perf_counter(), 0
            while not solves or time.perf_counter() - start < least:
                run = PROBLEMS[name].solve(method, rtol, atol)
                solves += 1
            if not run.success:
                raise ArithmeticError(run.message)
            return (time.perf_counter() - start) / solves, run.y[:, -1]

        return AtError(name, solve)

    return Fastest([way(method) for method in (("BDF", "Radau", "LSODA") if PROBLEMS[name].stiff else
                                               ("DOP853", "LSODA"))])


def rows():
    for name, problem in PROBLEMS.items():
        # No slower by more than 2; by 1.5 where both have differentiation formulas.
        for method, target in (("bdf" if problem.stiff else "dormand-prince-8", 1 / 1.5 if problem.stiff else 0.5),
                               ("auto", 0.5)):
            work = f"{name}, {method}, to {ERROR:.0e}"
            mine = partial(ours, name, method)
            yield Row(work, "SUNDIALS CVODE", target, AGREE, mine, partial(cvode, name))
            yield Row(work, "SciPy", 10, AGREE, mine, partial(scipy, name))
