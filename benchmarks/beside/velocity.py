"""The two-layer velocity beside NumPy on blocks of neurons."""
import time

import numpy as np

from .row import Ours, Row, THREADS, alternating

POINTS, INPUTS, BLOCK = 1000, 20, 1000


class Problem:
    def __init__(self, neurons):
        random = np.random.default_rng(2)
        self.neurons, self.repeats = neurons, max(1, 10**6 // neurons // 10)
        self.x, self.y = random.normal(size=(POINTS, INPUTS)), random.normal(size=POINTS)
        self.w1, self.w2 = random.normal(size=(INPUTS, neurons)) / np.sqrt(INPUTS), random.normal(size=neurons)

    def ours(self):
        return Ours("Speed", lambda file: f"velocity {file} {THREADS} {POINTS} {INPUTS} {self.neurons} {self.repeats}",
                    [self.x, self.y, self.w1, self.w2])

    def theirs(self):
        x, y, w1, w2 = self.x, self.y, self.w1, self.w2

        def run():
            start = time.perf_counter()
            for _ in range(self.repeats):
                yhat = np.zeros(POINTS)
                v1, v2 = np.empty_like(w1), np.empty_like(w2)
                # Activations are kept where they fit, and computed again where they do not.
                kept = {}
                for b in range(0, self.neurons, BLOCK):
                    s = np.tanh(x @ w1[:, b:b + BLOCK])
                    yhat += s @ w2[b:b + BLOCK]
                    if self.neurons <= 10**5:
                        kept[b] = s
                d = (yhat / self.neurons - y) / POINTS
                for b in range(0, self.neurons, BLOCK):
                    s = kept[b] if kept else np.tanh(x @ w1[:, b:b + BLOCK])
                    v2[b:b + BLOCK] = -(s.T @ d)
                    np.multiply(s, s, out=s)
                    np.subtract(1, s, out=s)
                    s *= d[:, None]
                    v1[:, b:b + BLOCK] = -(x.T @ s) * w2[b:b + BLOCK]
            seconds = (time.perf_counter() - start) / self.repeats
            return seconds, [alternating(v1), alternating(v2)]

        return run


def rows():
    for neurons in 10**4, 10**5, 10**6:
        problem = Problem(neurons)
        yield Row(f"two-layer velocity, N = {neurons:,}", "NumPy", 6, 1e-9, problem.ours, problem.theirs)
