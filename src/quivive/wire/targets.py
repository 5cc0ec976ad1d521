"""Keeps an address people typed from leading into this machine or its own network.

A webhook whose name resolves to 127.0.0.1, to the cloud's metadata service or to a printer of the
office would make this server speak there in our name (CWE-918). The name is checked when it is
saved; and when a notice leaves, every connection of that thread is checked at the moment it is
made, so neither a redirect nor a name that changed its address in between gets through.
"""

import ipaddress
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

GIVEN_OUT = ipaddress.ip_network("2000::/3")
"""All of IPv6 that is in public use (IANA, IPv6 Global Unicast Address Assignments)."""

NAT64 = ipaddress.ip_network("64:ff9b::/96")
"""IPv4 as networks without it reach it (RFC 6052)."""

PROTOCOLS = ipaddress.ip_network("192.0.0.0/24")
"""For protocols alone (RFC 6890); one cloud answers there with the machine's secrets."""

_thread = threading.local()


class InsideTarget(Exception):
    """The address leads inside; its text is the address."""


class InsideRefused(OSError):
    """A connection to a place inside was refused at the moment it was made."""


class GuardedThread:
    """Keeps all connections of one thread outside, for as long as it is entered.

    For event loops, where one thread makes everybody's connections.

    Args:
        allowed: guard nothing; the installation trusts its own network.
    """

    def __init__(self, *, allowed: bool) -> None:
        """Guard nothing yet."""
        self._allowed = allowed

    def enter(self) -> None:
        """Guard the thread that calls this."""
        if not self._allowed:
            _listen_to_connections()
            _thread.refused = None
            _thread.guarded = True

    def leave(self) -> None:
        """Let the thread go."""
        if not self._allowed:
            _thread.guarded = False


def check_target(host: str) -> None:
    """Refuse a host that resolves to a place inside; a name nobody knows yet is let through.

    Raises:
        InsideTarget: at least one of its addresses is not public.
    """
    bare = host.strip("[]")
    if not bare:
        return
    try:
        found = socket.getaddrinfo(bare, None, proto=socket.IPPROTO_TCP)
    except OSError:
        return
    for *_, place in found:
        if is_inside(str(place[0])):
            raise InsideTarget(host)


def is_inside(address: str) -> bool:
    """Tell whether an IP address is anything but a public one.

    An IPv6 address that carries an IPv4 one (mapped, 6to4, NAT64) leads where that one lies.

    >>> [is_inside(one) for one in ("169.254.169.254", "::ffff:127.0.0.1", "9.9.9.9")]
    [True, True, False]
    """
    try:
        place = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return True
    if isinstance(place, ipaddress.IPv6Address):
        carried = _carried(place)
        if carried is None and place not in GIVEN_OUT:
            return True
        place = carried or place
    return not place.is_global or place.is_multicast or place in PROTOCOLS


def _carried(place: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    if place in NAT64:
        return ipaddress.IPv4Address(place.packed[-4:])
    return place.ipv4_mapped or place.sixtofour


@contextmanager
def stay_outside() -> Iterator[None]:
    """Refuse, in this thread, every connection to a place inside.

    Raises:
        InsideTarget: on leaving, when one was refused: libraries swallow the error itself.
    """
    _listen_to_connections()
    _thread.refused = None
    _thread.guarded = True
    try:
        yield
    finally:
        _thread.guarded = False
    if _thread.refused:
        raise InsideTarget(_thread.refused)


@cache
def _listen_to_connections() -> None:
    """Watch this process's connections, once: Python offers no narrower place (PEP 578)."""
    sys.addaudithook(_refuse_inside)


def _refuse_inside(event: str, details: tuple[object, ...]) -> None:
    if event != "socket.connect" or not getattr(_thread, "guarded", False):
        return
    place = details[1]
    address = str(place[0]) if isinstance(place, tuple) else str(place)
    if is_inside(address):
        _thread.refused = address
        raise InsideRefused(f"{address} lies inside.")
