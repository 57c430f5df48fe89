import pytest

from mangacrawl.errors import PageError
from mangacrawl.redaction import redacted
from mangacrawl.safe import visible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("http://me:hush@a.example/x", "http://***@a.example/x"),
        ("at ftp://me:h@sh@a.example:21/x, twice", "at ftp://***@a.example:21/x, twice"),
        ("https://a.example/1.jpg?token=hush&w=9", "https://a.example/1.jpg?token=***&w=9"),
        ("/x?w=9&X-Amz-Signature=hush", "/x?w=9&X-Amz-Signature=***"),
        ("/x?access_token=hush#end", "/x?access_token=***#end"),
        ("<GET http://a.example/?sid=hush>", "<GET http://a.example/?sid=***>"),
        ("sent:\nCookie: a=hush; b=hush\nto", "sent:\nCookie: ***\nto"),
        ("{'Cookie': [b'a=hush'], 'Host': 'a'}", "{'Cookie': ***, 'Host': 'a'}"),
        ("{'AWS_SECRET_ACCESS_KEY': 'hush'}", "{'AWS_SECRET_ACCESS_KEY': ***}"),
        ("Authorization: Bearer hush", "Authorization: Bearer ***"),
    ],
)
def test_secrets_are_hidden(text: str, shown: str):
    assert redacted(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "Cookie: complete, 200 pages",
        "Fortune Cookie: a manga about tokens",
        "https://a.example/?author=otomo&keyword=x&page=2",
        "http://a.example/@someone/1",
        "mail me@a.example",
    ],
)
def test_what_is_no_secret_is_shown(text: str):
    assert redacted(text) == text


def test_errors_and_lines_for_the_user_are_redacted():
    assert str(PageError("no http://me:hush@a.example/")) == "no http://***@a.example/"
    assert visible("http://me:hush@a.example/\x1b[31m") == "http://***@a.example/ [31m"
