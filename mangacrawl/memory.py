"""The memory of this process: what it took at most, and how it takes less."""

import ctypes
import gc
import platform
import sys
from pathlib import Path

_ARENA_MAX, _MMAP_THRESHOLD = -8, -3
"""glibc's names for what mallopt(3) sets."""

_LARGE_BYTES = 1024 * 1024


def spare_memory() -> None:
    """Let a process that holds many pictures for a short time give back what they took.

    glibc keeps freed blocks for each thread apart, and large ones too once there were some: 43 MB
    of 277 with pictures of 30 MB. Other systems do well by themselves.
    """
    if platform.libc_ver()[0] == "glibc":
        libc = ctypes.CDLL(None)
        libc.mallopt(_ARENA_MAX, 2)
        libc.mallopt(_MMAP_THRESHOLD, _LARGE_BYTES)


def collect_less() -> None:
    """Spare the collector what imports made, and let it look less often: a twentieth of all CPU.

    Hardly anything here is freed by it: `source.read` breaks the one cycle that pages hang on. A
    crawl of 2,200 pages has some ten thousand objects on their way, which it would look at in vain.
    """
    gc.freeze()
    gc.set_threshold(50_000)


def collect_no_more() -> None:
    """Spare a process that ends the collector's last looks at all there is: 0.07 s."""
    gc.freeze()


def peak_memory() -> int | None:
    """The largest this process ever was, in bytes; None where the system does not tell.

    Linux's getrusage would count the parent's size before exec too.
    """
    status = Path("/proc/self/status")
    if status.exists():
        for line in status.read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    if sys.platform == "darwin":
        import resource  # noqa: PLC0415 - there is none on Windows

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return None
