"""Ключи.

myschool keys show                 ключи подписи каждого дома
myschool keys rotate portal        следующий ключ подписи становится нынешним
myschool keys reseal               новый ключ хранилища: зашифровать им все данные заново, старый убрать
"""

import asyncio
from argparse import ArgumentParser, Namespace

from myschool.commands.houses import HouseStore, opened, stores
from myschool.gosuslugi.provider import keys as provider_keys
from myschool.kit import clock, keyring, rotation
from myschool.kit.db import Tx
from myschool.kit.keyring import PublicKey
from myschool.kit.opening import open_vault, vault_file
from myschool.kit.settings import HouseKey, Settings
from myschool.kit.vault import Vault, add_key, load_keys, retire_key
from myschool.portal.content import keys as content_keys
from myschool.portal.signin import keys as client_keys
from myschool.staging import systems


def uses(settings: Settings) -> dict[HouseKey, dict[str, keyring.Make]]:
    """Which keys of its own a house signs with, and how each is made."""
    portal: dict[str, keyring.Make] = {content_keys.USE: content_keys.new_key}
    if not settings.esia_client_key:
        portal[client_keys.USE] = lambda: client_keys.new_key(settings.esia_client_id)
    return {"gosuslugi": {provider_keys.USE: provider_keys.new_key}, "portal": portal}


def add(parser: ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ЧТО", required=True)
    actions.add_parser("show", help="ключи подписи каждого дома")
    rotate = actions.add_parser("rotate", help="сменить ключи подписи дома")
    rotate.add_argument("house", choices=["portal", "gosuslugi"])
    actions.add_parser("reseal", help="сменить ключ хранилища и зашифровать данные заново")


async def show(settings: Settings) -> None:
    for store in stores(settings):
        async with opened(settings, store.key) as database:
            for use in uses(settings).get(store.key, {}):
                for key in await database.run(lambda tx, use=use: keyring.public(tx, use)):  # type: ignore[misc]
                    print(f"{store.title}: {use:<24} {key.state:<8} {key.algorithm} {key.kid}")


async def rotate(settings: Settings, house: HouseKey) -> None:
    """All keys of the house or none. A use that has signed nothing yet gets its first keys before."""
    vault = open_vault(settings)

    async def turn(tx: Tx) -> list[PublicKey]:
        turned = []
        for use, make in uses(settings)[house].items():
            await keyring.ensure(tx, vault, use, make)
            turned.append((await keyring.rotate(tx, vault, use, make)).public)
        return turned

    async with opened(settings, house) as database:
        for key in await database.run(turn):
            print(f"{key.use}: теперь подписывает {key.kid}")
    async with opened(settings, "gosuslugi") as gosuslugi, opened(settings, "portal") as portal:
        await systems.introduce(settings, vault, gosuslugi, portal, clock.now())


async def reseal(settings: Settings) -> bool:
    """True when every value is sealed by the new key and the old ones are off the ring."""
    path = vault_file(settings)
    add_key(path)
    vault = open_vault(settings)
    clean = all([await _reseal_house(settings, store, vault) for store in stores(settings)])
    if clean:
        for old in load_keys("", path)[1:]:
            retire_key(path, old.id)
    return clean


async def _reseal_house(settings: Settings, store: HouseStore, vault: Vault) -> bool:
    async with opened(settings, store.key) as database:
        left = 0
        for tables in store.tables:
            resealed = await rotation.reseal(database, tables, vault)
            left += await rotation.left(database, tables, vault)
            print(f"{store.title}: зашифровано заново {resealed.done}, не открылось {len(resealed.not_opened)}")
    return left == 0


def run(arguments: Namespace, settings: Settings) -> int:
    if arguments.action == "show":
        asyncio.run(show(settings))
    elif arguments.action == "rotate":
        asyncio.run(rotate(settings, arguments.house))
    elif settings.vault_keys:
        print("Ключи заданы в MYSCHOOL_VAULT_KEYS: поставьте новый первым и перезапустите процессы.")
        return 1
    elif not asyncio.run(reseal(settings)):
        print("Не все данные удалось зашифровать новым ключом, старый оставлен. Запустите команду ещё раз.")
        return 1
    return 0
