"""Training steps of a convolutional network beside PyTorch's, in the mean-field scaling with biases.

PyTorch has its graph here, and of its two memory formats the faster one.
"""
import time

from .row import Fastest, Ours, Row, THREADS, residues

SIDE, CHANNELS, LAYERS, BATCH, CLASSES, STEPS, STEP = 14, 64, 3, 100, 10, 5, 1e-4


def numbers(count, seed, size):
    return size * residues(count, seed)


class Steps:
    def __init__(self, dtype, channels_last):
        import torch
        torch.set_num_threads(THREADS)
        self.torch, self.dtype = torch, getattr(torch, dtype)
        self.format = torch.channels_last if channels_last else torch.contiguous_format
        self.widths = [1] + [CHANNELS] * LAYERS
        self.x = self.tensor(numbers(BATCH * SIDE * SIDE, 20, 2).reshape(BATCH, 1, SIDE, SIDE))
        self.y = self.tensor(numbers(BATCH * CLASSES, 21, 2).reshape(BATCH, CLASSES))

    def tensor(self, values):
        tensor = self.torch.tensor(values).to(self.dtype)
        return tensor.contiguous(memory_format=self.format) if tensor.ndim == 4 else tensor.contiguous()

    def initial(self):
        """Weights and biases of layer after layer, and what their gradients are multiplied by."""
        parameters, scales = [], []
        for i in range(1, LAYERS + 2):
            taps, below, above = (9, self.widths[i - 1], CHANNELS) if i <= LAYERS else (SIDE * SIDE, CHANNELS, CLASSES)
            w = numbers(below * taps * above, i, 1 if i == 1 else 10).reshape(below * taps, above).T
            parameters += [self.tensor(w.reshape(above, below, 3, 3) if i <= LAYERS else w),
                           self.tensor(numbers(above, 10 + i, 1))]
            mass = above if i <= LAYERS else 1
            scales += [below * mass, mass]
        return [p.requires_grad_() for p in parameters], scales

    def forward(self, parameters):
        torch, z = self.torch, self.x
        for i in range(LAYERS):
            z = torch.relu(torch.nn.functional.conv2d(z, parameters[2 * i] / self.widths[i], parameters[2 * i + 1],
                                                      padding=1))
        return torch.nn.functional.linear(z.flatten(1), parameters[-2] / CHANNELS, parameters[-1])

    def __call__(self):
        torch = self.torch
        parameters, scales = self.initial()
        start = time.perf_counter()
        for _ in range(STEPS):
            loss = 0.5 * ((self.forward(parameters) - self.y) ** 2).sum(1).mean()
            gradients = torch.autograd.grad(loss, parameters)
            with torch.no_grad():
                for p, g, scale in zip(parameters, gradients, scales):
                    p.add_(g, alpha=-STEP * scale)
        seconds = (time.perf_counter() - start) / STEPS
        return seconds, [end - start for end, start in zip(self.of(parameters), self.of(self.initial()[0]))]

    def of(self, parameters):
        """The loss and the sum of outputs."""
        with self.torch.no_grad():
            yhat = self.forward(parameters).double()
            return (0.5 * ((yhat - self.y.double()) ** 2).sum(1).mean()).item(), yhat.sum().item()


def rows():
    # Operations of three products over all taps, but for the signal that no layer takes from the first.
    weights = 9 * CHANNELS * (1 + (LAYERS - 1) * CHANNELS) + CHANNELS * CLASSES
    for dtype, name, tolerance in ("float64", "double", 1e-9), ("float32", "single", 1e-3):
        yield Row(f"CNN step, {SIDE} x {SIDE}, {LAYERS} layers of {CHANNELS} channels, 3 x 3, batch {BATCH}",
                  f"PyTorch, {name}", 1, tolerance,
                  lambda name=name: Ours("Convolutions", lambda _: f"{CHANNELS} {LAYERS} {THREADS} {STEPS} {name}"),
                  lambda dtype=dtype: Fastest([Steps(dtype, channels_last) for channels_last in (False, True)]),
                  2.0 * BATCH * SIDE * SIDE * (3 * weights - 9 * CHANNELS))
