"""Scrapy's stats, which six times a request are told of one more."""

from scrapy.statscollectors import MemoryStatsCollector


class Stats(MemoryStatsCollector):
    """Leaves out the look at every attribute by which Scrapy warns of an argument long gone."""

    __getattribute__ = object.__getattribute__
