# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""No way around the address policy: spellings, wrappings, names with two addresses."""

import ipaddress

import pytest
from hc_core.network_policy import (
    Allowance,
    NetworkError,
    is_numeric_host,
    kind_of,
    parse_target,
    permitted_addresses,
)
from hypothesis import given
from hypothesis import strategies as st

V4 = st.ip_addresses(v=4)
V6 = st.ip_addresses(v=6)
PRIVATE = st.sampled_from(
    ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "127.0.0.0/8", "fc00::/7"]
).flatmap(lambda text: st.ip_addresses(network=text))


@given(V4 | V6)
def test_what_the_standard_library_calls_special_is_never_public(address):
    special = (
        address.is_private
        or address.is_loopback
        or address.is_link_local
        or address.is_multicast
        or address.is_reserved
        or address.is_unspecified
    )
    if special:
        assert kind_of(address)


@given(V4)
def test_an_address_wrapped_in_ipv6_is_no_better_than_itself(address):
    number = int(address)
    wrapped = (
        f"::ffff:{address}",
        f"64:ff9b::{address}",
        f"::{address}",
        str(ipaddress.IPv6Address((0x2002 << 112) | (number << 80))),
        str(ipaddress.IPv6Address((0x20010000 << 96) | (~number & 0xFFFFFFFF))),
    )
    for text in wrapped:
        assert kind_of(ipaddress.ip_address(text))


@given(PRIVATE, st.integers(1, 65535))
def test_private_addresses_are_refused_without_an_allowance(address, port):
    with pytest.raises(NetworkError) as caught:
        permitted_addresses("inside.example", port, [str(address)])
    assert caught.value.code == "address_refused"
    assert str(address) in caught.value.message


@given(PRIVATE, st.integers(1, 65535), st.integers(1, 65535))
def test_an_allowance_opens_its_address_and_port_only(address, port, other_port):
    allowance = Allowance(parse_target(str(address)), port)
    permitted = permitted_addresses("inside.example", port, [str(address)], [allowance])
    assert permitted == [(str(address), allowance)]
    if other_port != port:
        with pytest.raises(NetworkError):
            permitted_addresses("inside.example", other_port, [str(address)], [allowance])


@given(PRIVATE)
def test_a_name_that_points_outside_and_inside_is_refused(address):
    with pytest.raises(NetworkError):
        permitted_addresses("both.example", 443, ["9.9.9.9", str(address)])


def test_a_public_address_passes():
    assert permitted_addresses("public.example", 443, ["9.9.9.9"]) == [("9.9.9.9", None)]


@pytest.mark.parametrize("address", ["169.254.169.254", "0.0.0.1", "224.0.0.1", "fe80::1"])
def test_some_addresses_no_allowance_opens(address):
    with pytest.raises(NetworkError, match="no allowance can open"):
        permitted_addresses("cloud", 80, [address], [Allowance("cloud")])
    with pytest.raises(NetworkError) as caught:
        parse_target(address)
    assert caught.value.code == "target_forbidden"


@pytest.mark.parametrize("text", ["10.0.0.0/8", "0.0.0.0/0", "fc00::/7", "::/0", "10.0.0.0/15"])
def test_broad_allowances_are_refused(text):
    with pytest.raises(NetworkError, match="too broad"):
        parse_target(text)


@pytest.mark.parametrize(
    "text", ["", "a b", "-x", "http://x", "10.1.2.3/33", "2130706433", "127.1"]
)
def test_what_is_no_target(text):
    with pytest.raises(NetworkError) as caught:
        parse_target(text)
    assert caught.value.code == "target_invalid"


@given(st.text(max_size=60))
def test_any_text_gives_a_target_that_parses_to_itself_or_an_error(text):
    try:
        target = parse_target(text)
    except NetworkError:
        return
    assert parse_target(target) == target


@given(V4)
def test_every_spelling_that_ends_in_a_number_is_numeric(address):
    number = int(address)
    spellings = (str(number), hex(number), f"{number >> 24}.{number & 0xFFFFFF}", f"{address}.")
    for host in spellings:
        assert is_numeric_host(host)


def test_names_of_hosts_match_without_regard_to_case_and_final_dot():
    allowance = Allowance(parse_target("HL7.Clinic.example"), 8080)
    address = ipaddress.ip_address("10.0.0.9")
    assert allowance.covers("hl7.clinic.EXAMPLE.", address, 8080)
    assert not allowance.covers("x.hl7.clinic.example", address, 8080)
