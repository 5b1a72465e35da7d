"""Steps of a Fokker-Planck equation with a non-local term beside the same scheme in NumPy and SciPy: exponentially fitted
fluxes with limited reconstruction, implicit sweeps of the axes by one tridiagonal solve of all lines, extrapolation with
limited fluxes, and the energy that must fall; convolutions by real transforms that leave out the rows of zeros.
"""
import time

import numpy as np

from .row import Ours, Row, THREADS

CELLS, STEPS, STEP = 256, 20, 0.005
START, END, DIFFUSION = -5.0, 5.0, 0.1


class Problem:
    """V = (x^2 + y^2) / 4 + cos 2y, W = exp(-x^2 - y^2 - xy), from the product of N(1/2, 0.3) and N(1/2, 0.5)."""

    def __init__(self):
        self.h = (END - START) / CELLS
        self.x = START + (np.arange(CELLS) + 0.5) * self.h
        x, y = self.x[:, None], self.x[None, :]
        self.potential = x * x / 4 + y * y / 4 + np.cos(2 * y)
        z = np.arange(2 * CELLS)
        z = np.where(z < CELLS, z, z - 2 * CELLS) * self.h
        kernel = np.exp(-z[:, None] ** 2 - z ** 2 - z[:, None] * z)
        # Displacements of CELLS do not occur.
        kernel[CELLS], kernel[:, CELLS] = 0, 0
        self.symbol = np.fft.rfft2(kernel).real.copy()
        masses = self.normal(0.5, 0.3)[:, None] * self.normal(0.5, 0.5)
        self.initial = masses / masses.sum()

    def normal(self, mean, variance):
        """Masses of cells by Gauss's rule."""
        nodes, weights = np.polynomial.legendre.leggauss(4)
        at = self.x[:, None] + 0.5 * self.h * nodes
        return np.exp(-(at - mean) ** 2 / (2 * variance)) @ weights

    def variation(self, m):
        """V + W * m, and the energy without that of diffusion."""
        from scipy import fft
        spectrum = fft.fft(fft.rfft(m, 2 * CELLS, 1, workers=THREADS), 2 * CELLS, 0, workers=THREADS)
        spectrum *= self.symbol
        rows = fft.ifft(spectrum, axis=0, overwrite_x=True, workers=THREADS)[:CELLS]
        w = fft.irfft(rows, 2 * CELLS, 1, workers=THREADS)[:, :CELLS]
        energy = np.vdot(self.potential, m) + 0.5 * np.vdot(w, m)
        return self.potential + w, energy

    def energy(self, m):
        variation, energy = self.variation(m)
        logarithms = np.vdot(np.log(np.maximum(m, 5e-324)), m) - 2 * np.log(self.h) * m.sum()
        return variation, energy + DIFFUSION * logarithms

    def rates(self, variation, m):
        """Rates to the right and left through the faces [line, face] along the second index."""
        spread = DIFFUSION / self.h ** 2
        v = (variation[:, :-1] - variation[:, 1:]) / self.h
        z, positive = np.abs(v) * (self.h / DIFFUSION), v >= 0
        falling, drift = np.exp(-z), np.abs(v) / self.h
        z2, small = z * z, z < 0.1
        series = z2 / 12 * (1 - z2 / 60 * (1 - z2 / 42 * (1 - z2 / 40)))
        along = drift / np.where(small, 1, 1 - falling)
        against = np.where(small, spread * (1 - z / 2 + series), along * falling)
        along = np.where(small, against + drift, along)
        limited = np.where(small, z / 6 * (1 - z2 / 60 * (1 - z2 / 42 * (1 - z2 / 40))),
                           (along + against - 2 * spread) / np.where(small, 1, drift))
        d = np.diff(m)
        before = np.where(positive[:, 1:-1], d[:, :-2], d[:, 2:])
        ends = (np.where(positive[:, :1], 0, d[:, 1:2]), before, np.where(positive[:, -1:], d[:, -2:-1], 0))
        before = np.concatenate(ends, 1)
        up = np.where(positive, m[:, :-1], m[:, 1:])
        first, second = np.abs(d), np.abs(before)
        a, b = np.minimum(first, second), np.maximum(first, second)
        monotone = (np.sign(d) == np.sign(before)) & (a > 0)
        share = limited * np.divide(b, a + b, out=np.zeros_like(a), where=monotone)
        share *= np.divide(a, up, out=np.zeros_like(a), where=monotone)
        ratio = 1 + np.where((d > 0) == positive, share, -share)
        along *= ratio
        against *= ratio
        return np.where(positive, along, against), np.where(positive, against, along)

    def faces(self, variation, m):
        return (self.rates(np.ascontiguousarray(variation.T), np.ascontiguousarray(m.T)), self.rates(variation, m))

    def sweeps(self, faces, step, m):
        """Implicit steps along the first axis and the second: the masses, and what passed the faces of both."""
        columns, down = self.sweep(faces[0], step, np.ascontiguousarray(m.T))
        rows, across = self.sweep(faces[1], step, np.ascontiguousarray(columns.T))
        return rows, [down.T, across]

    def sweep(self, rates, step, m):
        from scipy.linalg.lapack import dgtsv
        right, left, diagonal = np.zeros_like(m), np.zeros_like(m), np.ones_like(m)
        np.multiply(rates[0], step, out=right[:, :-1])
        np.multiply(rates[1], step, out=left[:, :-1])
        diagonal += right
        diagonal[:, 1:] += left[:, :-1]
        # One system: lines do not touch, for the rates at their ends are 0.
        *_, solved, info = dgtsv(-right.ravel()[:-1], diagonal.ravel(), -left.ravel()[:-1], m.ravel(), 1, 1, 1)
        if info:
            raise ArithmeticError(f"dgtsv: {info}")
        solved = solved.reshape(m.shape)
        return solved, right[:, :-1] * solved[:, :-1] - left[:, :-1] * solved[:, 1:]

    def extrapolate(self, fine, fluxes):
        """fine - div fluxes, of which cells give no more than they have."""
        gives, (down, across) = np.zeros_like(fine), fluxes
        gives[:-1] += np.maximum(down, 0)
        gives[1:] -= np.minimum(down, 0)
        gives[:, :-1] += np.maximum(across, 0)
        gives[:, 1:] -= np.minimum(across, 0)
        most = np.where(fine > 1e-290, fine * (1 - 1e-12), 0)
        share = np.divide(most, gives, out=np.ones_like(fine), where=gives > most)
        down = down * np.where(down > 0, share[:-1], share[1:])
        across = across * np.where(across > 0, share[:, :-1], share[:, 1:])
        result = fine.copy()
        result[:-1] -= down
        result[1:] += down
        result[:, :-1] -= across
        result[:, 1:] += across
        return result / result.sum()

    def run(self):
        m = self.initial
        start = time.perf_counter()
        variation, energy = self.energy(m)
        for _ in range(STEPS):
            faces = self.faces(variation, m)
            _, coarse = self.sweeps(faces, STEP, m)
            half, passed = self.sweeps(faces, STEP / 2, m)
            fine, more = self.sweeps(self.faces(self.variation(half)[0], half), STEP / 2, half)
            m = self.extrapolate(fine, [p + q - c for p, q, c in zip(passed, more, coarse)])
            before = energy
            variation, energy = self.energy(m)
            if energy > before + 1e-13 * abs(before):
                raise ArithmeticError("the energy rose, the step must take its first-order result")
        seconds = (time.perf_counter() - start) / STEPS
        x, y = self.x[:, None], self.x
        return seconds, [*((m * f).sum() for f in (x, y, x * x, x * y, y * y, m / self.h ** 2)), energy]

    def ours(self):
        return Ours("Densities", lambda _: f"{CELLS} {STEPS} {STEP}", arguments=["answers"])


def rows():
    problem = Problem()
    yield Row(f"Fokker-Planck step, non-local, {CELLS} x {CELLS} cells", "NumPy, SciPy", 2, 1e-10, problem.ours,
              lambda: problem.run)
