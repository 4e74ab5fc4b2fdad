"""Webhooks reach the public internet; every way into a private network is closed."""

import ipaddress
import socket

import pytest

from integrity.outbox import addresses, sending
from integrity.outbox.choices import AttemptError


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0",
        "100.64.0.1", "192.0.2.1", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255",
        "::1", "::", "fe80::1", "fc00::1", "fd12::1", "ff02::1", "2001:db8::1",
        "::ffff:10.0.0.1", "::ffff:127.0.0.1", "64:ff9b::a00:1", "2002:7f00:1::",
    ],
)  # fmt: skip
def test_a_private_address_is_not_called(address):
    assert not addresses.allowed(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", ["145.100.0.1", "2a02:898::1", "64:ff9b::9164:1"])
def test_a_public_address_is(address):
    assert addresses.allowed(ipaddress.ip_address(address))


def test_a_setting_opens_one_network_and_no_other(settings):
    settings.WEBHOOK_PRIVATE_NETWORKS = ["10.20.0.0/16"]

    assert addresses.allowed(ipaddress.ip_address("10.20.3.4"))
    assert addresses.allowed(ipaddress.ip_address("::ffff:10.20.3.4"))
    assert not addresses.allowed(ipaddress.ip_address("10.21.3.4"))


@pytest.mark.parametrize(
    "url",
    [
        "", "platform.example/hook", "http://platform.example/hook", "ftp://platform.example/",
        "https://", "https:///hook", "https://user:pw@platform.example/", "https://a b.example/",
        "https://platform.example/#top", "https://127.0.0.1/", "https://[::1]/", "https://[::1",
        "https://platform.example:0/", "https://platform.example:99999/", "javascript:alert(1)",
        "https://platform.example/\r\nX-Evil: 1", "https://plаtform.example/",
        "https://platform.example/" + "x" * 500, "http://127.0.0.1/", "https://169.254.169.254/",
    ],
)  # fmt: skip
def test_an_unsafe_or_broken_address_is_refused_with_a_reason(url):
    assert str(addresses.why_not(url))


def test_https_to_a_name_is_welcome():
    assert addresses.why_not("https://hooks.platform.example:8443/waarborg?key=1") is None


def test_plain_http_is_for_loopback_in_the_demo_only(settings):
    settings.DEMO = True

    assert addresses.why_not("http://127.0.0.1:8100/hook") is None
    assert addresses.why_not("http://localhost:8100/hook") is None
    assert addresses.why_not("http://platform.example/hook") is not None


def resolving_to(monkeypatch, *found: str) -> None:
    def getaddrinfo(host, port, **kwargs):
        return [
            (
                socket.AF_INET6 if ":" in address else socket.AF_INET,
                socket.SOCK_STREAM, 6, "", (address, port),
            )
            for address in found
        ]  # fmt: skip

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)


@pytest.mark.parametrize("found", [["10.0.0.5"], ["145.100.0.1", "127.0.0.1"], ["::1"]])
def test_a_name_that_leads_inside_is_not_called(monkeypatch, found):
    resolving_to(monkeypatch, *found)

    answer = sending.send(url="https://rebind.example/", headers={}, body="{}")

    assert answer.error == AttemptError.ADDRESS


def test_the_address_that_was_looked_at_is_the_one_connected_to(monkeypatch):
    resolving_to(monkeypatch, "145.100.0.1")
    connected = []

    def connect(found):
        connected.extend(address.sockaddr for address in found)
        raise sending._NoConnectionError

    monkeypatch.setattr(sending, "_connect", connect)

    answer = sending.send(url="https://platform.example/", headers={}, body="{}")

    assert answer.error == AttemptError.CONNECT
    assert connected == [("145.100.0.1", 443)]


def test_an_unknown_name_is_named_as_such(monkeypatch):
    def unknown(*args, **kwargs):
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", unknown)

    assert sending.send(url="https://gone.example/", headers={}, body="{}").error == "name"
