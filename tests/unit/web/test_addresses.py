from ipaddress import IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.web.addresses import NAT64, may_ask, may_connect

PRIVATE = [
    "127.0.0.1",
    "127.255.0.3",
    "10.0.0.1",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "100.64.0.1",
    "::1",
    "fd12::1",
]
NEVER = [
    "0.0.0.0",  # noqa: S104 - nothing is bound to it
    "0.1.2.3",
    "169.254.169.254",
    "169.254.0.1",
    "100.100.100.200",
    "168.63.129.16",
    "192.0.0.192",
    "192.0.2.1",
    "198.51.100.1",
    "203.0.113.1",
    "192.88.99.1",
    "224.0.0.1",
    "239.255.255.255",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "fd00:ec2::254",
    "fd20:ce::254",
    "ff02::1",
    "2001:db8::1",
    "100::1",
    "::ffff:127.0.0.1",
    "::ffff:8.8.8.8",
    "::127.0.0.1",
    "2002:7f00:1::",
    "2002:0808:0808::1",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "64:ff9b::169.254.169.254",
    "64:ff9b:1::1",
]


@pytest.mark.parametrize("address", [*PRIVATE, *NEVER, "64:ff9b::10.0.0.1", "64:ff9b::127.0.0.1"])
def test_what_is_not_the_public_internet_is_refused(address: str):
    assert not may_connect(address, allow_private=False)


@pytest.mark.parametrize("address", PRIVATE)
def test_private_networks_are_allowed_on_request(address: str):
    assert may_connect(address, allow_private=True)


@pytest.mark.parametrize("address", NEVER)
def test_link_local_metadata_and_reserved_addresses_never_are(address: str):
    assert not may_connect(address, allow_private=True)


@pytest.mark.parametrize("address", ["8.8.8.8", "172.32.0.1", "100.128.0.1", "2a00:1450:4010::1", "64:ff9b::8.8.8.8"])
def test_the_public_internet_is_allowed(address: str):
    assert may_connect(address, allow_private=False)


@given(st.ip_addresses())
def test_whatever_is_allowed_python_calls_no_private_address(address):
    kinds = ("is_private", "is_loopback", "is_link_local", "is_multicast", "is_reserved", "is_unspecified")
    if may_connect(str(address), allow_private=False) and not (isinstance(address, IPv6Address) and address in NAT64):
        assert [kind for kind in kinds if getattr(address, kind)] == []


@given(st.text())
def test_what_is_no_address_is_refused(text: str):
    assert not may_connect(text + "x", allow_private=True)


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "0x7f.1",
        "0X7F000001",
        "2130706433",
        "127.1",
        "0177.0.0.1",
        "127.0.0.1.",
        "::1",
        "localhost",
        "LOCALHOST.",
        "a.localhost",
    ],
)
def test_this_machine_is_refused_however_it_is_spelt(host: str):
    assert not may_ask(host, allow_private=False)


@pytest.mark.parametrize("host", ["0x7f.1", "2130706433", "127.1", "0177.0.0.1", "127.0.0.1.", "1.2.3.4.5", ""])
def test_odd_spellings_are_refused_even_where_this_machine_is_allowed(host: str):
    assert not may_ask(host, allow_private=True)


@pytest.mark.parametrize(
    "host", ["metadata.google.internal", "Metadata.Google.Internal.", "metadata", "instance-data.ec2.internal"]
)
def test_names_of_metadata_services_are_refused_always(host: str):
    assert not may_ask(host, allow_private=True)


@pytest.mark.parametrize("host", ["www.trud.ru", "localhost.test", "xn--80aqahj.xn--p1ai", "3com.com", "trud.ru."])
def test_other_names_are_left_to_their_addresses(host: str):
    assert may_ask(host, allow_private=False)
