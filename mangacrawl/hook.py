"""Tells a program of the user's how a run has ended."""

import json
import logging
import shlex
import subprocess
from collections.abc import Sequence
from pathlib import Path

from mangacrawl.verdict import Verdict

logger = logging.getLogger(__name__)

HOOK_SECONDS = 30.0
"""What the program may take; then it is killed, and the crawl ends without it."""


def tell(command: str, verdict: Verdict, series: Sequence[Verdict], output: Path) -> None:
    """Run a command, split as a shell splits words, with the verdict as JSON on its stdin.

    What goes wrong with it is a warning and changes nothing in how the run ended.
    """
    facts = {
        "exit_code": verdict.exit_code,
        "verdict": verdict.words,
        "details": verdict.details,
        "output": str(output.absolute()),
        "series": [
            {
                "exit_code": each.exit_code,
                "verdict": each.words,
                "details": each.details,
                "new": each.new,
                "lost": each.lost,
            }
            for each in series
        ],
    }
    quiet = subprocess.DEVNULL
    try:
        done = subprocess.run(  # noqa: S603 - the user's own command, and no shell
            shlex.split(command),
            input=json.dumps(facts).encode(),
            stdout=quiet,
            stderr=quiet,
            timeout=HOOK_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        logger.warning("MANGA_ON_END took over %.0f s and was killed", HOOK_SECONDS)
    except (OSError, ValueError) as error:
        logger.warning("MANGA_ON_END cannot be run: %s", error)
    else:
        if done.returncode:
            logger.warning("MANGA_ON_END ended with %d", done.returncode)
