from setuptools import find_packages, setup

setup(
    packages=find_packages(include=["mangacrawl*"]),
    package_data={"mangacrawl.web": ["templates/*"]},
    entry_points={"scrapy": ["settings = mangacrawl.settings"]},
)
