"""Steps of SGD in the mean-field scaling beside PyTorch: products and updates in place, without a graph."""
import time

import numpy as np

from .row import Ours, Row, THREADS, alternating

POINTS, BATCH, STEPS, STEP = 1000, 100, 40, 0.001
SHAPES = [[784, 400, 400, 10], [784, 1600, 1600, 10], [784, 800, 800, 800, 800, 10], [32, 800, 800, 800, 800, 1],
          [784, 10000, 10]]


class Problem:
    def __init__(self, sizes):
        random = np.random.default_rng(1)
        self.sizes = sizes
        self.x, self.y = random.normal(size=(POINTS, sizes[0])), random.normal(size=(POINTS, sizes[-1]))
        self.weights = [random.normal(size=s) / np.sqrt(sizes[0] if i == 0 else 1) + (i > 0)
                        for i, s in enumerate(zip(sizes, sizes[1:]))]
        self.batches = random.integers(POINTS, size=(STEPS, BATCH))

    def ours(self, single):
        numbers = [POINTS, BATCH, STEPS, *self.sizes]
        return Ours("Speed", lambda file: f"sgd{'-single' * single} {file} {THREADS} {' '.join(map(str, numbers))}",
                    [self.x, self.y, *self.weights, self.batches])

    def theirs(self, dtype):
        import torch
        torch.set_num_threads(THREADS)
        batches = torch.tensor(self.batches)
        shares = [1.0, *(1 / n for n in self.sizes[1:-1])]

        def steps(dtype):
            x, y = torch.tensor(self.x, dtype=dtype), torch.tensor(self.y, dtype=dtype)
            weights = [torch.tensor(w, dtype=dtype) for w in self.weights]
            start = time.perf_counter()
            for batch in batches:
                s = [x[batch]]
                for share, w in zip(shares[:-1], weights[:-1]):
                    h = torch.mm(s[-1], w)
                    s.append((h.mul_(share) if share != 1 else h).relu_())
                d = torch.mm(s[-1], weights[-1]).mul_(shares[-1]).sub_(y[batch]).mul_(1 / BATCH)
                for i in range(len(weights) - 1, -1, -1):
                    # D_i at neurons, from that of the layer above, which sums by masses.
                    below = torch.mm(d, weights[i].T) if i else None
                    if i and i < len(weights) - 1:
                        below.mul_(1 / self.sizes[i + 1])
                    weights[i].addmm_(s[i].T, d, alpha=-STEP)
                    d = below.mul_(s[i] > 0) if i else None
            seconds = (time.perf_counter() - start) / STEPS
            return seconds, [alternating(w.numpy() - first) for w, first in zip(weights, self.weights)]

        if dtype == "float64":
            return lambda: steps(torch.float64)
        # Weights in single precision lose a part of moves so small, up to 4e-3 here; ours stay double. Held against ours is
        # what they come to in double precision.
        _, exact = steps(torch.float64)
        return lambda: (steps(torch.float32)[0], exact)


def rows():
    for single in (False, True):
        for sizes in SHAPES:
            problem = Problem(sizes)
            products = sum(3 * a * b for a, b in zip(sizes, sizes[1:])) - sizes[0] * sizes[1]
            yield Row(f"SGD step {'-'.join(map(str, sizes))}", f"PyTorch, {'single' if single else 'double'}",
                      1.5 if single else 2, 1e-3 if single else 1e-9, lambda problem=problem, single=single: problem.ours(single),
                      lambda problem=problem, single=single: problem.theirs("float32" if single else "float64"),
                      2.0 * BATCH * products)
