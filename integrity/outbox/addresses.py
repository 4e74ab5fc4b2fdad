"""Which addresses a webhook may reach: the public internet, unless a setting says more."""

import ipaddress
import socket
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from integrity.refusals import Refusal

IpAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

LONGEST_URL = 500
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


class NotAllowedError(Exception):
    """The address is not one that we may call."""


@dataclass(frozen=True, slots=True)
class Address:
    """One resolved address, ready to connect to."""

    family: socket.AddressFamily
    sockaddr: Any


def why_not(url: str) -> Refusal | None:
    """Say what is wrong with an endpoint's URL as it is written, without looking up its name."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port, parts = None, None, SplitResult("", "", "", "", "")
    if len(url) > LONGEST_URL or not url.isascii() or not url.isprintable() or " " in url:
        return Refusal(_("Write the address in plain letters, at most 500."), code="bad_url")
    if parts.scheme not in ("https", "http") or not host or port == 0:
        return Refusal(_("Write a whole address that begins with https://."), code="bad_url")
    if parts.username or parts.password or parts.fragment:
        return Refusal(_("Leave out names, passwords and #fragments."), code="bad_url")
    literal = _literal(host)
    if parts.scheme == "http" and not (_loopback_allowed() and _is_loopback_host(host, literal)):
        return Refusal(_("Use https: what we send is confidential."), code="bad_url")
    if literal is not None and not allowed(literal):
        return Refusal(_("This address lies inside a private network."), code="bad_url")
    return None


def resolve(url: str) -> list[Address]:
    """Look the host up and return its addresses, all of them allowed; raise otherwise.

    Connecting to what was looked at here, not to the name again, is what makes the look count.
    """
    if why_not(url) is not None:
        raise NotAllowedError(url)
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    found = socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
    for *_rest, sockaddr in found:
        ip = ipaddress.ip_address(str(sockaddr[0]).partition("%")[0])
        if not allowed(ip) or (parts.scheme == "http" and not ip.is_loopback):
            raise NotAllowedError(str(ip))
    return [Address(family, sockaddr) for family, _type, _proto, _name, sockaddr in found]


def allowed(ip: IpAddress) -> bool:
    """Say whether we may call an address."""
    if any(ip in ipaddress.ip_network(net) for net in settings.WEBHOOK_PRIVATE_NETWORKS):
        return True
    if ip.is_loopback and _loopback_allowed():
        return True
    inner = _carried(ip)
    if inner is not None:
        return allowed(inner)
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified)


def _carried(ip: IpAddress) -> ipaddress.IPv4Address | None:
    # An IPv6 address may be a way to an IPv4 one: that one counts.
    if isinstance(ip, ipaddress.IPv4Address):
        return None
    if ip in _NAT64:
        return ipaddress.IPv4Address(int(ip) & 0xFFFF_FFFF)
    return ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)


def _loopback_allowed() -> bool:
    return bool(settings.DEMO or settings.DEBUG)


def _literal(host: str) -> IpAddress | None:
    try:
        return ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return None


def _is_loopback_host(host: str, literal: IpAddress | None) -> bool:
    return host == "localhost" or (literal is not None and literal.is_loopback)
