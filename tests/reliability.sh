#!/usr/bin/env bash
# Kills commands of the program at random moments, resumes them and compares what they leave with runs that were left
# alone: reliability.sh [ROUNDS], 200 unless said. A failure is printed with the number of its round, its seed.
set -eu
cd "$(dirname "$0")/.."
MFL_KILLS=${1:-200} dotnet test -c Release tests/MeanFieldLimit.Cli.Tests --filter \
  FullyQualifiedName~Killed_and_resumed_every_command
