"""Who the user is to a site: cookies and headers, from a file or the environment."""

import os
import stat
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from http.cookiejar import Cookie, LoadError, MozillaCookieJar
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from scrapy.settings import BaseSettings

from mangacrawl.errors import ArgumentError
from mangacrawl.redaction import hide

_DEFAULT = Path("~/.config/mangacrawl/logins.toml")
_HEADER, _COOKIES = "MANGACRAWL_LOGIN_", "MANGACRAWL_COOKIES_"
_KEYS = {"headers", "cookies"}


@dataclass(frozen=True, slots=True)
class Login:
    """What is told to one source's own hosts and to nobody else."""

    headers: Mapping[str, str]
    cookies: tuple[Cookie, ...]

    def cookies_for(self, origins: tuple[str, ...]) -> Iterator[Cookie]:
        """Those that belong to these addresses, none of them for plain http where there is TLS."""
        for cookie in self.cookies:
            domain = cookie.domain.removeprefix(".")
            for parts in map(urlsplit, origins):
                host = parts.hostname or ""
                if host == domain or (cookie.domain_specified and host.endswith(f".{domain}")):
                    cookie.secure = cookie.secure or parts.scheme == "https"
                    yield cookie
                    break


class Logins:
    """The logins there are, by the id of a source or the host of a site that a theme reads."""

    def __init__(self, sections: Mapping[str, Any], folder: Path, environ: Mapping[str, str]):
        self._sections = sections
        self._folder = folder
        self._environ = environ

    @classmethod
    def read(cls, settings: BaseSettings, environ: Mapping[str, str] = os.environ) -> Self:
        """Read ``MANGA_LOGIN_FILE``; raises ArgumentError, also where others can read it."""
        chosen: str | None = settings["MANGA_LOGIN_FILE"]
        path = Path(chosen or _DEFAULT).expanduser()
        if not chosen and not path.exists():
            return cls({}, path.parent, environ)
        try:
            sections = tomllib.loads(_private(path))
        except tomllib.TOMLDecodeError as error:
            raise ArgumentError(f"{path}: {error}") from None
        for name, section in sections.items():
            if not isinstance(section, dict) or not section.keys() <= _KEYS:
                raise ArgumentError(f"{path}: [{name}] takes headers and cookies")
        return cls(sections, path.parent, environ)

    def check(self, keys: Iterable[str]) -> None:
        """Raise ArgumentError for what is wrong with the logins of these sources."""
        for key in keys:
            self.of(key)

    def of(self, key: str) -> Login | None:
        """The login for a source's key; None if there is none. Raises ArgumentError."""
        name = "".join(c if c.isalnum() else "_" for c in key).upper()
        section = self._sections.get(key, {})
        headers = {str(name): str(value) for name, value in section.get("headers", {}).items()}
        if header := self._environ.get(_HEADER + name):
            field, colon, value = header.partition(":")
            if not colon:
                raise ArgumentError(f'{_HEADER}{name} must be a header: "Name: value"')
            headers[field.strip()] = value.strip()
        file = self._environ.get(_COOKIES + name) or section.get("cookies")
        cookies = _cookies(self._folder / Path(file).expanduser()) if file else ()
        hide(*headers.values(), *(value.split()[-1] for value in headers.values() if value))
        hide(*(cookie.value or "" for cookie in cookies))
        return Login(headers, cookies) if headers or cookies else None


def _private(path: Path) -> str:
    """The text of a file that its owner alone can read."""
    try:
        with path.open(encoding="utf-8") as file:
            mode = os.fstat(file.fileno()).st_mode
            if os.name == "posix" and mode & (stat.S_IRWXG | stat.S_IRWXO):
                raise ArgumentError(f"{path} can be read by others: chmod 600 {path}")
            return file.read()
    except (OSError, UnicodeDecodeError) as error:
        raise ArgumentError(f"cannot read {path}: {error}") from None


def _cookies(path: Path) -> tuple[Cookie, ...]:
    """The cookies of a file as browsers' exporters and curl write it (Netscape's format)."""
    _private(path)
    jar = MozillaCookieJar(path)
    try:
        jar.load(ignore_discard=True, ignore_expires=True)
    except LoadError:
        raise ArgumentError(f"{path} is no file of cookies in Netscape's format") from None
    for cookie in jar:
        if cookie.expires == 0:  # curl's way to write that it lasts as long as the session
            cookie.expires = None
    return tuple(cookie for cookie in jar if not cookie.is_expired())
