"""The places of the demo pages, each painted once and then shown in part behind every panel."""

from collections.abc import Callable
from functools import cache
from math import cos, pi, sin
from random import Random

from PIL import Image

from mangacrawl.demo.ink import BLACK, DARK, GREY, PALE, SILVER, WHITE, Sketch, ring
from mangacrawl.demo.props import (
    GROUND,
    HEIGHT,
    WIDTH,
    bird,
    bookcase,
    pole,
    ridge,
    sky,
    towers,
    tree,
    trunk,
    window,
)


@cache
def view(place: str, variant: int, parts: int) -> Image.Image:
    """A place as a picture of `WIDTH` by `HEIGHT` pixels divided by `parts`."""
    if parts > 1:
        return view(place, variant, 1).reduce(parts)
    sheet = Sketch(WIDTH, HEIGHT, WHITE)
    _PAINTERS[place](sheet, Random(f"{place} {variant}"))  # noqa: S311  # no secret
    return sheet.picture()


def _city(sheet: Sketch, rng: Random) -> None:
    sky(sheet, (WHITE, PALE), rng)
    sheet.disc((rng.randrange(300, 1400), 240), (90, 90), WHITE, 4)
    towers(sheet, rng, SILVER, PALE, 300)
    towers(sheet, rng, WHITE, GREY, 420)
    sheet.box(0, GROUND, WIDTH, HEIGHT, PALE)
    sheet.line([(0, GROUND), (WIDTH, GROUND)], 5)
    for x in range(-40, WIDTH, 160):
        sheet.shape([(x, 740), (x + 90, 740), (x + 76, 758), (x - 14, 758)], WHITE)


def _night(sheet: Sketch, rng: Random) -> None:
    sheet.box(0, 0, WIDTH, HEIGHT, DARK)
    sheet.box(0, 0, WIDTH, 200, BLACK)
    for _ in range(90):
        sheet.disc((rng.randrange(WIDTH), rng.randrange(420)), (2.5, 2.5), WHITE)
    moon = rng.randrange(300, 1400)
    sheet.disc((moon, 104), (80, 80), WHITE)
    sheet.disc((moon - 34, 92), (70, 70), BLACK)
    towers(sheet, rng, GREY, DARK, 320)
    towers(sheet, rng, BLACK, PALE, 430)
    sheet.box(0, GROUND, WIDTH, HEIGHT, DARK)
    sheet.line([(0, GROUND), (WIDTH, GROUND)], 5)


def _hills(sheet: Sketch, rng: Random) -> None:
    sky(sheet, (WHITE, PALE), rng)
    sun = rng.randrange(400, 1300)
    sheet.shape(ring((sun, 260), (150, 150), 40, 0.22), WHITE, 3)
    sheet.disc((sun, 260), (96, 96), WHITE, 4)
    peak = sheet.inset(rng.randrange(300, 1400), 0, 1)
    peak.shape("-520,620 -60,230 50,230 540,620", SILVER, 4)
    peak.shape("-116,278 -60,230 50,230 110,276 66,320 28,284 -20,336 -66,290", WHITE, 4)
    for tone, height in ((PALE, 480), (WHITE, 570), (SILVER, 690)):
        ridge(sheet, rng, tone, height)
    for _ in range(26):
        tree(sheet, rng.randrange(WIDTH), rng.randrange(600, 760), rng.randrange(50, 110))
    for _ in range(5):
        bird(sheet, rng.randrange(WIDTH), rng.randrange(90, 380))


def _sea(sheet: Sketch, rng: Random) -> None:
    sky(sheet, (PALE, WHITE), rng)
    sun = rng.randrange(400, 1300)
    sheet.disc((sun, 430), (120, 120), WHITE, 4)
    sheet.box(0, 440, WIDTH, HEIGHT, SILVER)
    sheet.line([(0, 440), (WIDTH, 440)], 4)
    for row in range(12):
        y = 458 + row * row * 2.4 + row * 4
        for _ in range(9):
            x, length = rng.randrange(WIDTH), rng.randrange(30, 90) + row * 8
            near = abs(x - sun) < 200
            sheet.line([(x, y), (x + length, y)], 2 + row * 0.5, WHITE if near else GREY)
    shore = [(x, 700 + 26 * sin(x / 160)) for x in range(-20, WIDTH + 40, 20)]
    sheet.shape([*shore, (WIDTH + 40, HEIGHT + 20), (-20, HEIGHT + 20)], WHITE, 4)
    boat = sheet.inset(sun + rng.choice((-340, 340)), 0, 1)
    boat.shape("-90,500 90,500 60,545 -60,545", DARK, 4)
    boat.shape("6,490 6,330 84,480", WHITE, 4)
    boat.shape("-6,490 -6,360 -62,484", PALE, 4)
    for _ in range(6):
        bird(sheet, rng.randrange(WIDTH), rng.randrange(90, 340))


def _rain(sheet: Sketch, rng: Random) -> None:
    sheet.box(0, 0, WIDTH, HEIGHT, SILVER)
    towers(sheet, rng, GREY, SILVER, 420)
    sheet.box(0, GROUND, WIDTH, HEIGHT, PALE)
    sheet.line([(0, GROUND), (WIDTH, GROUND)], 4)
    for _ in range(9):
        puddle = (rng.randrange(WIDTH), rng.randrange(690, 820))
        sheet.disc(puddle, (rng.randrange(50, 120), 13), WHITE, 3)
    for _ in range(80):
        x, y = rng.randrange(WIDTH + 100), rng.randrange(-40, HEIGHT)
        length = rng.randrange(50, 130)
        sheet.line([(x, y), (x - length * 0.22, y + length)], 2.6, WHITE)


def _road(sheet: Sketch, rng: Random) -> None:
    sky(sheet, (WHITE, PALE), rng)
    ridge(sheet, rng, PALE, 400)
    sheet.box(0, 440, WIDTH, HEIGHT, WHITE)
    sheet.line([(0, 440), (WIDTH, 440)], 4)
    far = rng.randrange(600, 1100)
    sheet.shape(
        [(far - 8, 440), (far + 8, 440), (far + 620, HEIGHT), (far - 620, HEIGHT)], SILVER, 4
    )
    for near in (1, 2, 4, 8):
        sheet.inset(far, 440, near).shape("-1,32 1,32 1.6,46 -1.6,46", WHITE)
    for side in (-1, 1):
        for size in (1, 1.8, 3.2, 5.6, 10):
            pole(sheet.inset(far, 440, size), side)
        for lift in (0, 6):
            sheet.line([(far, 436), (far + side * 1200, lift * 12 - 478)], 2.5)


def _room(sheet: Sketch, rng: Random) -> None:
    sheet.box(0, 0, WIDTH, HEIGHT, PALE)
    for x in range(0, WIDTH, 110):
        sheet.box(x, 0, x + 40, GROUND, WHITE)
    sheet.box(0, GROUND, WIDTH, HEIGHT, SILVER)
    sheet.line([(0, GROUND), (WIDTH, GROUND)], 5)
    for x in range(-300, WIDTH, 190):
        sheet.line([(x + 120, GROUND), (x, HEIGHT)], 2.5)
    for left in (140, 1040):
        window(sheet, left + rng.randrange(60))
    bookcase(sheet, rng.randrange(620, 700), rng)


def _forest(sheet: Sketch, rng: Random) -> None:
    sheet.box(0, 0, WIDTH, HEIGHT, PALE)
    for x in range(-30, WIDTH, 120):
        trunk(sheet, x + rng.randrange(50), rng.randrange(20, 36), WHITE)
    sheet.box(0, 600, WIDTH, HEIGHT, WHITE)
    ridge(sheet, rng, SILVER, 650)
    for x in range(0, WIDTH, 230):
        trunk(sheet, x + rng.randrange(130), rng.randrange(44, 70), DARK)
    for _ in range(24):
        x, y = rng.randrange(WIDTH), rng.randrange(690, HEIGHT)
        sheet.line([(x - 9, y - 22), (x, y), (x + 2, y - 28), (x + 4, y), (x + 14, y - 20)], 3)
    for x in range(-60, WIDTH + 60, 120):
        sheet.shape(ring((x, rng.randrange(20, 70)), (150, 110), 30, 0.14), GREY, 4, soft=True)


def _focus(sheet: Sketch, rng: Random) -> None:
    """Lines that run together: manga's way of saying "look"."""
    x, y = WIDTH / 2, HEIGHT / 2
    for step in range(90):
        turn = 2 * pi * (step + rng.random()) / 90
        start, half = rng.uniform(0.5, 0.85), rng.uniform(0.006, 0.02)
        tip = (x + 620 * start * cos(turn), y + 420 * start * sin(turn))
        ends = [
            (x + 1900 * cos(turn + side), y + 1900 * sin(turn + side)) for side in (-half, half)
        ]
        sheet.shape([tip, *ends], BLACK)


def _speed(sheet: Sketch, rng: Random) -> None:
    for _ in range(60):
        y, thick = rng.randrange(HEIGHT), rng.uniform(2, 12)
        left, length = rng.randrange(-400, WIDTH), rng.randrange(300, 1200)
        tone = rng.choice((BLACK, DARK, SILVER))
        sheet.shape([(left, y - thick), (left + length, y), (left, y + thick)], tone)


def _tones(sheet: Sketch, rng: Random) -> None:
    """Dots that grow towards the ground, as cut from a sheet of screentone."""
    deep = rng.choice((GREY, SILVER))
    for row in range(HEIGHT // 24):
        radius = 1 + 12 * row * 24 / HEIGHT
        for column in range(WIDTH // 48 + 1):
            sheet.disc((column * 48 + 24 * (row % 2), row * 24), (radius, radius), deep)


def _sparkle(sheet: Sketch, rng: Random) -> None:
    sheet.box(0, 0, WIDTH, HEIGHT, PALE)
    for _ in range(70):
        x, y, radius = rng.randrange(WIDTH), rng.randrange(HEIGHT), rng.randrange(10, 60)
        if rng.random() < 0.5:
            sheet.disc((x, y), (radius, radius), WHITE)
        else:
            sheet.shape(ring((x, y), (radius, radius * 1.3), 8, 0.72), WHITE, 2.5)


PLACES = ("city", "night", "hills", "sea", "rain", "road", "room", "forest")
MOTIONS = ("focus", "speed")
FEELINGS = ("tones", "sparkle")

_PAINTERS: dict[str, Callable[[Sketch, Random], None]] = {
    "city": _city,
    "night": _night,
    "hills": _hills,
    "sea": _sea,
    "rain": _rain,
    "road": _road,
    "room": _room,
    "forest": _forest,
    "focus": _focus,
    "speed": _speed,
    "tones": _tones,
    "sparkle": _sparkle,
}
