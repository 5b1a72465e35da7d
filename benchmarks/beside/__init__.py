"""Rows of benchmarks/results.md: a work of ours beside another program's on the same inputs."""
