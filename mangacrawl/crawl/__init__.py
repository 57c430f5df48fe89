"""A run and its series: from an address to chapters, from those to pages and images."""
