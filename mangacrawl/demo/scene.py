"""What happens in one panel: who is there, where, and what is said."""

from random import Random

from PIL import Image

from mangacrawl.demo.balloons import PHRASES, SHOUTS, SOUNDS, caption, shout, sound, speech
from mangacrawl.demo.figures import HAIR, MOODS, bust, motorbike, walker
from mangacrawl.demo.ink import Stamp
from mangacrawl.demo.layout import Panel
from mangacrawl.demo.props import HEIGHT, WIDTH
from mangacrawl.demo.scenery import FEELINGS, PLACES, view

SHOTS = ("close", "talk", "shout", "ride", "walk", "place")
MOST_OFTEN = (4, 3, 1, 1, 2, 1)
"""How often each shot may come on one page, which is also how likely it is."""

_BUST_HEIGHTS = (420, 300, 210)


class Cast:
    """The people, places and words of one page; nothing is said twice on it."""

    def __init__(self, rng: Random) -> None:
        self.people = rng.sample(HAIR, 3)
        self.places = rng.sample(PLACES, 2)
        self.phrases = iter(rng.sample(PHRASES, 16))


class Scene:
    """A panel's picture, which one of the shots fills."""

    picture: Image.Image

    def __init__(self, rng: Random, panel: Panel, cast: Cast) -> None:
        self._rng = rng
        self._cast = cast
        left, top, right, bottom = panel.frame
        self._width, self._height = right - left, bottom - top
        self._upper = panel.left.top - left, panel.right.top - left
        self._lower = panel.left.bottom - left, panel.right.bottom - left
        self._somewhere = rng.choice(cast.places)

    def shoot(self, shot: str) -> Image.Image:
        """The picture of a shot, as large as the panel's frame."""
        shots = {
            "close": self._close,
            "talk": self._talk,
            "shout": self._shout,
            "ride": self._ride,
            "walk": self._walk,
            "place": self._place,
        }
        shots[shot]()
        return self.picture

    def open(self, words: str, side: float) -> Image.Image:
        """The picture of where a page begins, and what the story says about it."""
        self._backdrop(self._somewhere)
        self._walkers()
        if words:
            self._say(caption(words), side)
        return self.picture

    def _place(self) -> None:
        self._backdrop(self._somewhere)
        self._say(caption(next(self._cast.phrases)), self._rng.choice((0, 1)))

    def _close(self) -> None:
        self._backdrop(self._rng.choice((*FEELINGS, self._somewhere)))
        side = self._rng.choice((0.3, 0.7))
        self._bust(self._rng.choice(self._cast.people), side)
        self._speak(1 - side)

    def _talk(self) -> None:
        if self._width < 400:
            self._close()
            return
        self._backdrop(self._somewhere)
        first, second = self._rng.sample(self._cast.people, 2)
        self._bust(first, 0.24, share=0.54)
        self._bust(second, 0.76, share=0.54)
        self._speak(self._rng.choice((0.36, 0.64)))

    def _shout(self) -> None:
        self._backdrop("focus")
        self._bust(self._rng.choice(self._cast.people), 0.5, "alarmed")
        self._say(shout(self._rng.choice(SHOUTS)), self._rng.choice((0, 1)))

    def _ride(self) -> None:
        self._backdrop("speed")
        is_large = self._width > 480 and self._height > 370
        bike = motorbike(360 if is_large else 230)
        left, right = self._lower
        spare = right - left - bike.width
        bike.put(self.picture, left + spare * 0.4, self._height - bike.height - 24)
        size = 88 if is_large else 60
        self._say(sound(self._rng.choice(SOUNDS), size, self._rng.choice((-8, 0, 8))), 0.7)

    def _walk(self) -> None:
        self._backdrop(self._somewhere)
        self._walkers()
        self._speak(self._rng.random())

    def _backdrop(self, place: str) -> None:
        """A window on a place, moved at random but near enough to the ground to stand on."""
        is_small = self._width <= WIDTH // 2 and self._height <= HEIGHT // 2
        is_calm = place in {"sea", "hills"}  # the others would be too busy at half their size
        picture = view(place, self._rng.randrange(2), 2 if is_small and is_calm else 1)
        across, down = self._rng.random(), self._rng.uniform(0.62, 0.88)
        if place == "focus":
            across = down = 0.5
        left = round((picture.width - self._width) * across)
        top = round((picture.height - self._height) * down)
        self.picture = picture.crop((left, top, left + self._width, top + self._height))

    def _bust(self, hair: str, middle: float, mood: str = "", share: float = 1) -> None:
        left, right = self._lower
        room = min(self._height * 0.84, (right - left) * share * 1.1)
        height = next((each for each in _BUST_HEIGHTS if each <= room), _BUST_HEIGHTS[-1])
        stamp = bust(hair, mood or self._rng.choice(MOODS), height)
        if middle < 0.5:
            stamp = stamp.mirrored()
        x = left + (right - left) * middle - stamp.width / 2
        stamp.put(self.picture, x, self._height - height)

    def _walkers(self) -> None:
        height = 220 if self._height > 330 else 160
        left, right = self._lower
        people = self._rng.sample(self._cast.people, self._rng.choice((1, 2)))
        step = height * 0.55
        x = left + 20 + self._rng.random() * (right - left - 40 - step * len(people))
        for hair in people:
            stamp = walker(hair, height)
            stamp.put(self.picture, x, self._height - height - 14)
            x += step

    def _speak(self, middle: float) -> None:
        self._say(speech(next(self._cast.phrases), "right" if middle < 0.5 else "left"), middle)

    def _say(self, balloon: Stamp, middle: float) -> None:
        left, right = self._upper
        spare = right - left - balloon.width - 44
        share = middle if spare > 0 else 0.5
        balloon.put(self.picture, left + 22 + spare * share, 14)
