"""Double pages: which they are, what an upright screen gets of them, which side pages lie on."""

from collections.abc import Iterator, Sequence
from typing import Literal

from PIL import Image

from mangacrawl.volumes.style import Spreads

Role = Literal["page", "spread", "first half", "second half"]
Side = Literal["first", "second", "both"]

_WIDE = 1.16
"""Width over height from which on a picture is a double page."""

_VERY_WIDE = 1.8
"""From here on halves would be double pages themselves: it is turned (both figures are KCC's)."""


def treatment(size: tuple[int, int], spreads: Spreads) -> Spreads:
    """What is done with a picture of that size: "keep" for what is no double page."""
    ratio = size[0] / size[1]
    if ratio <= _WIDE:
        return "keep"
    return "rotate" if ratio >= _VERY_WIDE and spreads == "split" else spreads


def laid_out(
    image: Image.Image, how: Spreads, *, is_right_to_left: bool
) -> Iterator[tuple[Image.Image, Role]]:
    """The pictures that an upright screen shows of a page, in reading order."""
    if how == "keep":
        yield image, "spread" if image.width > image.height * _WIDE else "page"
        return
    if how in {"rotate", "both"}:
        # Turned so that the half that is read first is on top.
        yield image.transpose(_TURNS[is_right_to_left]), "page"
    if how in {"split", "both"}:
        middle = image.width // 2
        left = image.crop((0, 0, middle, image.height))
        right = image.crop((middle, 0, image.width, image.height))
        first, second = (right, left) if is_right_to_left else (left, right)
        yield first, "first half"
        yield second, "second half"


_TURNS = {True: Image.Transpose.ROTATE_90, False: Image.Transpose.ROTATE_270}


def sides(roles: Sequence[Role]) -> list[Side]:
    """Where each page lies in an open book: on the side read first, or second, or on both.

    A double page needs both sides free, so the page before it ends a pair, and so on backwards;
    where no double page follows, pages go on in pairs. A cover alone is read second, as in print.
    (kcc issues 640 and 930: elsewise readers show half a spread beside a page.)
    """
    found: list[Side] = []
    run = 0
    for role in roles:
        if role in {"spread", "first half"}:
            found[len(found) - run :] = _backwards(run)
            run = 0
            found.append("both" if role == "spread" else "first")
        elif role == "second half":
            found.append("second")
        else:
            starts_book = run == len(found)
            found.append("second" if (run + starts_book) % 2 else "first")
            run += 1
    return found


def _backwards(run: int) -> list[Side]:
    return ["second" if (run - index) % 2 else "first" for index in range(run)]
