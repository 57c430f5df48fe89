"""Why a chapter is not shown, in the words and marks of pages without pictures."""

import pytest
from scrapy.http import HtmlResponse

from mangacrawl.parsing.withheld import scrambled, withheld


def page(body: str) -> HtmlResponse:
    return HtmlResponse("https://a.example/1", body=body.encode(), encoding="utf-8")


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("<p>Tin 7 is not released yet.", "not released yet"),
        ("<p>This chapter is coming soon", "not released yet"),
        ("<p>The series Tin has been licensed, it is not available.", "licensed"),
        ("<p>Unlock this chapter", "paid or locked on the site"),
        ("<p>This chapter is <b>premium</b>", "paid or locked on the site"),
        ("<button>30 coins</button>", "paid or locked on the site"),
        ("<p>This chapter has been removed at the wish of", "removed by the site"),
        ("<form><input name=post_password>", "protected by a password"),
        ('<p id="chapter-protector-data">U2Fs</p>', "protected: its pages are encrypted"),
        ("<nav>Buy coins <a>Coming soon</a></nav><footer>Text is licensed under CC BY", None),
        ("<script>var words = {paid: 'This chapter is locked'}</script><p>Tin 1", None),
        ("<p>Tin 1", None),
    ],
)
def test_a_page_says_why_it_shows_no_pictures_or_nothing(body: str, why: str | None):
    assert withheld(page(body)) == why


@pytest.mark.parametrize(
    ("body", "is_useless"),
    [
        ("<img data-scramble=4x4 src=/1.png>", True),
        ('<div class="page scrambled"><img src=/1.png></div>', True),
        ('<script id="x">{"choJuGiga": "baku"}</script>', True),
        ('<script id="x">{"choJuGiga": "usagi"}</script>', False),
        ("<p>They scrambled for the boats.<img src=/1.png>", False),
    ],
)
def test_pictures_in_pieces_are_told_from_words_about_them(body: str, is_useless: bool):
    assert (scrambled(page(body)) is not None) is is_useless
