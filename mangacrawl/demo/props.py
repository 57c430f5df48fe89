"""What the demo's places are made of: sky, houses, hills, trees."""

from math import sin
from random import Random

from mangacrawl.demo.ink import BLACK, DARK, GREY, PALE, SILVER, WHITE, Point, Sketch

WIDTH, HEIGHT = 1740, 840
GROUND = 640
"""Where people stand, in pixels from the top."""


def sky(sheet: Sketch, tones: tuple[int, int], rng: Random) -> None:
    """Two bands of sky and a few clouds."""
    upper, lower = tones
    sheet.box(0, 0, WIDTH, HEIGHT, lower)
    sheet.box(0, 0, WIDTH, 170, upper)
    for _ in range(7):
        x, y, across = rng.randrange(WIDTH), rng.randrange(40, 330), rng.randrange(60, 130)
        puffs = [(-0.7, 0.1, 0.4), (0, -0.12, 0.55), (0.65, 0.08, 0.42)]
        for shift, drop, share in puffs:
            radius = across * share
            sheet.disc((x + shift * across, y + drop * across), (radius, radius * 0.7), WHITE, 3)
        for shift, drop, share in puffs:
            radius = across * share - 3
            sheet.disc((x + shift * across, y + drop * across), (radius, radius * 0.7), WHITE)


def towers(sheet: Sketch, rng: Random, tone: int, window: int, height: int) -> None:
    """A row of houses on the ground, with some of their windows lit."""
    x = -rng.randrange(60)
    while x < WIDTH:
        wide, tall = rng.randrange(110, 240), rng.randrange(height // 3, height)
        top = GROUND - tall
        sheet.shape([(x, GROUND), (x, top), (x + wide, top), (x + wide, GROUND)], tone, 4)
        if rng.random() < 0.3:
            sheet.line([(x + wide / 2, top), (x + wide / 2, top - 60)], 4)
        for y in range(top + 24, GROUND - 40, 64):
            for column in range(x + 20, x + wide - 30, 48):
                if rng.random() < 0.75:
                    sheet.box(column, y, column + 22, y + 34, window)
        x += wide + rng.choice((0, 0, 12, 40))


def ridge(sheet: Sketch, rng: Random, tone: int, height: int) -> None:
    """A wavy line of hills, filled down to the foot of the sheet."""
    phase, swing = rng.random() * 6, rng.randrange(20, 60)
    crest: list[Point] = [
        (x, height + swing * sin(phase + x / 190) + 0.4 * swing * sin(x / 67))
        for x in range(-20, WIDTH + 40, 20)
    ]
    sheet.shape([*crest, (WIDTH + 40, HEIGHT + 20), (-20, HEIGHT + 20)], tone, 4)


def tree(sheet: Sketch, x: int, foot: int, height: int) -> None:
    """A round tree."""
    sheet.box(x - height * 0.05, foot - height * 0.3, x + height * 0.05, foot, BLACK)
    sheet.disc((x, foot - height * 0.62), (height * 0.3, height * 0.38), DARK, 3)


def trunk(sheet: Sketch, x: int, thick: int, tone: int) -> None:
    """A tree so near that only its trunk is seen."""
    foot = 640 + thick * 1.6
    sheet.shape(
        [(x, -10), (x + thick, -10), (x + thick * 1.2, foot), (x - thick * 0.2, foot)], tone, 4
    )


def bird(sheet: Sketch, x: int, y: int) -> None:
    """A bird far away."""
    sheet.line([(x - 22, y - 10), (x - 8, y - 12), (x, y), (x + 8, y - 12), (x + 22, y - 10)], 4)


def window(sheet: Sketch, left: int) -> None:
    """A window with a view of mountains."""
    frame = sheet.inset(left, 110, 1)
    frame.shape("0,0 380,0 380,370 0,370", WHITE, 8)
    frame.disc((280, 80), (44, 44), PALE, 4)
    frame.shape("4,366 4,270 130,190 250,290 376,230 376,366", SILVER, 4)
    frame.line("190,0 190,370", 7)
    frame.line("0,185 380,185", 7)


def bookcase(sheet: Sketch, left: int, rng: Random) -> None:
    """A case of books, as high as the wall."""
    case = sheet.inset(left, 150, 1)
    case.box(0, 0, 330, 480, BLACK)
    for foot in range(118, 480, 116):
        case.box(10, foot - 106, 320, foot, WHITE)
        x = 14
        while x < 270:
            thick, height = rng.randrange(28, 50), rng.randrange(64, 98)
            case.box(x, foot - height, x + thick, foot, BLACK)
            tone = rng.choice((WHITE, PALE, GREY, DARK))
            case.box(x + 3, foot - height + 3, x + thick - 3, foot, tone)
            x += thick + rng.choice((0, 0, 6))


def pole(sheet: Sketch, side: int) -> None:
    """A telegraph pole to the left (-1) or the right (1) of where a road vanishes."""
    x = side * 76
    sheet.line([(x, 40), (x, -58)], 1.4)
    sheet.line([(x - 14, -50), (x + 14, -50)], 1)
