"""Which links Telegram keeps: the rest lose their link in a text, and are refused on a button."""

from __future__ import annotations

import re
from typing import Final

SCHEMES: Final = frozenset({"http", "https", "tg", "ton", "tonsite"})
OWN_SCHEMES: Final = frozenset({"tg", "ton"})
LINK: Final = re.compile(
    r"(?:(?P<scheme>[a-z][a-z0-9+.-]*):/{2}|(?P<short>tg|ton):/*)?(?P<rest>.*)", re.IGNORECASE | re.DOTALL
)


def is_link(url: str, *, bare_hosts: bool = True) -> bool:
    """As Telegram's servers judge: http(s) with a dotted host (`localhost` is none), tg: and ton: with any.

    Without a scheme the address counts as http when `bare_hosts`.
    """
    found = LINK.fullmatch(url.strip())
    if found is None:
        return False
    scheme = (found["scheme"] or found["short"] or "").lower()
    if scheme not in SCHEMES and (scheme or not bare_hosts):
        return False
    host = re.split(r"[/?#]", found["rest"], maxsplit=1)[0]
    return _is_own_host(host) if scheme in OWN_SCHEMES else _is_host(host)


def _is_own_host(host: str) -> bool:
    return re.fullmatch(r"[a-z0-9_-]+", host, re.IGNORECASE) is not None


def _is_host(host: str) -> bool:
    name = host.rpartition("@")[2]
    if name.startswith("["):
        return re.fullmatch(r"\[[0-9a-f:.]+\](:\d+)?", name, re.IGNORECASE) is not None
    name, colon, port = name.partition(":")
    if colon and not (port.isdecimal() and 0 < int(port) < 65536):
        return False
    return "." in name.rstrip(".") and re.search(r"[\s\\<>\"`^{}|]", name) is None
