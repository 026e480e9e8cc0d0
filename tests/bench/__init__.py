"""Benchmarks: ``python -m tests.bench`` prints the table. Ratios of one run; the machine is noisy."""
