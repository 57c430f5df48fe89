"""Stored pages become volumes, beside a crawl or without one."""
