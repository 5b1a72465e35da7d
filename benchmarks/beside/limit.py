"""The three-layer reference limit beside SciPy's DOP853 with a right-hand side in NumPy."""
import json
import os
import time

import numpy as np

from .row import Ours, Row, ROOT, THREADS

NODES, TOLERANCE, TIME = (48, 24), 1e-10, 3.0
MEANS, DEVIATIONS = (0.0, 0.8, 0.5), (1.0, 1.0, 1.0)


class Problem:
    def __init__(self):
        with open(os.path.join(ROOT, "examples/three-layer.json")) as file:
            data = json.load(file)["data"]
        self.x, self.y = np.array(data["x"]), np.array(data["y"])[:, 0]
        # Gauss-Hermite nodes of layer 1 in the plane and of layer 2 on the line.
        (g, p), (h, q) = (np.polynomial.hermite_e.hermegauss(n) for n in NODES)
        self.w1 = np.stack(np.meshgrid(g, g, indexing="ij"), -1).reshape(-1, 2).T * DEVIATIONS[0]
        self.p1, self.p2 = np.outer(p, p).ravel() / p.sum() ** 2, q / q.sum()
        self.w2 = np.full((len(self.p1), len(self.p2)), MEANS[1])
        self.w3 = MEANS[2] + DEVIATIONS[2] * h

    def ours(self):
        return Ours("Speed", lambda file: f"limit {file} {THREADS} {len(self.y)} 2 {len(self.p1)} {len(self.p2)}",
                    [self.x, self.y, self.p1, self.p2, self.w1, self.w2, self.w3])

    def theirs(self, by_mass):
        from scipy.integrate import DOP853, solve_ivp
        x, y, p1, p2, n = self.x, self.y, self.p1, self.p2, len(self.y)
        # Errors by masses, as ours count: the mean over layers of their means. SciPy's own mean is over all components.
        shares = [np.tile(p1, 2) / 2, np.outer(p1, p2).ravel(), p2]
        weights = np.sqrt(np.concatenate(shares) / len(shares))

        class ByMass(DOP853):
            def _estimate_error_norm(self, K, h, scale):
                fine, coarse = (np.sum((weights * (K.T @ e) / scale) ** 2) for e in (self.E5, self.E3))
                return abs(h) * fine / np.sqrt(fine + 0.01 * coarse) if fine else 0.0
        ends = np.cumsum([self.w1.size, self.w2.size])

        def layers(state):
            w1, w2, w3 = np.split(state, ends)
            w1, w2 = w1.reshape(2, -1), w2.reshape(len(p1), -1)
            s1 = np.tanh(x @ w1)
            s2 = np.tanh((s1 * p1) @ w2)
            return w2, w3, s1, s2, (s2 * p2) @ w3

        def velocity(_, state):
            w2, w3, s1, s2, yhat = layers(state)
            d = (yhat - y) / n
            d2 = d[:, None] * w3 * (1 - s2 * s2)
            d1 = ((d2 * p2) @ w2.T) * (1 - s1 * s1)
            return -np.concatenate([(x.T @ d1).ravel(), (s1.T @ d2).ravel(), s2.T @ d])

        def run():
            initial = np.concatenate([self.w1.ravel(), self.w2.ravel(), self.w3])
            start = time.perf_counter()
            if by_mass:
                solver = ByMass(velocity, 0, initial, TIME, rtol=TOLERANCE, atol=TOLERANCE)
                while solver.status == "running":
                    solver.step()
                end = solver.y
            else:
                end = solve_ivp(velocity, (0, TIME), initial, method="DOP853", rtol=TOLERANCE, atol=TOLERANCE).y[:, -1]
            seconds = time.perf_counter() - start
            return seconds, layers(end)[4]

        return run


def rows():
    problem = Problem()
    for by_mass, name in (False, "SciPy DOP853"), (True, "SciPy DOP853, errors by mass"):
        yield Row("three-layer limit, rtol 1e-10, 48 x 48 x 24 nodes", name, 3, 1e-8, problem.ours,
                  lambda by_mass=by_mass: problem.theirs(by_mass))
