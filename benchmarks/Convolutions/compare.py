"""Training steps of a convolutional network beside PyTorch, in turn, in the same run.

    dotnet build -c Release benchmarks/Convolutions
    /usr/bin/python3 benchmarks/Convolutions/compare.py [channels] [layers] [threads] [steps] [rounds]

Images of 14 x 14, windows of 3 x 3 with padding 1, ReLU, biases, batch 100, ten outputs, in the mean-field scaling; double
and single precision of PyTorch, ours in double.
"""
import os
import statistics
import subprocess
import sys
import time

CHANNELS, LAYERS, THREADS, STEPS, ROUNDS = [int(a) for a in sys.argv[1:]] + [64, 3, 2, 5, 5][len(sys.argv) - 1:]
os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = str(THREADS)

import torch

torch.set_num_threads(THREADS)
SIDE, BATCH, CLASSES, STEP, PRIME = 14, 100, 10, 0.01, 1000003
HERE = os.path.dirname(os.path.abspath(__file__))
OURS = subprocess.Popen(["dotnet", os.path.join(HERE, "bin/Release/net10.0/convolutions.dll")],
                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def numbers(count, seed, size):
    m = (torch.arange(count, dtype=torch.int64) + 1000 * seed) % PRIME
    return size * (((7 * m % PRIME * m + m) % PRIME).double() / PRIME - 0.5)


def ours():
    OURS.stdin.write(f"{CHANNELS} {LAYERS} {THREADS} {STEPS}\n")
    OURS.stdin.flush()
    return [float(v) for v in OURS.stdout.readline().split()]


def theirs(dtype):
    widths = [1] + [CHANNELS] * LAYERS
    parameters, scales = [], []
    for i in range(1, LAYERS + 2):
        taps, below, above = (9, widths[i - 1], CHANNELS) if i <= LAYERS else (SIDE * SIDE, CHANNELS, CLASSES)
        w = numbers(below * taps * above, i, 1 if i == 1 else 10).reshape(below * taps, above).T
        w = w.reshape(above, below, 3, 3) if i <= LAYERS else w
        parameters += [w.contiguous().to(dtype), numbers(above, 10 + i, 1).to(dtype)]
        mass = above if i <= LAYERS else 1
        scales += [below * mass, mass]
    for p in parameters:
        p.requires_grad_()
    x = numbers(BATCH * SIDE * SIDE, 20, 2).reshape(BATCH, 1, SIDE, SIDE).to(dtype)
    y = numbers(BATCH * CLASSES, 21, 2).reshape(BATCH, CLASSES).to(dtype)

    def forward():
        z = x
        for i in range(LAYERS):
            z = torch.relu(torch.nn.functional.conv2d(z, parameters[2 * i] / widths[i], parameters[2 * i + 1],
                                                      padding=1))
        return torch.nn.functional.linear(z.flatten(1), parameters[-2] / CHANNELS, parameters[-1])

    start = time.perf_counter()
    for _ in range(STEPS):
        gradients = torch.autograd.grad(0.5 * ((forward() - y) ** 2).sum(1).mean(), parameters)
        with torch.no_grad():
            for p, g, scale in zip(parameters, gradients, scales):
                p.add_(g, alpha=-STEP * scale)
    seconds = (time.perf_counter() - start) / STEPS
    with torch.no_grad():
        yhat = forward()
    return [seconds, (0.5 * ((yhat - y) ** 2).sum(1).mean()).item(), yhat.sum().item()]


ours(), theirs(torch.float64)
times = []
for _ in range(ROUNDS):
    a, b, c = ours(), theirs(torch.float64), theirs(torch.float32)
    times.append((a[0], b[0], c[0]))
    worst = max(abs(u - v) / abs(v) for u, v in zip(a[1:], b[1:]))
    print(f"ours {a[0]:.3f} s a step, PyTorch double {b[0]:.3f} s, single {c[0]:.3f} s, results agree to {worst:.1e}",
          flush=True)
    if worst > 1e-9:
        sys.exit("the results differ")
print("median of PyTorch's time over ours: double", round(statistics.median(b / a for a, b, _ in times), 2), "single",
      round(statistics.median(c / a for a, _, c in times), 2))
