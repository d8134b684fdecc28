# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Which addresses the server may connect to.

Every address that is not on the public Internet is refused, whatever it is spelled or wrapped
in, unless an allowance names it. The ranges are those of IANA's special-purpose address
registries (RFC 6890 and its successors).
"""

import ipaddress
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from .errors import HcError

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

# Broader allowances would open most of a private network.
MIN_PREFIX_V4 = 16
MIN_PREFIX_V6 = 48

# An allowance never opens these: nobody offers a service there but the machine's own cloud.
_NEVER = ("unspecified", "link_local", "metadata", "multicast", "broadcast")

_RANGES = {
    "unspecified": ("0.0.0.0/8", "::/128"),
    "metadata": ("169.254.169.254/32", "100.100.100.200/32", "fd00:ec2::254/128"),
    "loopback": ("127.0.0.0/8", "::1/128"),
    "link_local": ("169.254.0.0/16", "fe80::/10"),
    "private": ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7", "fec0::/10"),
    "carrier_nat": ("100.64.0.0/10",),
    "broadcast": ("255.255.255.255/32",),
    "multicast": ("224.0.0.0/4", "ff00::/8"),
    "reserved": (
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "240.0.0.0/4",
        "100::/64",
        "2001:db8::/32",
        "2001:2::/48",
        "3fff::/20",
        "5f00::/16",
    ),
}
_NETWORKS = tuple(
    (kind, ipaddress.ip_network(text)) for kind, texts in _RANGES.items() for text in texts
)
# IPv6 ranges that carry an IPv4 address: network, how far the address stands from the right.
_EMBEDDING = tuple(
    (ipaddress.ip_network(text), shift)
    for text, shift in (
        ("::ffff:0:0/96", 0),
        ("::ffff:0:0:0/96", 0),
        ("64:ff9b::/96", 0),
        ("64:ff9b:1::/48", 0),
        ("2002::/16", 80),
        ("::/96", 0),
    )
)
_GLOBAL_UNICAST = ipaddress.ip_network("2000::/3")
_TEREDO = ipaddress.ip_network("2001::/32")
_HOST_NAME = re.compile(
    r"(?=.{1,253}\Z)[a-z0-9_]([a-z0-9_-]{0,62})(\.[a-z0-9_]([a-z0-9_-]{0,62}))*"
)


class NetworkError(HcError):
    """An address that may not be connected to, or an allowance that cannot be used."""

    messages = {
        "address_refused": (
            "{host} is at {address}, which is not on the public Internet ({kind}). If the server "
            "may call it, an administrator proposes an allowance under Configuration, "
            "Integration, Outgoing Allowances, and another one approves it."
        ),
        "address_forbidden": (
            "{host} is at {address} ({kind}), which no allowance can open: correct the address."
        ),
        "target_invalid": (
            "{target} is neither a host name nor an address or range: write clinic.example.org, "
            "10.1.2.3 or 10.1.2.0/24."
        ),
        "target_too_broad": (
            "{target} is too broad: name at most a /{limit} range, better the one address."
        ),
        "target_forbidden": "{target} ({kind}) can never be called: name the service's address.",
    }


def kind_of(address: Address) -> str:
    """Return the kind of a special address, or an empty text for a public one.

    >>> kind_of(ipaddress.ip_address("10.0.0.7")), kind_of(ipaddress.ip_address("9.9.9.9"))
    ('private', '')
    >>> kind_of(ipaddress.ip_address("::ffff:127.0.0.1"))
    'loopback'
    """
    for kind, network in _NETWORKS:
        if address.version == network.version and address in network:
            return kind
    if address.version == 6:
        embedded = _embedded(address)
        if embedded is not None:
            return kind_of(embedded) or "embedded"
        if address not in _GLOBAL_UNICAST:
            return "reserved"
    return "" if address.is_global else "reserved"


def _embedded(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address behind an IPv6 one: nobody needs such a detour to a public server."""
    for network, shift in _EMBEDDING:
        if address in network:
            return ipaddress.IPv4Address((int(address) >> shift) & 0xFFFFFFFF)
    if address in _TEREDO:
        return ipaddress.IPv4Address(~int(address) & 0xFFFFFFFF)
    return None


@dataclass(frozen=True)
class Allowance:
    """Leave to connect to a host or range that is not public.

    :param target: host name, address or CIDR range, as ``parse_target`` returns it
    :param port: the one port; 0 for all
    :param plain: calls without TLS are allowed too
    """

    target: str
    port: int = 0
    plain: bool = False

    @cached_property
    def network(self):
        """The range that the target means; None for a host name."""
        try:
            return ipaddress.ip_network(self.target)
        except ValueError:
            return None

    def covers(self, host: str, address: Address, port: int) -> bool:
        """Whether a connection to this address of a host is allowed by it."""
        if self.port not in (0, port):
            return False
        if self.network is None:
            return host.rstrip(".").lower() == self.target
        return address.version == self.network.version and address in self.network


def parse_target(text: str) -> str:
    """Return the target of an allowance in its one spelling.

    :raises NetworkError: ``target_invalid``, ``target_too_broad`` or ``target_forbidden``

    >>> parse_target(" 10.1.2.0/24 "), parse_target("HL7.Clinic.example."), parse_target("::1")
    ('10.1.2.0/24', 'hl7.clinic.example', '::1/128')
    """
    text = text.strip().rstrip(".").lower()
    try:
        network = ipaddress.ip_network(text)
    except ValueError:
        if _HOST_NAME.fullmatch(text) and not is_numeric_host(text):
            return text
        raise NetworkError("target_invalid", target=text[:100]) from None
    limit = MIN_PREFIX_V4 if network.version == 4 else MIN_PREFIX_V6
    if network.prefixlen < limit:
        raise NetworkError("target_too_broad", target=text, limit=limit)
    kind = kind_of(network.network_address)
    if kind in _NEVER:
        raise NetworkError("target_forbidden", target=text, kind=kind)
    return str(network)


def is_numeric_host(host: str) -> bool:
    """Whether system libraries might read a host as an address in an unusual spelling.

    >>> [is_numeric_host(host) for host in ("2130706433", "0x7f.1", "127.1", "1.example")]
    [True, True, True, False]
    """
    last = host.rstrip(".").rpartition(".")[2].lower()
    return bool(re.fullmatch(r"[0-9]+|0x[0-9a-f]*", last))


def permitted_addresses(
    host: str, port: int, addresses: Iterable[str], allowances: Iterable[Allowance] = ()
) -> list[tuple[str, Allowance | None]]:
    """Return the addresses to connect to, in order, each with the allowance that opened it.

    All addresses of a host must be permitted, not only one: a name that also points into the
    private network is a trap or a mistake.

    :raises NetworkError: ``address_refused`` or ``address_forbidden``
    """
    allowances = tuple(allowances)
    permitted = []
    for text in addresses:
        address = ipaddress.ip_address(text.partition("%")[0])
        kind = kind_of(address)
        allowance = next((each for each in allowances if each.covers(host, address, port)), None)
        if kind in _NEVER:
            raise NetworkError("address_forbidden", host=host, address=str(address), kind=kind)
        if kind and allowance is None:
            raise NetworkError("address_refused", host=host, address=str(address), kind=kind)
        permitted.append((str(address), allowance))
    return permitted
