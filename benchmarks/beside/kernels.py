"""Kernels of ReLU networks beside the same recursion in NumPy on whole matrices.

NumPy's arccos of a cosine rounded to 1 errs by up to 1e-8 on the diagonal.
"""
import time

import numpy as np

from .row import Ours, Row, THREADS, residues

POINTS, INPUTS, DEPTH = 5000, 784, 3


def theirs():
    x = (residues(POINTS * INPUTS) * np.sqrt(12 / INPUTS)).reshape(POINTS, INPUTS)
    signs = np.where(np.arange(POINTS * POINTS) % 3 == 0, 1, -0.5)

    def run():
        start = time.perf_counter()
        sigma = 2 * (x @ x.T) + 0.01
        theta = sigma.copy()
        for _ in range(DEPTH):
            sd = np.sqrt(np.diag(sigma))
            scale = np.outer(sd, sd)
            cosine = np.clip(sigma / scale, -1, 1)
            angle = np.arccos(cosine)
            theta *= (np.pi - angle) / np.pi
            sigma = scale * (np.sqrt(1 - cosine * cosine) + (np.pi - angle) * cosine) / np.pi + 0.01
            theta += sigma
        seconds = time.perf_counter() - start
        return seconds, [v for m in (sigma, theta) for v in (m.sum(), m.ravel() @ signs)]

    return run


def rows():
    yield Row(f"NTK Gram matrix, depth {DEPTH}, ReLU, {POINTS:,} x {INPUTS}", "NumPy", 3, 1e-7,
              lambda: Ours("Kernels", lambda _: f"{POINTS} {INPUTS} {DEPTH} {THREADS}"), theirs,
              1.0 * POINTS * POINTS * INPUTS)
