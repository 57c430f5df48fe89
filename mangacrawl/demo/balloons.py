"""What is said, shouted and told on the demo pages."""

from functools import cache
from textwrap import wrap
from typing import Literal

from PIL import Image, ImageDraw

from mangacrawl.demo.ink import BLACK, WHITE, Sketch, Stamp, font, lettering, ring

Side = Literal["left", "right"]

PHRASES = (
    "Hm?",
    "Wait for me!",
    "Who took my bike?",
    "Is it lunch yet?",
    "Turn the page!",
    "Not again...",
    "I drew this myself.",
    "One more panel!",
    "Did you hear that?",
    "It was the cat.",
    "We are only ink.",
    "Nice weather, for a drawing.",
    "Left? No, right.",
    "I counted twice.",
    "Say something!",
    "Something.",
    "So flat, this world.",
    "Mind the gutter.",
    "Whose line is it?",
    "You first.",
    "After you.",
    "I forgot the map.",
    "This is the map.",
    "Ready?",
    "Never!",
    "Maybe tomorrow.",
    "My hair is a polygon.",
    "Noodles. At last.",
    "Who is reading us?",
    "Smile, they look!",
    "The end? Not yet.",
    "Shh...",
)
SHOUTS = ("Now!", "Run!", "What?!", "Hey!", "Stop!", "Oh no!", "Jump!", "Mine!")
SOUNDS = ("VROOM", "WHOOSH", "CRASH", "TA-DA", "ZOOM", "CLACK", "BAM", "SKREEE")


@cache
def speech(words: str, tail: Side) -> Stamp:
    """A round balloon whose tail points down to one side."""
    text, wide, high = _set(words)
    across, down = wide * 0.66 + 20, high * 0.62 + 18
    sheet = Sketch(round(2 * across) + 8, round(2 * down) + 44)
    x, y = across + 4, down + 4
    toward = -1 if tail == "left" else 1
    sheet.disc((x, y), (across, down), WHITE, 4)
    foot = [(x + toward * 34, y + down - 14), (x + toward * 58, y + down + 36)]
    sheet.shape([*foot, (x + toward * 4, y + down - 8)], WHITE, 4)
    sheet.disc((x, y), (across - 4, down - 4), WHITE)
    return _lettered(sheet.stamp(), text, x, y)


@cache
def shout(words: str) -> Stamp:
    """A jagged balloon."""
    text, wide, high = _set(words)
    across, down = wide * 0.9 + 34, high * 0.95 + 40
    sheet = Sketch(round(2 * across) + 12, round(2 * down) + 12)
    x, y = across + 6, down + 6
    sheet.shape(ring((x, y), (across, down), 26, 0.26), WHITE, 5)
    return _lettered(sheet.stamp(), text, x, y)


@cache
def caption(words: str) -> Stamp:
    """The box in which the story itself speaks."""
    text, wide, high = _set(words, 24)
    sheet = Sketch(wide + 36, high + 32)
    sheet.box(0, 0, wide + 36, high + 32, BLACK)
    sheet.box(4, 4, wide + 31, high + 27, WHITE)
    return _lettered(sheet.stamp(), text, wide / 2 + 18, high / 2 + 16)


def sound(word: str, size: int, tilt: int) -> Stamp:
    """A noise in large letters, without a balloon."""
    return lettering(word, size, size // 9, tilt)


def _set(words: str, letters: int = 11) -> tuple[str, int, int]:
    """The words in lines of about so many letters, with the width and height they take."""
    text = "\n".join(wrap(words.upper(), letters))
    pen = ImageDraw.Draw(Image.new("L", (1, 1)))
    left, top, right, bottom = pen.multiline_textbbox((0, 0), text, font(23), spacing=5)
    return text, round(right - left), round(bottom - top)


def _lettered(stamp: Stamp, text: str, x: float, y: float) -> Stamp:
    pen = ImageDraw.Draw(stamp.tones)
    pen.multiline_text((x, y), text, BLACK, font(23), "mm", 5, "center", stroke_width=0.4)
    return stamp
