"""What the vault seals opens in its place, with its key, and nowhere else."""

import logging
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from myschool.kit.vault import NotOpened, Vault, VaultKey, add_key, load_keys, open_vault, retire_key

PLACE = "person.snils"


@pytest.fixture
def vault() -> Vault:
    return Vault([VaultKey.fresh()])


@given(st.text())
def test_there_and_back(words: str) -> None:
    """Any text comes back as it was."""
    vault = Vault([VaultKey.fresh()])
    assert vault.open(vault.seal(words, place=PLACE), place=PLACE) == words


def test_same_words_look_different(vault: Vault) -> None:
    """Equal texts are sealed into different bytes, so equality shows nowhere but in the index."""
    assert vault.seal("11223344595", place=PLACE) != vault.seal("11223344595", place=PLACE)


def test_tampered(vault: Vault) -> None:
    """Whichever byte is changed, or cut off, it does not open."""
    sealed = vault.seal("11223344595", place=PLACE)
    for n in range(len(sealed)):
        with pytest.raises(NotOpened):
            vault.open(sealed[:n] + bytes([sealed[n] ^ 1]) + sealed[n + 1 :], place=PLACE)
        with pytest.raises(NotOpened):
            vault.open(sealed[:n], place=PLACE)


def test_wrong_place(vault: Vault) -> None:
    """What was copied from another column does not open."""
    sealed = vault.seal("11223344595", place=PLACE)
    with pytest.raises(NotOpened) as refused:
        vault.open(sealed, place="person.passport")
    assert "11223344595" not in str(refused.value)


def test_unknown_key(vault: Vault) -> None:
    """What another ring sealed does not open, not even under a key of the same name."""
    sealed = vault.seal("11223344595", place=PLACE)
    with pytest.raises(NotOpened):
        Vault([VaultKey.fresh()]).open(sealed, place=PLACE)
    with pytest.raises(NotOpened):
        Vault([VaultKey(vault.newest, os.urandom(32))]).open(sealed, place=PLACE)


def test_index() -> None:
    """Equal texts of one place have one index; other texts, places and keys have others."""
    key = VaultKey.fresh()
    one, same, other = Vault([key]), Vault([key]), Vault([VaultKey.fresh()])
    index = one.index("11223344595", place=PLACE)
    assert index == same.index("11223344595", place=PLACE)
    others = {
        one.index("11223344596", place=PLACE),
        one.index("11223344595", place="child.snils"),
        other.index("11223344595", place=PLACE),
    }
    assert index not in others
    assert len(others) == 3


def test_index_does_not_run_together(vault: Vault) -> None:
    """Place and text do not flow into each other."""
    assert vault.index("c", place="a.b") != vault.index(".bc", place="a")


def test_ring(vault: Vault) -> None:
    """The newest key seals, older ones still open and still find."""
    old, new = VaultKey.fresh(), VaultKey.fresh()
    before, after = Vault([old]), Vault([new, old])
    sealed, index = before.seal("x", place=PLACE), before.index("x", place=PLACE)
    assert after.open(sealed, place=PLACE) == "x"
    assert not after.sealed_by_newest(sealed)
    assert after.sealed_by_newest(after.seal("x", place=PLACE))
    assert after.indexes("x", place=PLACE) == [after.index("x", place=PLACE), index]


def test_shows_nothing(vault: Vault, caplog: pytest.LogCaptureFixture) -> None:
    """Neither a key nor a vault shows a secret when it is printed or logged."""
    key = VaultKey(b"name", b"secret secret secret secret 32 b")
    with caplog.at_level(logging.INFO):
        logging.info("%s %r %s", key, [key], Vault([key]))
    assert "secret secret" not in caplog.text + repr(key) + repr(vars(Vault([key])))
    assert key.line().split(":")[1] not in caplog.text


def test_empty_ring() -> None:
    """A vault without a key is refused at once, not at the first value."""
    with pytest.raises(ValueError, match="key"):
        Vault([])


@pytest.mark.parametrize("line", ["", "zz:AAAA", "00000000:AAAA", "00000000", "0000:" + "A" * 43 + "="])
def test_wrong_lines(line: str) -> None:
    """A line that is no key is refused."""
    with pytest.raises(ValueError):  # noqa: PT011 - of three libraries, in their own words
        VaultKey.from_line(line)


def test_key_file(tmp_path: Path) -> None:
    """The key file is made once, for its owner alone, and read by all who come later."""
    path = tmp_path / "home" / "vault.keys"
    made = load_keys("", path)
    assert load_keys("", path) == made
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(path.parent.iterdir()) == [path]
    assert load_keys(f"{made[0].line()},{VaultKey.fresh().line()}", tmp_path / "none")[0] == made[0]


def test_key_file_is_followed(tmp_path: Path) -> None:
    """A running process opens and finds what another one sealed with a key added meanwhile."""
    path = tmp_path / "vault.keys"
    running = Vault(load_keys("", path), file=path, look_every=0)
    old = running.seal("old", place=PLACE)
    add_key(path)
    other = open_vault("", path)
    sealed, index = other.seal("new", place=PLACE), other.index("new", place=PLACE)
    assert running.open(sealed, place=PLACE) == "new"
    assert running.index("new", place=PLACE) == index
    assert running.sealed_by_newest(running.seal("x", place=PLACE))
    assert not running.sealed_by_newest(old)


def test_retired_key(tmp_path: Path) -> None:
    """A retired key opens nothing any more; the newest can not be retired."""
    path = tmp_path / "vault.keys"
    [old] = load_keys("", path)
    sealed = open_vault("", path).seal("x", place=PLACE)
    new = add_key(path)
    with pytest.raises(ValueError, match="newest"):
        retire_key(path, new.id)
    retire_key(path, old.id)
    assert load_keys("", path) == [new]
    with pytest.raises(NotOpened):
        open_vault("", path).open(sealed, place=PLACE)
