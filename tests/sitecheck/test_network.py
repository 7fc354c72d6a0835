"""Which machines the check talks to."""

import pytest

from swapboard.sitecheck.network import refusal

NAMED = frozenset({"intranet.example.com", "127.0.0.1"})


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.0.0.5", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "::1",
     "fe80::1%eth0", "fd00::1", "::ffff:10.0.0.1", "224.0.0.1"],
)  # fmt: skip
def test_a_private_address_that_nobody_named(address: str) -> None:
    assert "private network" in str(refusal("www.example.com", NAMED, lambda _: [address]))


@pytest.mark.parametrize("host", sorted(NAMED))
def test_what_the_user_named_is_asked_wherever_it_is(host: str) -> None:
    assert refusal(host, NAMED, lambda _: ["10.0.0.5"]) is None


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"])
def test_a_public_address(address: str) -> None:
    assert refusal("www.example.com", NAMED, lambda _: [address]) is None


def test_one_private_address_among_public_ones_is_enough() -> None:
    assert refusal("www.example.com", NAMED, lambda _: ["93.184.215.14", "10.0.0.1"]) is not None


def test_a_host_that_nobody_knows() -> None:
    def fails(host: str) -> list[str]:
        raise OSError(host)

    assert refusal("www.example.com", NAMED, fails) == "www.example.com has no address"
    assert refusal("www.example.com", NAMED, lambda _: []) is not None


def test_the_systems_own_resolver() -> None:
    assert "private network" in str(refusal("localhost", NAMED))
