from __future__ import annotations

import psutil
import pytest

from techtool.interfaces import Nature, Seen, classify, holder, look, resolve, url


@pytest.mark.parametrize(
    ("name", "address", "nature"),
    [
        ("eth0", "192.168.1.50", Nature.CABLE),
        ("enp3s0", "10.0.0.5", Nature.CABLE),
        ("Ethernet 2", "192.168.0.2", Nature.CABLE),
        ("eth1", "169.254.7.3", Nature.LINK_LOCAL),
        ("wlan0", "192.168.1.51", Nature.WIRELESS),
        ("wlp2s0", "10.42.0.1", Nature.HOTSPOT),
        ("Wi-Fi", "192.168.1.9", Nature.WIRELESS),
        ("Local Area Connection* 2", "192.168.137.1", Nature.HOTSPOT),
        ("bridge100", "192.168.2.1", Nature.HOTSPOT),
        ("en0", "192.168.1.7", Nature.OTHER),
        ("lo", "127.0.0.1", Nature.LOOPBACK),
        ("docker0", "172.17.0.1", Nature.CONTAINER),
        ("vEthernet (WSL)", "172.20.1.1", Nature.CONTAINER),
        ("br-0123abcd", "172.18.0.1", Nature.CONTAINER),
        ("tun0", "10.8.0.2", Nature.VPN),
        ("wg0", "10.9.0.2", Nature.VPN),
        ("tailscale0", "100.64.0.1", Nature.VPN),
    ],
)
def test_what_an_interface_is(name: str, address: str, nature: Nature) -> None:
    (found,) = classify([Seen(name, address)])
    assert found.nature is nature
    assert found.words
    assert found.folded is (nature in (Nature.VPN, Nature.CONTAINER, Nature.LOOPBACK))


def test_the_likeliest_comes_first_and_what_is_down_does_not_come() -> None:
    seen = [
        Seen("lo", "127.0.0.1"),
        Seen("wlan0", "192.168.1.3"),
        Seen("eth1", "169.254.1.1"),
        Seen("eth0", "192.168.1.2"),
        Seen("eth2", "192.168.1.4", up=False),
        Seen("eth0", "fe80::1"),
    ]
    assert [one.address for one in classify(seen)] == ["192.168.1.2", "192.168.1.3", "169.254.1.1", "127.0.0.1"]
    assert [one.address for one in classify(seen, {"127.0.0.1"})] == ["127.0.0.1"]


def test_ipv6_comes_where_it_is_listened_on() -> None:
    seen = [Seen("eth0", "fd00::2"), Seen("eth0", "192.168.1.2"), Seen("eth0", "fe80::1%eth0"), Seen("lo", "::1")]
    assert [one.address for one in classify(seen)] == ["192.168.1.2"]
    assert [one.address for one in classify(seen, {"::"})] == ["192.168.1.2", "fd00::2", "::1"]
    assert [one.address for one in classify(seen, {"::1"})] == ["::1"]


def test_a_name_is_the_addresses_that_it_has() -> None:
    assert "127.0.0.1" in resolve("localhost") and resolve("::1") == {"::1"}
    assert resolve("") == resolve("0.0.0.0") == {"0.0.0.0"}
    assert resolve("no such.host") == resolve("x" * 300) == frozenset()


def test_urls() -> None:
    assert url("192.168.1.2", 9000) == "ws://192.168.1.2:9000/"
    assert url("fe80::1", 9000) == "ws://[fe80::1]:9000/"


def test_the_system_is_asked() -> None:
    assert any(one.address == "127.0.0.1" for one in look())


def test_who_holds_a_port_is_best_effort(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(kind: str) -> None:
        raise psutil.AccessDenied

    monkeypatch.setattr(psutil, "net_connections", refused)
    assert holder(9000) is None
