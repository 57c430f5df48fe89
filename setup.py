"""Scrapyd builds its eggs with this file; everything is in pyproject.toml."""

from setuptools import setup

setup()
