"""Errors of this program's integrators beside SciPy's, at the same tolerances.

    dotnet run -c Release --project benchmarks/WorkPrecision | /usr/bin/python3 benchmarks/WorkPrecision/table.py

Reads the CSV of workprecision, solves the same problems with SciPy's Radau (stiff ones) or DOP853, and compares both
with a reference: SciPy at its tightest tolerance, or for the Arenstorf orbit its initial values, to which it returns.
The error is the largest over the components at the end, relative for Robertson, absolute for the others.
"""
import csv
import sys

import numpy as np
from scipy.integrate import solve_ivp


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


def pleiades(t, y):
    x, z = y[:7], y[7:14]
    dx, dz = x[None, :] - x[:, None], z[None, :] - z[:, None]
    r = (dx ** 2 + dz ** 2) ** 1.5
    np.fill_diagonal(r, 1)
    m = np.arange(1, 8)
    return np.concatenate([y[14:], (m * dx / r).sum(1), (m * dz / r).sum(1)])


STARS = [3, 3, -1, -3, 2, -2, 2, 3, -3, 2, 0, 0, -4, 4, 0, 0, 0, 0, 0, 1.75, -1.5, 0, 0, 0, -1.25, 1, 0, 0]
PROBLEMS = {    # right-hand side, initial values, end, SciPy's method, whether errors are relative
    "robertson-40": (robertson, [1.0, 0, 0], 40, "Radau", True),
    "robertson": (robertson, [1.0, 0, 0], 4e4, "Radau", True),
    "vanderpol": (vanderpol, [2.0, 0], 2000, "Radau", False),
    "arenstorf": (arenstorf, [0.994, 0, 0, -2.00158510637908252240537862224], 17.0652165601579625588917206249,
                  "DOP853", False),
    "pleiades": (pleiades, [float(v) for v in STARS], 3, "DOP853", False),
}


def solve(name, rtol, atol):
    f, y0, end, method, _ = PROBLEMS[name]
    return solve_ivp(f, (0, end), y0, method=method, rtol=rtol, atol=atol)


REFERENCES = {}


def error(name, y):
    if name not in REFERENCES:
        REFERENCES[name] = np.array(PROBLEMS[name][1]) if name == "arenstorf" else solve(name, 3e-14, 1e-20).y[:, -1]
    reference = REFERENCES[name]
    return np.max(np.abs(y - reference) / (np.abs(reference) if PROBLEMS[name][4] else 1))


print(f"{'problem':13} {'tolerance':>9} {'atol':>7}  {'method':17} {'evaluations':>11} {'error':>8}   "
      f"{'SciPy':7} {'evaluations':>11} {'error':>8}   ratio")
theirs = {}
for row in csv.DictReader(sys.stdin):
    name, rtol, atol = row["problem"], float(row["tolerance"]), float(row["absolute"])
    if (name, rtol) not in theirs:
        run = solve(name, rtol, atol)
        theirs[name, rtol] = run.nfev, error(name, run.y[:, -1])
    evaluations, other = theirs[name, rtol]
    ours = error(name, np.array([float(v) for v in row["state"].split()]))
    print(f"{name:13} {rtol:9.0e} {atol:7.0e}  {row['method']:17} {row['evaluations']:>11} {ours:8.1e}   "
          f"{PROBLEMS[name][3]:7} {evaluations:11} {other:8.1e}  {ours / other:6.2f}")
