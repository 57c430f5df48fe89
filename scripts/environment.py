"""The virtual environment that both doors need; standard library only, on any system."""

import os
import re
import subprocess
import sys
import venv
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
_BIN = "Scripts" if os.name == "nt" else "bin"

_PIN = re.compile(r"([\w.-]+)(?:\[[\w,]+\])?==([\w.]+)")
_CHECK = """
import sys
sys.path.insert(0, sys.argv[1])
from environment import lacking
print(*lacking(sys.argv[2]), sep="\\n")
"""


def python_with(requirements: str) -> Path:
    """A Python that meets a requirements file: the running one, or .venv's, filled if need be.

    Exits with 2 and one line where that cannot be.
    """
    if sys.version_info < (3, 11):  # noqa: UP036 - this is where a person is told
        _fail(f"Python 3.11 or newer is needed, this is {sys.version.split()[0]}")
    return Path(sys.executable) if not lacking(requirements) else python_in(VENV, requirements)


def python_in(folder: Path, requirements: str) -> Path:
    """The Python of a virtual environment that meets a requirements file, made if need be."""
    python = folder / _BIN / ("python.exe" if os.name == "nt" else "python")
    if python.exists() and not _lacking_in(python, requirements):
        return python
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    print(f"mangacrawl: Python {version}; installing into {folder.name} (once)", flush=True)
    if not python.exists():
        venv.create(folder, with_pip=True)
    installing = subprocess.run(
        [python, "-m", "pip", "install", "--quiet", "--requirement", ROOT / requirements],
        capture_output=True,
        text=True,
        check=False,
    )
    if installing.returncode:
        missing = ", ".join(_lacking_in(python, requirements))
        sys.stderr.write(installing.stderr[-2000:] if os.environ.get("CI") else "")
        _fail(f"pip cannot install {missing}: is a package index within reach?")
    return python


def lacking(requirements: str) -> list[str]:
    """The pins of a requirements file, and of those it includes, that are not installed."""
    missing = []
    for line in (ROOT / requirements).read_text(encoding="utf-8").splitlines():
        if line.startswith("-r "):
            missing += lacking(line[3:].strip())
        elif (pin := _PIN.match(line)) and _installed(pin[1]) != pin[2] and _is_for_here(line):
            missing.append(pin[0])
    return missing


def command(python: Path, name: str) -> str:
    """A program installed beside a Python, as a person would type it from the project's root."""
    path = python.parent / name
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else name


def _is_for_here(line: str) -> bool:
    """Whether a pin's marker, of which there is one kind, holds on this system."""
    return "win32" not in line or sys.platform != "win32"


def _installed(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def _lacking_in(python: Path, requirements: str) -> list[str]:
    asked = subprocess.run(
        [python, "-c", _CHECK, Path(__file__).parent, requirements],
        capture_output=True,
        text=True,
        check=False,
    )
    return asked.stdout.split() if asked.returncode == 0 else ["everything"]


def _fail(reason: str) -> None:
    sys.stderr.write(f"mangacrawl: {reason}\n")
    sys.exit(2)
