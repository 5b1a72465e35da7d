"""The default `mfl couple` from its start to its report, beside a limit of time."""
import os
import subprocess
import tempfile
import time

from .row import ROOT, Row

LIMIT = 20.0
# As it is published.
PROGRAM = os.path.join(ROOT, "src/MeanFieldLimit.Cli/bin/Release/net10.0/ready/mfl.dll")


class Couple:
    """Results are whether the report is there."""
    bytes = 0

    def __call__(self):
        with tempfile.TemporaryDirectory() as folder:
            out, start = os.path.join(folder, "run"), time.perf_counter()
            process = subprocess.Popen(["dotnet", PROGRAM, "couple", "--quiet", "--out", out], stdout=subprocess.DEVNULL)
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            seconds = time.perf_counter() - start
            self.bytes = max(self.bytes, usage.ru_maxrss * 1024)
            return seconds, [process.returncode, os.path.exists(os.path.join(out, "report.html"))]

    def close(self):
        pass


class Limit:
    bytes = 0

    def __call__(self):
        return LIMIT, [0, 1]


def rows():
    yield Row("mfl couple, built-in problem, start to report", f"{LIMIT:g} s", 1, 0, Couple, Limit)
