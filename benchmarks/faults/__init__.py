"""All that can go wrong, tried on the loopback Discord with the real program: `python -m benchmarks.faults`."""
