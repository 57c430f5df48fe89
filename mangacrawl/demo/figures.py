"""The cast of the demo pages: round heads with hair and a mood, and a motorbike."""

from functools import cache

from mangacrawl.demo.ink import BLACK, DARK, GREY, PALE, SILVER, WHITE, Sketch, Stamp

HAIR = ("spiky", "bob", "bun", "parted", "cap", "long")
MOODS = ("calm", "happy", "alarmed", "angry", "sleepy", "sly")

_HAIR_TONES = (BLACK, DARK, BLACK, SILVER, GREY, DARK)
_COAT_TONES = (GREY, WHITE, SILVER, DARK, PALE, BLACK)

_SPIKES = """
    66,150 50,96 74,100 58,50 96,62 98,16 134,48 158,6 176,48 216,24 214,68 250,66 232,104 246,120
    228,152 216,116 204,134 186,100 170,132 150,98 128,136 116,104 96,140 86,112"""
_FRINGES = {
    "bob": """62,214 54,120 76,64 120,36 182,36 224,64 246,120 238,214 216,206 218,124 196,116
        160,132 120,122 90,132 84,206""",
    "bun": """66,166 58,112 80,64 124,44 178,44 220,64 242,112 232,166 222,116 190,92 170,76
        140,112 104,112 78,130""",
    "parted": """66,176 52,118 70,60 118,30 180,28 230,60 248,114 234,176 224,120 200,108 178,62
        160,112 112,132 80,132""",
    "cap": "64,124 68,70 108,38 150,30 192,38 232,70 238,112 150,122",
    "long": """60,300 50,120 76,58 122,34 180,34 226,58 250,120 244,300 216,274 222,136 192,116
        152,58 116,118 78,140 84,274""",
}
_BACKS = {
    "bob": "60,100 44,226 110,252 190,252 256,226 240,100",
    "long": "64,100 46,306 96,322 208,322 254,306 236,100",
}


@cache
def bust(hair: str, mood: str, height: int) -> Stamp:
    """Head and shoulders, looking a little to the left."""
    size = height / 340
    sheet = Sketch(round(300 * size), height, size=size)
    _hair_behind(sheet, hair)
    _shoulders(sheet, _COAT_TONES[HAIR.index(hair)])
    _head(sheet, hair, mood)
    return sheet.stamp()


@cache
def walker(hair: str, height: int) -> Stamp:
    """A whole small figure, head large and legs short."""
    size = height / 400
    sheet = Sketch(round(200 * size), height, size=size)
    coat = _COAT_TONES[HAIR.index(hair)]
    head = sheet.inset(7, 32, 0.62)
    _hair_behind(head, hair)
    sheet.shape("78,300 96,300 90,392 58,392 58,382 72,376", BLACK)
    sheet.shape("104,300 122,300 128,376 142,382 142,392 110,392", BLACK)
    sheet.shape("72,190 128,190 148,316 52,316", coat, 4)
    sheet.shape("74,196 86,204 50,280 34,272", coat, 4)
    sheet.shape("126,196 114,204 150,280 166,272", coat, 4)
    sheet.disc((40, 280), (9, 9), WHITE, 4)
    sheet.disc((160, 280), (9, 9), WHITE, 4)
    _head(head, hair, "calm")
    return sheet.stamp()


@cache
def motorbike(width: int) -> Stamp:
    """A rider on a motorbike, going to the left."""
    size = width / 440
    sheet = Sketch(width, round(300 * size), size=size)
    for x in (80, 350):
        sheet.disc((x, 225), (66, 66), BLACK)
        sheet.disc((x, 225), (40, 40), SILVER, 4)
        sheet.disc((x, 225), (10, 10), BLACK)
    sheet.shape("52,168 150,112 250,150 392,128 412,150 330,206 170,226", GREY, 5)
    sheet.shape("140,190 300,176 270,246 170,246", DARK, 5)
    sheet.line("80,225 138,100 112,84", 9)
    sheet.shape("58,162 84,120 112,128 96,160", WHITE, 4)
    sheet.shape("250,40 318,60 346,140 262,152 232,92", BLACK, soft=True)
    sheet.shape("244,62 262,84 162,126 136,108 150,98", DARK, 4)
    sheet.shape("262,136 330,130 262,196 262,238 222,238 226,176", DARK, 4)
    sheet.disc((232, 42), (38, 38), WHITE, 5)
    sheet.shape("196,34 230,30 228,56 200,58", BLACK)
    return sheet.stamp()


def _shoulders(sheet: Sketch, coat: int) -> None:
    sheet.shape("126,220 178,220 182,276 122,276", PALE, 4)
    sheet.shape("20,344 34,298 96,270 124,262 150,286 178,262 206,270 268,298 284,344", coat, 5)
    collar = BLACK if coat > GREY else WHITE
    sheet.line("124,262 140,312 150,288 162,312 178,262", 4, collar)


def _head(sheet: Sketch, hair: str, mood: str) -> None:
    sheet.disc((72, 166), (14, 20), WHITE, 4)
    sheet.disc((228, 166), (14, 20), WHITE, 4)
    chin = "66,96 74,180 90,220 118,244 146,256 174,244 206,220 220,180 230,96 190,56 110,56"
    sheet.shape(chin, WHITE, 5, soft=True)
    _eyes(sheet, mood)
    _brows(sheet, mood)
    sheet.line("146,188 140,202 148,203", 3.5)
    _mouth(sheet, mood)
    _hair_before(sheet, hair)


def _eyes(sheet: Sketch, mood: str) -> None:
    for x in (112, 180):
        if mood == "happy":
            sheet.arc((x, 172), (18, 16), 200, 340, 6)
        elif mood == "sleepy":
            sheet.arc((x, 162), (18, 16), 20, 160, 6)
        else:
            tall = 13 if mood == "sly" else 24
            wide = 6 if mood == "alarmed" else 11
            sheet.disc((x, 166), (17, tall), WHITE, 4)
            sheet.disc((x - 3, 167), (wide, min(tall - 4, wide * 1.7)), BLACK)
            sheet.disc((x - 6, 161), (3.5, 4.5), WHITE)


def _brows(sheet: Sketch, mood: str) -> None:
    slope = {"angry": 14, "sly": 10, "alarmed": -8, "sleepy": -5}.get(mood, 0)
    y = 121 if mood == "alarmed" else 135
    sheet.line([(90, y - slope), (130, y + slope)], 6)
    sheet.line([(162, y + slope), (202, y - slope)], 6)


def _mouth(sheet: Sketch, mood: str) -> None:
    if mood == "happy":
        sheet.shape("118,210 178,210 166,232 148,238 130,232", DARK, 4)
        sheet.disc((92, 200), (12, 6), PALE)
        sheet.disc((202, 200), (12, 6), PALE)
    elif mood == "alarmed":
        sheet.disc((148, 224), (12, 15), BLACK)
    elif mood == "angry":
        sheet.shape("124,228 134,216 162,216 172,228", WHITE, 4)
        sheet.line("148,217 148,228", 3)
    elif mood == "sly":
        sheet.arc((140, 208), (24, 16), 20, 140, 4.5)
    else:
        sheet.line("134,224 148,226 162,223", 4.5)


def _hair_behind(sheet: Sketch, hair: str) -> None:
    if hair == "bun":
        sheet.disc((150, 36), (34, 30), BLACK, 4)
    elif hair in _BACKS:
        sheet.shape(_BACKS[hair], _HAIR_TONES[HAIR.index(hair)], 4, soft=True)


def _hair_before(sheet: Sketch, hair: str) -> None:
    tone = _HAIR_TONES[HAIR.index(hair)]
    if hair == "spiky":
        sheet.shape(_SPIKES, tone, 5)
    else:
        sheet.shape(_FRINGES[hair], tone, 5, soft=True)
    if hair == "cap":
        sheet.shape("70,104 34,118 26,134 150,126 226,112", DARK, 5)
        sheet.disc((150, 34), (9, 7), DARK, 4)
    elif tone < SILVER:
        sheet.line("108,72 132,60 158,56", 5, SILVER)
