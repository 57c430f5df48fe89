"""What a hostile or broken site serves in a picture's place: each row a page of one crawl.

A row says what the page's item must say, how often the picture may be asked for, and nothing else:
a page fails with its reason or its bytes are stored as they were served.
"""

import base64
import io
import zlib
from dataclasses import dataclass
from typing import Any

from PIL import ExifTags, Image, ImageCms

from mangacrawl.demo.addresses import image_path
from mangacrawl.demo.catalogue import Page, catalogue

AKIRA = catalogue()["akira"]
CHAPTERS = AKIRA.chapters[:5]
PAGES: list[tuple[str, Page, str]] = [
    (chapter.number, page, image_path(AKIRA, chapter, page))
    for chapter in CHAPTERS
    for page in chapter.pages
]

CHALLENGE = "<!DOCTYPE html><title>Just a moment...</title><script>window._cf_chl_opt={}</script>"
LOGIN = "<!doctype html><title>Log in</title><input type=password>"
IN_THE_WAY = "stands in the way; it is not bypassed: try later, or read there in a browser"

ONCE = 1
TRIES = 5
"""One and four retries, for answers that may be better next time."""
LOOKS = 3
"""One and two retries, for bodies that are no picture."""
ROUNDS = 2
"""What failed and may still come is asked for again when all else is done."""


@dataclass(frozen=True)
class Row:
    """``error`` is None where the page must be stored; ``body`` is what was served then, None for
    the site's own picture, which may be another page's (``picture_of`` is its path).

    ``requests`` is a range where Twisted may send again by itself what died on a kept connection.
    """

    name: str
    fault: str | dict[str, Any]
    error: str | None
    requests: int | range
    body: bytes | None = None
    extension: str = ".jpg"
    picture_of: str | None = None


def answer(body: bytes | str, status: int = 200, **headers: str) -> dict[str, Any]:
    """A fault that is another answer; a picture's name for its type unless headers differ."""
    raw = body.encode() if isinstance(body, str) else body
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return {
        "status": status,
        "headers": {"Content-Type": "image/jpeg"} | named,
        "base64": base64.b64encode(raw).decode(),
    }


def encoded(form: str, mode: str = "L", size: tuple[int, int] = (200, 300), **how: Any) -> bytes:
    file = io.BytesIO()
    Image.linear_gradient("L").resize(size).convert(mode).save(file, form, **how)
    return file.getvalue()


def animated(form: str) -> bytes:
    frames = [Image.new("L", (90, 120), 60 * shade) for shade in (1, 2, 3, 4)]
    file = io.BytesIO()
    frames[0].save(file, form, save_all=True, append_images=frames[1:], duration=100)
    return file.getvalue()


def huge_png(width: int, height: int) -> bytes:
    """A picture of one bit a pixel: little to send, a lot to decode."""
    return encoded("PNG", "1", (8, 8)).replace(
        chunk(b"IHDR", ihdr(8, 8)), chunk(b"IHDR", ihdr(width, height))
    )


def ihdr(width: int, height: int) -> bytes:
    return width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x01\0\0\0\0"


def chunk(kind: bytes, body: bytes) -> bytes:
    return kind + body + zlib.crc32(kind + body).to_bytes(4, "big")


def bad_crc(png: bytes) -> bytes:
    place = png.index(b"IDAT") + 20
    return png[:place] + bytes([png[place] ^ 0xFF]) + png[place + 1 :]


def good(name: str, body: bytes, extension: str, **headers: str) -> Row:
    return Row(name, answer(body, 200, **headers), None, ONCE, body, extension)


def bad(name: str, body: bytes | str, error: str, requests: int = LOOKS * ROUNDS) -> Row:
    return Row(name, answer(body), error, requests)


JPEG = encoded("JPEG", size=(400, 600))
PNG = encoded("PNG", size=(400, 600))
SAMPLER = catalogue()["sampler"]
GOOD_IMAGE = image_path(SAMPLER, SAMPLER.chapters[0], SAMPLER.chapters[0].pages[0])
SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
SCRIPT = b"<script>alert(1)</script>"
EXIF = Image.Exif()
EXIF[ExifTags.Base.Orientation] = 6
EXIF[ExifTags.Base.Artist] = SCRIPT.decode()
EXIF.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (35.0, 41.0, 22.0)

HOPS = "max redirections reached"
HOPS_AT_MOST = 5
CUT = "the picture is damaged"
TOO_MANY = "the picture has more than 64,000,000 pixels"
NO_HTML = "the site sent an HTML page instead of a picture"
LESS = "the site sent less than it announced"

STATUSES = (
    *(Row(f"H4 {code}", code, f"HTTP {code}", ONCE) for code in ("404", "410")),
    *(Row(f"H5 {code}", code, f"HTTP {code}", ONCE) for code in ("401", "403", "451")),
    Row("H6 500 for ever", "500", "HTTP 500", TRIES * ROUNDS),
    Row("H6 500 once", answer("", 500) | {"times": 1}, None, 2),
    Row("H2 429 twice", answer("", 429) | {"times": 2}, None, 3),
    Row("H9 reset in the body", "reset", LESS, range(TRIES * ROUNDS, 2 * TRIES * ROUNDS + 1)),
    Row("H9 cut, length right", "short", LESS, TRIES * ROUNDS),
    Row("H9 cut in a chunk", "chunk", LESS, TRIES * ROUNDS),
    Row("H10 cut, length wrong", "torn", CUT, LOOKS * ROUNDS),
    Row("H10 cut, no length", "unsized", CUT, LOOKS * ROUNDS),
    Row("H11 connection closed after", "hangup", None, ONCE),
    Row("H12 no gzip in it", answer(JPEG, Content_Encoding="gzip"), "cannot be unpacked", 2),
    Row("H14 redirect to itself", answer("", 302, Location=""), HOPS, (HOPS_AT_MOST + 1) * ROUNDS),
    Row("H14 redirect without an address", answer("", 302), "HTTP 302", ROUNDS),
    Row("H14 redirect to no address", answer("", 302, Location="http://[::1"), "HTTP 302", ROUNDS),
    Row("H14 one good hop", answer("", 301, Location=GOOD_IMAGE), None, ONCE,
        picture_of=GOOD_IMAGE),
    Row(
        "H20 challenge", answer("", 403, cf_mitigated="challenge"),
        f"a Cloudflare challenge {IN_THE_WAY}", ONCE,
    ),
    bad("H20 challenge as 200", CHALLENGE, f"a Cloudflare challenge {IN_THE_WAY}", ONCE),
    bad("H20 login as 200", LOGIN, f"a login page {IN_THE_WAY}", ONCE),
    Row(
        "H20 redirect to a login", answer("", 302, Location="/login"),
        f"a login page {IN_THE_WAY}", ONCE,
    ),
)  # fmt: skip

BODIES = (
    bad("I1 HTML named as a picture", "<html><p>no", NO_HTML),
    Row("I1 HTML", {"text": "<!doctype html><p>no"}, NO_HTML, LOOKS * ROUNDS),
    bad("I2 no bytes", "", "the site sent no bytes"),
    bad("I2 tracker", encoded("GIF", size=(1, 1)), "the picture is too small for a page (1x1)"),
    bad("I2 63x64", encoded("PNG", size=(63, 64)), "the picture is too small for a page (63x64)"),
    bad("I3 JPEG cut in half", JPEG[: len(JPEG) // 2], CUT),
    bad("I3 JPEG less 200 bytes", JPEG[:-200], CUT),
    bad("I3 PNG cut in half", PNG[: len(PNG) // 2], CUT),
    bad("I3 PNG with a bad CRC", bad_crc(PNG), CUT),
    good("I4 PNG named JPEG", PNG, ".png"),
    good("I4 WebP named JPEG", encoded("WEBP"), ".webp"),
    good("I4 AVIF named JPEG", encoded("AVIF"), ".avif"),
    good("I4 GIF named JPEG", encoded("GIF"), ".gif"),
    good("I4 BMP named JPEG", encoded("BMP"), ".bmp"),
    good("I4 JPEG as text", JPEG, ".jpg", Content_Type="text/html; charset=utf-8"),
    good("I4 JPEG of no type", JPEG, ".jpg", Content_Type=""),
    good("I5 animated GIF", animated("GIF"), ".gif"),
    good("I5 animated WebP", animated("WEBP"), ".webp"),
    good("I5 animated PNG", animated("PNG"), ".png"),
    good("I6 CMYK", encoded("JPEG", "CMYK"), ".jpg"),
    good("I6 progressive", encoded("JPEG", progressive=True), ".jpg"),
    good("I6 two pictures in a JPEG", animated("MPO"), ".jpg"),
    good("I6 turned by EXIF", encoded("JPEG", exif=EXIF), ".jpg"),
    good("I6 with a colour profile", encoded("JPEG", "RGB", icc_profile=SRGB), ".jpg"),
    good("I6 palette with transparency", encoded("PNG", "P", transparency=0), ".png"),
    good("I6 grey with transparency", encoded("PNG", "LA"), ".png"),
    good("I6 16 bits", encoded("PNG", "I;16"), ".png"),
    good("I6 transparent", encoded("PNG", "RGBA"), ".png"),
    good("I6 one bit", encoded("PNG", "1"), ".png"),
    good("I7 strip of 1x65535", encoded("PNG", size=(1, 65535)), ".png"),
    good("I9 place, author and script", encoded("JPEG", exif=EXIF, comment=SCRIPT), ".jpg"),
    bad("I7 20000x20000", huge_png(20_000, 20_000), TOO_MANY),
    bad("I7 10000x12000", huge_png(10_000, 12_000), TOO_MANY),
    bad("other picture format", encoded("TIFF"), "the site sent something that is no picture"),
)

EMBEDDED = f"data:image/png;base64,{base64.b64encode(PNG).decode()}"
PIXEL = f"data:image/png;base64,{base64.b64encode(encoded('PNG', size=(1, 1))).decode()}"
NO_PICTURE = "found no picture for 'div#imgholder img#img'"


def shown(name: str, attributes: str, base: str = "", body: bytes | None = None) -> Row:
    """A reader page whose image has these attributes and is stored all the same."""
    asked = 0 if body else ONCE
    extension = ".png" if body else ".jpg"
    return Row(name, {"picture": attributes, "base": base}, None, asked, body, extension)


def unshown(name: str, attributes: str, error: str = NO_PICTURE) -> Row:
    return Row(name, {"picture": attributes}, error, 0)


ADDRESSES = (
    shown("P1 protocol-relative", 'src="{relative}"'),
    shown("P1 spaces around", 'src=" {image}\n "'),
    shown("P1 fragment", 'src="{image}#page"'),
    shown("P1 dots", 'src="/x/..{path}"'),
    shown("P1 percent", 'src="{percent}"'),
    shown("P1 base element", 'src="{name}"', base="<base href='/akira/5/'>"),
    shown("P1 lazy", f'src="{PIXEL}" data-src="{{image}}"'),
    shown("P1 srcset", 'src="/no.jpg" srcset="/no.jpg 300w, {image} 900w"'),
    shown("P1 data: with a picture", f'src="{EMBEDDED}"', body=PNG),
    unshown("P1 data: with a tracker", f'src="{PIXEL}"', "the picture is too small for a page"),
    unshown("P1 data: with HTML", 'src="data:text/html,no"'),
    unshown("P1 javascript:", 'src="javascript:alert(1)"'),
    unshown("P1 blob:", 'src="blob:https://a.example/1"'),
    unshown("P1 empty", 'src=""'),
    unshown("P1 no such attribute", "alt='no'"),
)
"""Reader pages of the last chapter, from its second page on."""

ROWS = STATUSES + BODIES
