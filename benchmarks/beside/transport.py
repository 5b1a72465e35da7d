"""Wasserstein distances beside POT, from points and masses: exact on the line and in ten dimensions, and entropic."""
import time

import numpy as np

from .row import Fastest, Ours, Row, THREADS

ON_LINE, SIZE, INPUTS = 10**6, 2000, 10
# The marginal error |b - columns of the plan|_1 that entropic plans reach, and eps over the mean cost of the product.
ERROR, EPSILON = 1e-9, 0.01


class Problem:
    def __init__(self, size, inputs, epsilon=0.0):
        random = np.random.default_rng(3)
        a, b = random.random(size) ** 3, random.random(size) ** 3
        self.a, self.b = a / a.sum(), b / b.sum()
        self.x, self.y = random.normal(size=(size, inputs)), 0.5 + 1.5 * random.normal(size=(size, inputs))
        # E |x - y|^2 of independent x and y.
        means = [(m, m @ z, m @ (z * z).sum(1)) for m, z in ((self.a, self.x), (self.b, self.y))]
        self.epsilon = epsilon * (means[0][2] + means[1][2] - 2 * means[0][1] @ means[1][1])

    def ours(self):
        size, inputs = self.x.shape
        return Ours("Transport", lambda file: f"{file} {self.epsilon!r} {ERROR!r}" if self.epsilon else file,
                    [[size, size, inputs, 2], self.a, self.b, self.x, self.y])

    def exact(self):
        import ot

        def run():
            start = time.perf_counter()
            cost = ot.emd2(self.a, self.b, ot.dist(self.x, self.y), numItermax=10**8)
            # Ours answers with its dual value too, which must be the same.
            return time.perf_counter() - start, [cost, cost]

        return run

    def on_line(self):
        import ot
        x, y = self.x[:, 0], self.y[:, 0]

        def timed(cost):
            start = time.perf_counter()
            result = cost()
            return time.perf_counter() - start, [result, result]

        return Fastest([lambda: timed(lambda: ot.emd2_1d(x, y, self.a, self.b, dense=False)),
                        lambda: timed(lambda: ot.wasserstein_1d(x, y, self.a, self.b, p=2))])

    def entropic(self):
        plain = [way for torch in (False, True) if (way := Sinkhorn(self, "sinkhorn", torch)).reaches()]
        # Logarithms take an order of magnitude longer, and never underflow; "sinkhorn_stabilized" does not come near.
        return Fastest(plain or [way for way in [Sinkhorn(self, "sinkhorn_log", False)] if way.reaches()])


class Sinkhorn:
    """A method of POT, on NumPy's arrays or PyTorch's, that is stopped once it has reached the error."""

    def __init__(self, problem, method, on_torch):
        import torch
        torch.set_num_threads(THREADS)
        self.problem, self.method, self.stop = problem, method, ERROR
        self.arrays = [torch.tensor(v) if on_torch else v for v in (problem.a, problem.b, problem.x, problem.y)]

    def reaches(self):
        """Finds where POT must stop, which measures errors in norms of its own, for the error to be reached."""
        for _ in range(5):
            try:
                plan, _ = self.solve()
            except Exception:
                return False
            error = abs(self.problem.b - plan.sum(0)).sum() + abs(self.problem.a - plan.sum(1)).sum()
            if error <= ERROR:
                return True
            self.stop *= min(0.5, ERROR / error)
        return False

    def solve(self):
        import ot
        a, b, x, y = self.arrays
        plan, log = ot.sinkhorn(a, b, ot.dist(x, y), self.problem.epsilon, method=self.method, stopThr=self.stop,
                                numItermax=10**4, warn=False, log=True)
        return np.asarray(plan), log

    def __call__(self):
        start = time.perf_counter()
        _, log = self.solve()
        seconds = time.perf_counter() - start
        # sum a f + sum b g of potentials with pi = a b exp((f + g - c) / eps).
        names = next(n for n in (("log_u", "log_v"), ("logu", "logv"), ("u", "v")) if n[0] in log)
        u, v = (np.log(np.asarray(log[n])) if n in "uv" else np.asarray(log[n]) for n in names)
        problem = self.problem
        return seconds, [problem.epsilon * (problem.a @ (u - np.log(problem.a)) + problem.b @ (v - np.log(problem.b)))]


def rows():
    line, cloud = Problem(ON_LINE, 1), Problem(SIZE, INPUTS)
    yield Row(f"W2 on the line, {ON_LINE:,} points", "POT", 1.5, 1e-9, line.ours, line.on_line)
    yield Row(f"W2 of {SIZE:,} points, exact", "POT", 1.5, 1e-9, cloud.ours, cloud.exact)
    entropic = Problem(SIZE, INPUTS, EPSILON)
    yield Row(f"entropic transport of {SIZE:,} points, marginal error {ERROR:.0e}", "POT", 1.5, 1e-8, entropic.ours,
              entropic.entropic)
