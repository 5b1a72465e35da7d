"""Works whose programs have a comparison of their own: kernels, exact transport, convolutions."""
import time

import numpy as np

from .row import Ours, Row, THREADS

PRIME = 1000003


def numbers(count):
    """Numbers in [-1/2, 1/2] that any language draws alike."""
    k = np.arange(count, dtype=np.int64)
    return (7 * k % PRIME * k + k) % PRIME / PRIME - 0.5


def kernels(points=5000, inputs=784, depth=3):
    def theirs():
        x = (numbers(points * inputs) * np.sqrt(12 / inputs)).reshape(points, inputs)
        signs = np.where(np.arange(points * points) % 3 == 0, 1, -0.5)

        def run():
            start = time.perf_counter()
            sigma = 2 * (x @ x.T) + 0.01
            theta = sigma.copy()
            for _ in range(depth):
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

    return Row(f"NTK Gram matrix, depth {depth}, ReLU, {points:,} x {inputs}", "NumPy", 3, 1e-7,
               lambda: Ours("Kernels", lambda _: f"{points} {inputs} {depth} {THREADS}"), theirs,
               1.0 * points * points * inputs)


def transport(size=2000, inputs=10):
    random = np.random.default_rng(3)
    a, b = random.random(size) ** 3, random.random(size) ** 3
    a, b = a / a.sum(), b / b.sum()
    x, y = random.normal(size=(size, inputs)), 0.5 + 1.5 * random.normal(size=(size, inputs))

    def theirs():
        import ot

        def run():
            start = time.perf_counter()
            cost = ot.emd2(a, b, ot.dist(x, y), numItermax=10**8)
            return time.perf_counter() - start, [cost]

        return run

    return Row(f"W2 of {size:,} points, exact", "POT", 1.5, 1e-9,
               lambda: Ours("Transport", lambda file: file, [[size, size, inputs, 2], a, b, x, y]), theirs)


def rows():
    yield kernels()
    yield transport()
