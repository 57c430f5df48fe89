import math

import pytest
from scrapy.http import Response

from mangacrawl.wire.waits import retry_after

NOW = 1_800_000_000.0


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "3"}, 3.0),
        ({"Retry-After": "Fri, 15 Jan 2027 08:00:20 GMT"}, 20.0),
        ({"Retry-After": "Fri, 15 Jan 2027 07:00:00 GMT"}, 0.0),
        ({"X-RateLimit-Retry-After": "1800000042"}, 42.0),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": "-5"}, None),
        ({"Retry-After": "9" * 400}, math.inf),
        ({"Retry-After": f"Fri, 15 Jan {'9' * 20} 08:00:20 GMT"}, None),
        ({"Retry-After": f"Fri, 15 Jan 2027 08:00:20 +{'9' * 20}"}, None),
        ({}, None),
    ],
)
def test_what_a_site_asks_for(headers, seconds):
    assert retry_after(Response("http://a.example", headers=headers), NOW) == seconds
