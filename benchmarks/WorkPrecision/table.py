"""Errors of this program's integrators beside SciPy's, at the same tolerances.

    dotnet run -c Release --project benchmarks/WorkPrecision | /usr/bin/python3 benchmarks/WorkPrecision/table.py

Reads the CSV of workprecision, solves the same problems with SciPy's Radau (stiff ones) or DOP853, and compares both
with a reference: SciPy at its tightest tolerance, or for the Arenstorf orbit its initial values, to which it returns.
The error is the largest over the components at the end, relative for Robertson, absolute for the others.
"""
import csv
import os
import sys

import numpy as np

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from beside.classics import PROBLEMS

print(f"{'problem':13} {'tolerance':>9} {'atol':>7}  {'method':17} {'evaluations':>11} {'error':>8}   "
      f"{'SciPy':7} {'evaluations':>11} {'error':>8}   ratio")
theirs = {}
for row in csv.DictReader(sys.stdin):
    name, rtol, atol = row["problem"], float(row["tolerance"]), float(row["absolute"])
    problem, method = PROBLEMS[name], "Radau" if PROBLEMS[name].stiff else "DOP853"
    if (name, rtol) not in theirs:
        run = problem.solve(method, rtol, atol)
        theirs[name, rtol] = run.nfev, problem.error(run.y[:, -1])
    evaluations, other = theirs[name, rtol]
    ours = problem.error(np.array([float(v) for v in row["state"].split()]))
    print(f"{name:13} {rtol:9.0e} {atol:7.0e}  {row['method']:17} {row['evaluations']:>11} {ours:8.1e}   "
          f"{method:7} {evaluations:11} {other:8.1e}  {ours / other:6.2f}")
