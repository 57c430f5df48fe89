"""mangacrawl turns a series on a comic site into volumes that people enjoy reading."""

__version__ = "0.1.0"
