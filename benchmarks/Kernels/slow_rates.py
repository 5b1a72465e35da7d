"""Why the rates of sym-default and default are slow: networks and their ensembles with the ratio kept, in NumPy alone.

    /usr/bin/python3 benchmarks/Kernels/slow_rates.py [networks of each width]

The problem of examples/reference-scaling-default.json, one hidden layer of tanh, gradient descent with step 1: rms gaps
over nine points at steps 4 and 8 in the unit of the outputs, their medians, and medians of the quarters of the networks
with the least and the most of the rise they went through, the sum over steps of max_i s^q l''(f(x_i)).
"""
import os
import sys

os.environ["OPENBLAS_NUM_THREADS"] = "1"

import numpy as np

NETWORKS = int(sys.argv[1]) if len(sys.argv) > 1 else 512
REFERENCE, RATE, WIDTHS, STEPS = 64, 2, (256, 1024, 4096, 16384), (4, 8)
X = np.array([[1.2, .3], [.4, 1.1], [-.9, .8], [-1.1, -.6], [.2, -1.3], [1, -.7], [.8, .9], [-.5, 1.4], [.6, -.2]])
Y = np.array([1, -1, 1, -1, -1, 1])
SCALINGS = {"sym-default": (-.5, .5, .5, .5), "default": (-.5, 1, 0, 1)}


def nodes(w_nodes=24, reach=5, a_nodes=8):
    """The law of (a, w): the midpoint rule in w, Gauss's in a."""
    h = 2 * reach / w_nodes
    w = -reach + h * (np.arange(w_nodes) + .5)
    p = np.exp(-w * w / 2)
    a, q = np.polynomial.hermite_e.hermegauss(a_nodes)
    a, u, v = np.meshgrid(a, w, w, indexing="ij")
    masses = (q / q.sum())[:, None, None] * np.outer(p, p) / p.sum() ** 2
    kept = masses.ravel() > 1e-8
    return a.ravel()[kept], np.stack([u.ravel(), v.ravel()], -1)[kept], masses.ravel()[kept] / masses.ravel()[kept].sum()


def descend(a, w, p, size, rate_a, rate_w, f0):
    """f at the nine points after each of eight steps."""
    fs = []
    for _ in range(max(STEPS) + 1):
        z = np.tanh(w @ X.T)
        f = f0 + size * np.einsum("...r,...rx->...x", a * p, z)
        fs.append(f)
        g = -Y / (1 + np.exp(np.clip(Y * f[..., :6], -700, 700))) / 6
        t = z[..., :6] * g[..., None, :]
        a, w = (a - rate_a * t.sum(-1),
                w - rate_w * a[..., None] * (((1 - z[..., :6] ** 2) * g[..., None, :]) @ X[:6]))
    return np.array(fs)


def rise(f):
    """l''(f) of the logistic loss."""
    return 1 / (np.exp(np.abs(f) / 2) + np.exp(-np.abs(f) / 2)) ** 2


a, w, p = nodes()
for name, (q_sum, q_out, q_in, q) in SCALINGS.items():
    for width in WIDTHS:
        s, random = width / REFERENCE, np.random.default_rng(1000 + width)
        sigma = REFERENCE ** -.5 * s ** q_sum
        rates = (RATE * s ** q_out * sigma, RATE * s ** q_in * sigma)
        gaps, rises = [], []
        for _ in range(NETWORKS):
            network = descend(random.standard_normal(width), random.standard_normal((width, 2)), 1, sigma, *rates, 0)
            limit = descend(a, w, p, sigma * width, *rates, network[0])
            gaps.append(np.sqrt(((network - limit) ** 2).mean(1)) / s ** q)
            rises.append(s ** q * rise(limit[:, :6]).max(1))
        for step in STEPS:
            gap, through = np.array(gaps)[:, step], np.array(rises)[:, 1:step].sum(1)
            quarters = np.array_split(gap[np.argsort(through)], 4)
            print(f"{name}, width {width}, step {step}: median {np.median(gap):.2e}, least rise "
                  f"{np.median(quarters[0]):.2e}, most {np.median(quarters[-1]):.2e}", flush=True)
