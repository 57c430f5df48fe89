"""Loopback sites for the tests: the demo with faults, and one module a theme's markup."""
