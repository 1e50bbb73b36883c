"""`myschool keys`: signing keys follow each other, and the vault's key is changed under all that it seals."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from myschool import cli
from myschool.commands.houses import opened, stores
from myschool.gosuslugi.provider import keys as provider_keys
from myschool.kit import keyring, rotation
from myschool.kit import settings as configuration
from myschool.kit.keyring import KeyState, PublicKey
from myschool.kit.opening import open_vault, vault_file
from myschool.kit.settings import HouseKey, Settings
from myschool.kit.vault import load_keys
from myschool.portal.content import keys as content_keys
from myschool.portal.signin import keys as client_keys
from tests.commands.installed import installed


@pytest.fixture
def settings(postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    with installed(postgres_url, tmp_path) as known:
        monkeypatch.setattr(configuration, "read", lambda: known)
        yield known


def keys_of(settings: Settings, house: HouseKey, use: str) -> dict[KeyState, PublicKey]:
    async def look() -> dict[KeyState, PublicKey]:
        async with opened(settings, house) as database:
            return {key.state: key for key in await database.run(lambda tx: keyring.public(tx, use))}

    return asyncio.run(look())


@pytest.mark.parametrize(("house", "use"), [("gosuslugi", provider_keys.USE), ("portal", client_keys.USE)])
def test_the_next_key_signs_and_the_old_one_still_verifies(settings: Settings, house: HouseKey, use: str) -> None:
    """Whoever kept the published keys knows the new signer already."""
    before = keys_of(settings, house, use)
    assert cli.main(["keys", "rotate", house]) == 0
    after = keys_of(settings, house, use)
    assert after[KeyState.CURRENT].kid == before[KeyState.NEXT].kid
    assert after[KeyState.RETIRED].kid == before[KeyState.CURRENT].kid
    assert after[KeyState.NEXT].kid not in {key.kid for key in before.values()}


def test_the_key_of_launches_is_changed_with_the_house(settings: Settings) -> None:
    """A portal signs for ESIA and for platforms; one command changes both, also before the first launch."""
    assert cli.main(["keys", "rotate", "portal"]) == 0
    assert KeyState.CURRENT in keys_of(settings, "portal", content_keys.USE)


def test_the_other_house_gets_the_new_certificate(settings: Settings) -> None:
    """Certificates lie in a file between the houses; a rotation that left it alone would end all sign-ins."""
    file = client_keys.provider_certificate_file(settings)
    before = file.read_bytes()
    assert cli.main(["keys", "rotate", "gosuslugi"]) == 0
    assert file.read_bytes() != before


def test_a_key_given_from_outside_is_left_to_its_owner(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the portal's key for ESIA comes from a file, the other keys are changed and that one is not ours."""
    given = msgspec.structs.replace(settings, esia_client_key=str(settings.home / "key.pem"))
    before = keys_of(settings, "portal", client_keys.USE)
    monkeypatch.setattr(configuration, "read", lambda: given)
    assert cli.main(["keys", "rotate", "portal"]) == 0
    assert keys_of(settings, "portal", client_keys.USE) == before


def test_the_vault_gets_a_new_key_and_everything_still_opens(settings: Settings) -> None:
    """After the command the old key is off the ring, nothing is sealed by it, and the signing keys still open."""
    (old,) = load_keys("", vault_file(settings))
    assert cli.main(["keys", "reseal"]) == 0
    (new,) = load_keys("", vault_file(settings))
    assert new.id != old.id

    async def look() -> int:
        vault, left = open_vault(settings), 0
        for store in stores(settings):
            async with opened(settings, store.key) as database:
                left += sum([await rotation.left(database, tables, vault) for tables in store.tables])
        async with opened(settings, "gosuslugi") as database:
            await database.run(lambda tx: keyring.current(tx, vault, provider_keys.USE))
        return left

    assert asyncio.run(look()) == 0


def test_keys_from_the_environment_are_not_changed_behind_it(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The command cannot write the operator's environment, so it says what to do there."""
    given = msgspec.structs.replace(settings, vault_keys=vault_file(settings).read_text().strip())
    monkeypatch.setattr(configuration, "read", lambda: given)
    before = vault_file(settings).read_bytes()
    assert cli.main(["keys", "reseal"]) == 1
    assert "MYSCHOOL_VAULT_KEYS" in capsys.readouterr().out
    assert vault_file(settings).read_bytes() == before
