"""Which addresses may be connected to: the public internet, private networks on request, some never.

The networks are those of IANA's special-purpose address registries (RFC 6890 and its updates), written down here
because what `ipaddress` calls private or global differs between Python versions.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network


def _networks(text: str) -> tuple[Network, ...]:
    return tuple(ip_network(word) for word in text.split())


NEVER: Final = _networks(
    # this network, link-local with most metadata services, IETF protocols, 6to4 relays, multicast, reserved
    "0.0.0.0/8 169.254.0.0/16 192.0.0.0/24 192.88.99.0/24 224.0.0.0/4 240.0.0.0/4 "
    # documentation
    "192.0.2.0/24 198.51.100.0/24 203.0.113.0/24 2001:db8::/32 3fff::/20 "
    # metadata services that are elsewhere: Alibaba, Azure, Amazon, Google, Scaleway
    "100.100.100.200/32 168.63.129.16/32 fd00:ec2::254/128 fd20:ce::254/128 fd00:42::42/128 "
    # within global unicast: IETF protocols (Teredo among them), 6to4
    "2001::/23 2002::/16"
)
PRIVATE: Final = _networks(
    # loopback, private, carrier-grade NAT, benchmarking (as some tunnels use it), unique local
    "127.0.0.0/8 10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 100.64.0.0/10 198.18.0.0/15 ::1/128 fc00::/7"
)
GLOBAL_UNICAST: Final = ip_network("2000::/3")
"""All of IPv6 that is the public internet; mapped, local and multicast addresses lie outside."""

NAT64: Final = ip_network("64:ff9b::/96")
"""RFC 6052: how a machine without IPv4 reaches an IPv4 address, which is in the last 32 bits."""

METADATA_NAMES: Final = frozenset(
    {
        "instance-data",
        "instance-data.ec2.internal",
        "metadata",
        "metadata.azure.internal",
        "metadata.goog",
        "metadata.google.internal",
        "metadata.packet.net",
        "metadata.platformequinix.com",
        "metadata.tencentyun.com",
    }
)


def may_connect(address: str, allow_private: bool) -> bool:
    """Whether a socket may be connected to `address`, an IP address in digits; anything else may not."""
    try:
        ip = _effective(ip_address(address))
    except ValueError:
        return False
    if any(ip in network for network in NEVER):
        return False
    if any(ip in network for network in PRIVATE):
        return allow_private
    return ip.version == 4 or ip in GLOBAL_UNICAST


def may_ask(host: str, allow_private: bool) -> bool:
    """Whether a URL's host may be asked at all; a name that passes still has its addresses checked one by one.

    Refuses names of metadata services, IP addresses by the rule above, and numbers that only some resolvers
    take for an address (`0x7f.1`, `2130706433`, `127.0.0.1.`).
    """
    name = host.rstrip(".").lower()
    if name in METADATA_NAMES:
        return False
    if name == "localhost" or name.endswith(".localhost"):  # RFC 6761: always this machine
        return allow_private
    if ":" in host or _ends_in_number(name):
        return may_connect(host, allow_private)
    return bool(name)


def _effective(ip: Address) -> Address:
    return IPv4Address(int(ip) & 0xFFFFFFFF) if ip in NAT64 else ip


def _ends_in_number(name: str) -> bool:
    """As browsers tell an IPv4 address from a name (WHATWG URL, "ends in a number")."""
    last = name.rpartition(".")[2]
    return last.isdigit() or last.startswith("0x")
