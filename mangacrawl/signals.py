"""Signals of ours beside Scrapy's."""

series_finished = object()
"""A series has come to its end; sent with its ``crawl``, the ledger still open, and ``verdict``."""
