"""What all pages share: escaped templates, a strict policy, one file that needs no other."""

import base64
import hashlib
import json
from functools import cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup


def render(page: str, *, has_script: bool = False, **content: object) -> bytes:
    """The page of a template, with its style sheet and script inside and allowed by their hash.

    Hashes are the one policy that browsers keep for pages opened from a folder as well as from a
    server (CSP Level 3, section 2.3.1).
    """
    style = _asset("base.css") + _asset(f"{page}.css")
    script = _asset(f"{page}.js") if has_script else Markup()
    template = _templates().get_template(f"{page}.html")
    policy = _policy(style, script)
    return template.render(style=style, script=script, policy=policy, **content).encode()


def embedded_json(content: object) -> Markup:
    """JSON for a script element: compact, and nothing in it can end the element."""
    text = json.dumps(content, ensure_ascii=True, separators=(",", ":"))
    for letter in "<>&'":
        text = text.replace(letter, f"\\u{ord(letter):04x}")
    return Markup(text)  # noqa: S704 - escaped above, as JSON


def size(count: int) -> str:
    """Bytes as people read them, in powers of a thousand."""
    amount = float(count)
    for unit in ("B", "kB", "MB"):
        if amount < 1000:
            return f"{amount:.0f} {unit}"
        amount /= 1000
    return f"{amount:.1f} GB"


def counted(count: int, noun: str, plural: str = "") -> str:
    """A number with its noun: "1 page", "2,200 pages"."""
    return f"{count:,} {noun if count == 1 else plural or f'{noun}s'}"


@cache
def _templates() -> Environment:
    templates = Environment(
        loader=PackageLoader("mangacrawl.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.filters |= {"size": size, "counted": counted, "json": embedded_json}
    return templates


@cache
def _asset(name: str) -> Markup:
    """A style sheet or script of ours; it may lie in a ZIP."""
    text = (files("mangacrawl.web") / "templates" / name).read_text(encoding="utf-8")
    return Markup(text)  # noqa: S704 - our own file


@cache
def _policy(style: str, script: str) -> str:
    script_source = _hash(script) if script else "'none'"
    return (
        f"default-src 'none'; img-src 'self' data:; style-src {_hash(style)}; "
        f"script-src {script_source}; base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return f"'sha256-{digest}'"
