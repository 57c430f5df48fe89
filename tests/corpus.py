"""Other people's test pictures through ours: `python -m tests.corpus FOLDER`.

For Pillow's, which are not ours to ship:

    pip download --no-deps --no-binary :all: pillow==13.0.0
    tar xf pillow-13.0.0.tar.gz
    python -m tests.corpus pillow-13.0.0/Tests/images

Exits with 1 if a file brings anything but a picture or our own error, or takes two seconds.
"""

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from resource import RUSAGE_SELF, getrusage
from time import process_time

from mangacrawl.errors import ConversionError, PageError
from mangacrawl.pictures import inspect
from mangacrawl.volumes.decode import flattened, opened

MOST_SECONDS = 2.0


def outcome(body: bytes) -> str:
    """What becomes of a picture: a page that can be fitted, or why not."""
    try:
        extension = inspect(body).extension
        with opened(body) as image:
            flattened(image)
    except (PageError, ConversionError) as error:
        return f"{type(error).__name__}: {str(error).partition('(')[0].strip()}"
    except Exception as error:  # noqa: BLE001 - whatever it is: that is the finding
        return f"CRASH {type(error).__name__}: {error}"
    return extension


def tried(folder: Path) -> Iterator[tuple[Path, str, float]]:
    """Each file below a folder, its outcome and the CPU seconds it took."""
    for path in sorted(each for each in folder.rglob("*") if each.is_file()):
        started = process_time()
        yield path, outcome(path.read_bytes()), process_time() - started


def main(folder: Path) -> int:
    outcomes: Counter[str] = Counter()
    slowest = 0.0
    is_good = True
    for path, what, seconds in tried(folder):
        outcomes[what] += 1
        slowest = max(slowest, seconds)
        if what.startswith("CRASH") or seconds > MOST_SECONDS:
            is_good = False
            sys.stdout.write(f"{path}: {what}, {seconds:.2f} s\n")
    for what, count in outcomes.most_common():
        sys.stdout.write(f"{count:5} {what}\n")
    memory = getrusage(RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(f"{outcomes.total()} files, slowest {slowest:.2f} s, {memory:.0f} MB\n")
    return 0 if is_good else 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
