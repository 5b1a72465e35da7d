#!/usr/bin/env bash
# Our hot paths beside what would be taken in their place, in turn, on the same inputs: installs the other programs from
# Debian, builds ours, tells OpenBLAS the processor where its own choice is slower, and writes the part of benchmarks/results.md
# that is of such a machine. Arguments: parts of the names of rows, all without any.
set -eu
cd "$(dirname "$0")/.."
others="python3-numpy python3-scipy python3-torch python3-pot libopenblas0-pthread libsundials-dev gcc libc6-dev"
# shellcheck disable=SC2086
dpkg -s $others >/dev/null 2>&1 || { apt-get update -qq && apt-get install -y -qq --no-install-recommends $others; }
for name in Speed Kernels Transport Convolutions Densities WorkPrecision; do
  dotnet build -c Release -v q --nologo "benchmarks/$name"
done
dotnet build -c Release -v q --nologo src/MeanFieldLimit.Cli
mkdir -p benchmarks/Odes/bin
gcc -O3 -Wall -o benchmarks/Odes/bin/cvode benchmarks/Odes/cvode.c -lsundials_cvode -lsundials_nvecserial -lm
export OPENBLAS_NUM_THREADS=2 OMP_NUM_THREADS=2 DOTNET_PROCESSOR_COUNT=2
if [ -z "${OPENBLAS_CORETYPE:-}" ]; then
  core=$(/usr/bin/python3 benchmarks/openblas_core.py)
  [ -z "$core" ] || export OPENBLAS_CORETYPE="$core"
fi
exec /usr/bin/python3 benchmarks/run.py "$@"
