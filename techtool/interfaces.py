"""The laptop's network addresses, the charger's way to them first; and which program holds a port.

What decides is pure and works on values; :func:`look` and :func:`holder` ask the system, which takes a
moment: a screen calls them in a thread.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Collection, Iterable
from enum import IntEnum
from typing import NamedTuple

import psutil


class Nature(IntEnum):
    """What kind of interface it is, the likeliest way of a charger first."""

    CABLE = 1
    HOTSPOT = 2
    WIRELESS = 3
    OTHER = 4
    LINK_LOCAL = 5
    VPN = 6
    CONTAINER = 7
    LOOPBACK = 8


WORDS: dict[Nature, str] = {
    Nature.CABLE: "cable, same network as the charger?",
    Nature.HOTSPOT: "this laptop's hotspot",
    Nature.WIRELESS: "Wi-Fi, is the charger in it?",
    Nature.OTHER: "is the charger in this network?",
    Nature.LINK_LOCAL: "no DHCP here: give the charger 169.254.x.x",
    Nature.VPN: "VPN: a charger rarely gets here",
    Nature.CONTAINER: "between programs on this laptop",
    Nature.LOOPBACK: "this laptop only",
}
ITSELF = "In a charger, localhost and 127.0.0.1 mean the charger itself."
_FOLDED = Nature.VPN
_HOTSPOTS = tuple(
    map(ipaddress.ip_network, ("10.42.0.0/16", "192.168.137.0/24", "192.168.2.0/24", "172.20.10.0/28"))
)
"""What NetworkManager, Windows, macOS and phones give to a shared network."""
_NAMES: tuple[tuple[Nature, re.Pattern[str]], ...] = (
    (Nature.LOOPBACK, re.compile(r"lo\d*$|loopback", re.I)),
    (Nature.CONTAINER, re.compile(r"docker|br-[0-9a-f]|veth|cni|flannel|virbr|vmnet|vboxnet|podman|lxc", re.I)),
    (Nature.VPN, re.compile(r"tun|tap|wg|utun|tailscale|zt|ppp|nordlynx|openvpn|wireguard|ipsec|vpn", re.I)),
    (Nature.HOTSPOT, re.compile(r"ap\d|bridge100|.*hotspot|local area connection\*", re.I)),
    (Nature.WIRELESS, re.compile(r"wl|wi-?fi|wlan|ath\d|wireless", re.I)),
    (Nature.CABLE, re.compile(r"eth|en[opsx]|enp|em\d|ethernet|usb\d|lan", re.I)),
)  # fmt: skip


class Seen(NamedTuple):
    """An address as the system tells it."""

    name: str
    address: str
    up: bool = True


class Interface(NamedTuple):
    """An address that a charger could call."""

    name: str
    address: str
    nature: Nature

    @property
    def words(self) -> str:
        """What it is to a technician."""
        return WORDS[self.nature]

    @property
    def folded(self) -> bool:
        """A charger hardly comes this way: shown when asked for."""
        return self.nature >= _FOLDED

    def url(self, port: int) -> str:
        """The address to type into the charger."""
        return url(self.address, port)


class Holder(NamedTuple):
    """The program that has a port, of the network or a serial one."""

    pid: int
    name: str


def url(address: str, port: int) -> str:
    """A WebSocket URL."""
    return f"ws://[{address}]:{port}/" if ":" in address else f"ws://{address}:{port}/"


def classify(seen: Iterable[Seen], heard: Collection[str] = ("0.0.0.0",)) -> list[Interface]:
    """The addresses that are reached when listening on ``heard``, the likeliest first; IPv4 before IPv6."""
    found = []
    for one in seen:
        if "%" in one.address:
            continue  # it holds within a zone, which no charger can be given
        try:
            address = ipaddress.ip_address(one.address)
        except ValueError:
            continue
        everywhere = "::" in heard or (address.version == 4 and "0.0.0.0" in heard)
        if one.up and (everywhere or one.address in heard):
            found.append(Interface(one.name, one.address, nature(one.name, address)))
    return sorted(found, key=lambda one: (one.nature, ":" in one.address, one.name, one.address))


def resolve(host: str) -> frozenset[str]:
    """The addresses of what is listened on, as the system knows the name. Blocks while it asks."""
    try:
        found = socket.getaddrinfo(host or "0.0.0.0", None, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (OSError, UnicodeError):
        return frozenset()
    return frozenset(str(address[0]) for *_, address in found)


def nature(name: str, address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> Nature:
    """What kind of interface has this name and this address."""
    if address.is_loopback:
        return Nature.LOOPBACK
    named = next((kind for kind, pattern in _NAMES if pattern.match(name)), Nature.OTHER)
    if named in (Nature.LOOPBACK, Nature.CONTAINER, Nature.VPN):
        return named
    if address.is_link_local:
        return Nature.LINK_LOCAL
    if any(address.version == 4 and address in network and int(address) & 0xFF == 1 for network in _HOTSPOTS):
        return Nature.HOTSPOT
    return named


def look() -> list[Seen]:
    """What the system has now. Blocks for some milliseconds."""
    up = {name: one.isup for name, one in psutil.net_if_stats().items()}
    return [
        Seen(name, one.address, up.get(name, True))
        for name, addresses in psutil.net_if_addrs().items()
        for one in addresses
        if one.family in (socket.AF_INET, socket.AF_INET6)
    ]


def holder(port: int, host: str = "0.0.0.0") -> Holder | None:
    """Which program keeps us from listening on a TCP port, as far as the system tells.

    Blocks, sometimes for a second.
    """
    try:
        for one in psutil.net_connections("tcp"):
            if (
                one.status == psutil.CONN_LISTEN
                and one.laddr
                and one.laddr.port == port
                and one.pid
                and _same(one.laddr.ip, host)
            ):
                return Holder(one.pid, psutil.Process(one.pid).name())
    except (psutil.Error, OSError):
        pass
    return None


def _same(held: str, wanted: str) -> bool:
    """Two programs can have the same port on different addresses."""
    anywhere = ("", "0.0.0.0", "::")
    return held in anywhere or wanted in anywhere or held == wanted
