"""A small comic site on this machine: the first crawl, the tests and the benchmarks use it."""
