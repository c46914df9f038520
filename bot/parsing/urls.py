"""Addresses: made absolute, canonical, and into the keys by which articles are known."""

from __future__ import annotations

import re
from functools import lru_cache
from hashlib import blake2b
from typing import Final
from urllib.parse import SplitResult, quote, urljoin, urlsplit, urlunsplit

from bot.model import Source
from bot.parsing.encoding import remove_controls

KEY_LIMIT: Final = 200
"""Characters; a longer key is replaced by its hash."""
_URL_LIMIT: Final = 4_000
_TRACKING: Final = re.compile(
    r"(?:utm_\w+|utm|[ygdt]clid|ysclid|fbclid|msclkid|twclid|igshid|gbraid|wbraid|_openstat|rb_clickid|mc_[ce]id|"
    r"(?:php|asp|j)?sess(?:ion)?_?id\w*|aspsessionid\w*|oscsid|zenid|cfid|cftoken|(?:_|rnd|rand|nocache|cachebuster)(?==[\d.]+$)|"
    r"at_(?:medium|campaign|custom\d|link_\w+)|xtor|cmpid|smid|_ga|_gl|erid)(?:=.*)?"
    r"|from=(?:rss|feed|newsfeed|yandex|telegram|tg|vk|twitter|facebook|google)\w*",
    re.IGNORECASE | re.DOTALL,
)
"""Parameters that only say where a reader came from, or tell one visit from another. `from` alone may mean anything."""
_SESSION: Final = re.compile(r";(?:jsessionid|phpsessid|sid)=[^/;]*", re.IGNORECASE)
_AMPERSAND: Final = re.compile(r"&(?:amp;)+")
"""Resolved alone: in an address «&copy=1» is a parameter, no entity."""
_ABSOLUTE: Final = re.compile(r"https?://", re.IGNORECASE)
_NO_SCHEME: Final = re.compile(r"www\.[\w-]+\.\w", re.IGNORECASE)
_SPACE: Final = re.compile(r"\s")
_SAFE: Final = "/:@!$&'()*+,;=~-._%"
_ESCAPE: Final = re.compile(r"%[0-9a-fA-F]{2}")
_STRAY_PERCENT: Final = re.compile(r"%(?![0-9a-fA-F]{2})")
_TRUD_HOST: Final = re.compile(r"(?:^|\.)trud\.ru$", re.IGNORECASE)
_TRUD_NUMBER: Final = re.compile(r"/article/\d\d-\d\d-\d{4}/(\d+)")
_TRUD_ARTICLE: Final = re.compile(
    r"^/(?:amp/|m/|print/)?article/(\d\d-\d\d-\d{4})/(\d+)(_[^/]*?)?(?:\.html?)?(?:/(?:print|amp)(?:\.html?)?)?/?$"
)


@lru_cache(maxsize=2_048)
def canonical_url(url: str) -> str:
    """One form of an address: lower-case host in punycode, no default port, fragment, user or tracking parameters.

    A fragment that names the page («#!/news/1») stays, and so does the scheme, since a site may serve only one, except
    on trud.ru, which serves an article under both schemes, with and without www, and as a print version. Idempotent;
    what can't be read as an address comes back trimmed.
    """
    text = _AMPERSAND.sub("&", remove_controls(url)).strip()
    try:
        parts = urlsplit(text)
        host, port = _host(parts), parts.port
    except ValueError:
        return text
    if parts.scheme not in {"http", "https"} or not host:
        return text
    if _TRUD_HOST.search(host) and (article := _TRUD_ARTICLE.match(parts.path)):
        return f"https://www.trud.ru/article/{article[1]}/{article[2]}{_escaped(article[3] or '')}.html"
    place = host if port in {None, 80 if parts.scheme == "http" else 443} else f"{host}:{port}"
    return urlunsplit(
        (parts.scheme, place, _escaped(_SESSION.sub("", parts.path)) or "/", _query(parts.query), _fragment(parts))
    )


def http_url(url: str | None, base: str) -> str | None:
    """`url` made absolute against `base`; None unless it is http or https with a host (no javascript:, no data:)."""
    try:
        written = _AMPERSAND.sub("&", remove_controls(url)).strip() if url and len(url) <= _URL_LIMIT else ""
        if _NO_SCHEME.match(written):
            written = f"http://{written}"
        absolute = written if _ABSOLUTE.match(written) or not written else urljoin(base, written)
        parts = urlsplit(absolute)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return None
    return absolute if usable and not _SPACE.search(parts.netloc) else None


def article_key(url: str, source: Source) -> str | None:
    """What the group `key` of the source's pattern holds in `url`; None without a match or such a group."""
    match = matches(url, source)
    found = match.groupdict().get("key") if match else None
    return fit_key(found) if found else None


def matches(url: str, source: Source) -> re.Match[str] | None:
    """Where the source's pattern of article addresses matches `url`, as written or canonical."""
    if not source.articles:
        return None
    pattern = _pattern(source.articles)
    return pattern.search(url) or pattern.search(canonical_url(url))


def url_key(url: str, source: Source) -> str:
    """The key of the article at `url`: the pattern's, else its canonical address without scheme and www."""
    if found := article_key(url, source):
        return found
    bare = re.sub(r"^https?://(?:www\.)?", "", canonical_url(url))
    return fit_key(bare)


def fit_key(key: str) -> str:
    """`key` itself if it is short enough, else its hash."""
    return key if len(key) <= KEY_LIMIT else hashed(key)


def hashed(*parts: str) -> str:
    """128 bits as 32 hexadecimal digits."""
    return blake2b("\0".join(parts).encode("utf-8", "replace"), digest_size=16).hexdigest()


def host_of(url: str) -> str:
    """The host, lower case, without www; "" if there is none."""
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def same_site(url: str, other: str) -> bool:
    """Whether both lie on one host, or one on a subdomain of the other's."""
    one, two = host_of(url), host_of(other)
    return bool(one and two) and (one == two or one.endswith("." + two) or two.endswith("." + one))


def is_trud(url: str) -> bool:
    """Whether the address lies on trud.ru."""
    return bool(_TRUD_HOST.search(host_of(url)))


def article_number(url: str) -> str | None:
    """The number of the trud.ru article that `url`, absolute or not, leads to."""
    match = _TRUD_NUMBER.search(url)
    return match[1] if match else None


@lru_cache(maxsize=256)
def _pattern(articles: str) -> re.Pattern[str]:
    return re.compile(articles)


def _host(parts: SplitResult) -> str:
    host = (parts.hostname or "").rstrip(".")
    if not host.isascii():
        host = host.encode("idna").decode("ascii").lower()
    return f"[{host}]" if ":" in host else host


def _escaped(path: str) -> str:
    whole = _STRAY_PERCENT.sub("%25", path)
    return _ESCAPE.sub(lambda escape: escape[0].upper(), quote(whole, safe=_SAFE))


def _fragment(parts: SplitResult) -> str:
    """Only where it names the page: «#!/news/1»."""
    return _escaped(parts.fragment) if parts.fragment.startswith("!") else ""


def _query(query: str) -> str:
    kept = [each for each in query.split("&") if each and not _TRACKING.fullmatch(each)]
    return _ESCAPE.sub(lambda e: e[0].upper(), quote(_STRAY_PERCENT.sub("%25", "&".join(kept)), safe=_SAFE + "?[]{}|"))
