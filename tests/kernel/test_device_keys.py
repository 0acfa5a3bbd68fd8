"""This computer's own key: only keyrings that encrypt have it, and none at all is a normal state."""

from __future__ import annotations

from importlib import import_module

import keyring
import keyring.backends.fail
import keyring.backends.null
import pytest
from keyring.backend import KeyringBackend
from keyring.backends.chainer import ChainerBackend

from clinic_desktop.kernel.device_keys import ALLOWED, DeviceKeyUnavailable, can_keep_keys, make_device_key
from clinic_desktop.kernel.keys import (
    DeviceKey,
    KeyFile,
    WrongPassphrase,
)
from clinic_desktop.wording import sentence
from tests.kernel.encrypted import HEAD, Clinic, PlainFileKeyring, SafeKeyring


def test_a_computer_without_a_safe_keyring_says_so(clinic: Clinic, no_keyring: None) -> None:
    for backend in (keyring.get_keyring(), PlainFileKeyring(), _chain(PlainFileKeyring()), keyring.backends.null.Keyring()):
        keyring.set_keyring(backend)
        assert not can_keep_keys()
        with pytest.raises(DeviceKeyUnavailable) as refused:
            clinic.add(DeviceKey())
        assert refused.value.params["reason"] == "no_keyring"
        assert "All else works" in sentence(refused.value)
        with pytest.raises(DeviceKeyUnavailable):
            clinic.open(DeviceKey())


@pytest.mark.parametrize("system", ["Windows", "macOS", "SecretService", "kwallet", "libsecret"])
def test_the_keyrings_of_the_operating_systems_are_allowed_by_their_real_names(system: str) -> None:
    kinds = vars(import_module(f"keyring.backends.{system}")).values()
    backends = [
        kind
        for kind in kinds
        if isinstance(kind, type) and issubclass(kind, KeyringBackend) and kind.__module__.startswith("keyring.backends")
    ]
    assert backends
    assert {kind.__module__ for kind in backends} <= ALLOWED


def test_of_several_keyrings_the_safe_one_is_taken(clinic: Clinic, no_keyring: None) -> None:
    plain, safe = PlainFileKeyring(), SafeKeyring()
    keyring.set_keyring(_chain(plain, safe))
    clinic.add(DeviceKey())
    assert len(safe.kept) == 1
    assert plain.kept == {}
    assert clinic.opens(DeviceKey()) == clinic.opens(HEAD)


def test_a_key_of_another_computer_does_not_open(clinic: Clinic, safe_keyring: SafeKeyring) -> None:
    clinic.add(DeviceKey())
    here = dict(safe_keyring.kept)
    safe_keyring.kept.clear()
    with pytest.raises(DeviceKeyUnavailable) as refused:
        clinic.open(DeviceKey())
    assert refused.value.params["reason"] == "not_here"
    make_device_key(KeyFile.parse(clinic.key_file.read_bytes()).id)
    with pytest.raises(WrongPassphrase):
        clinic.open(DeviceKey())
    clinic.add(DeviceKey())  # a second computer of the same clinic: both open
    assert clinic.opens(DeviceKey())
    safe_keyring.kept.update(here)
    assert clinic.opens(DeviceKey())


def test_a_locked_keyring_is_no_crash(clinic: Clinic, safe_keyring: SafeKeyring) -> None:
    clinic.add(DeviceKey())
    safe_keyring.is_locked = True
    with pytest.raises(DeviceKeyUnavailable) as refused:
        clinic.open(DeviceKey())
    assert refused.value.params["reason"] == "refused"


def _chain(*backends: KeyringBackend) -> ChainerBackend:
    class Chain(ChainerBackend):
        pass

    Chain.__module__ = ChainerBackend.__module__
    Chain.backends = list(backends)  # type: ignore[assignment]
    return Chain()
