import pytest
from cryptography.fernet import Fernet

from swapboard.accounts.secrets import Vault
from swapboard.carriers.base import CarrierError, Fault
from swapboard.carriers.installed import BrokenCarrier
from swapboard.carriers.opening import open_account

CREDENTIALS = {"account_sid": "AC" + "0" * 32, "auth_token": "word"}


@pytest.fixture
def vault() -> Vault:
    return Vault(Fernet.generate_key())


def test_an_account_opens_by_what_was_sealed(vault: Vault) -> None:
    assert open_account("sandbox", vault.seal(CREDENTIALS), vault)


def test_what_keeps_an_account_closed_is_its_owners_to_mend(vault: Vault) -> None:
    another = Vault(Fernet.generate_key())
    for kind, sealed in [
        ("of a package that was removed", vault.seal(CREDENTIALS)),
        ("sandbox", vault.seal({})),
        ("sandbox", another.seal(CREDENTIALS)),
    ]:
        with pytest.raises(CarrierError) as refused:
            open_account(kind, sealed, vault)
        assert refused.value.fault is Fault.ACCOUNT


def test_a_broken_package_may_be_mended_any_moment(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(kind: str) -> object:
        raise BrokenCarrier(kind, "ImportError()")

    monkeypatch.setattr("swapboard.carriers.opening.carrier_kind", broken)
    with pytest.raises(CarrierError, match="its package is broken") as refused:
        open_account("twilio", vault.seal(CREDENTIALS), vault)
    assert not refused.value.permanent
