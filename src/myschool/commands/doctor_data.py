"""What `doctor` looks at in the databases: servers, schemas, seals, journals, the agenda, keys, the directory."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from sqlalchemy import select

from myschool.commands.findings import Finding
from myschool.commands.houses import HouseStore, opened, stores
from myschool.commands.keys import uses
from myschool.commands.premises import own_esia
from myschool.kit import agenda, clock, journal, keyring, revisions, rotation
from myschool.kit.agenda import State
from myschool.kit.db import Database, Tx
from myschool.kit.keyring import KeyState, NoSigningKey
from myschool.kit.opening import (
    ServerNotAllowed,
    ServerTooOld,
    ServerUnreachable,
    embedded_url,
    look_at_server,
    open_vault,
    vault_file,
)
from myschool.kit.settings import HouseKey, Settings
from myschool.kit.vault import NotOpened, Vault
from myschool.portal.schools import store as schools
from myschool.portal.signin import keys as client_keys

LATE = timedelta(minutes=15)
SOON = timedelta(days=30)
PROBES = 50
SHOWN = 3


async def data(settings: Settings) -> AsyncIterator[Finding]:
    for house in stores(settings):
        if house.key == "gosuslugi" and not own_esia(settings):
            continue
        async with _looked_at(settings, house) as (found, database):
            yield found
            if database is None:
                continue
            current = await schema(database, house)
            yield current
            if not current.ok:
                continue
            sealed = await seals(settings, database, house)
            yield sealed
            yield await chains(database, house)
            yield await later(database, house)
            if sealed.ok:
                async for one in keys(settings, database, house):
                    yield one
            if house.key == "portal":
                yield await directory(database)


@asynccontextmanager
async def _looked_at(settings: Settings, house: HouseStore) -> AsyncIterator[tuple[Finding, Database | None]]:
    found = await server(settings, house)
    if not found.ok:
        yield found, None
        return
    async with opened(settings, house.key) as database:
        yield found, database


async def server(settings: Settings, house: HouseStore) -> Finding:
    check = f"База: {house.title}"
    url = settings.database_of(house.key)
    if not url and not (settings.home / "postgres" / "PG_VERSION").exists():
        return Finding(check, "ещё не создана", "Запустите: make run")
    try:
        version = await look_at_server(url or embedded_url(settings), house.key)
    except ServerUnreachable as error:
        return Finding(check, f"{error.place} не отвечает ({error.reason})", "Проверьте DATABASE_URL и сам сервер.")
    except ServerTooOld as error:
        return Finding(check, f"версия {error.version}", f"Нужен PostgreSQL {error.oldest} или новее.")
    except ServerNotAllowed as error:
        return Finding(check, f"{error.place}: схемы нет, создать её нельзя", "Дайте пользователю право CREATE.")
    return Finding(check, f"PostgreSQL {version}, {'своя' if url else 'встроенная'}")


async def schema(database: Database, house: HouseStore) -> Finding:
    current = await revisions.is_current(database, house.migrations)
    return Finding(
        f"Схема: {house.title}",
        "последней версии" if current else "устарела или её нет",
        "" if current else "myschool db upgrade",
    )


async def seals(settings: Settings, database: Database, house: HouseStore) -> Finding:
    """A sample of every sealed column, the rows that come first by key, is opened."""
    check = f"Хранилище: {house.title}"
    if not settings.vault_keys and not vault_file(settings).exists():
        return Finding(check, "ключей нет", "Верните файл vault.keys из резервной копии; новый старого не откроет.")
    vault = open_vault(settings)
    opened_now, closed, older = 0, [], 0
    for metadata in house.tables:
        older += await rotation.left(database, metadata, vault)
        for column in rotation.sealed_columns(metadata):
            good, bad = await database.run(lambda tx, column=column: _probe(tx, column, vault))  # type: ignore[misc]
            opened_now += good
            if bad:
                closed.append(f"{column.table.name}.{column.column.name}")
    if closed:
        remedy = "Верните ключ, которым это зашифровано: файл vault.keys или MYSCHOOL_VAULT_KEYS из резервной копии."
        return Finding(check, f"не открывается: {', '.join(closed)}", remedy)
    return Finding(check, f"открывается ({opened_now})" + (f", прежним ключом {older}" if older else ""))


async def _probe(tx: Tx, sealed: rotation.SealedColumn, vault: Vault) -> tuple[int, int]:
    """How many of the first rows opened, and how many did not."""
    query = select(sealed.column).where(sealed.column.is_not(None)).order_by(*sealed.table.primary_key.columns)
    good = bad = 0
    for value in (await tx.execute(query.limit(PROBES))).scalars():
        try:
            vault.open(value, place=sealed.place)
            good += 1
        except NotOpened:
            bad += 1
    return good, bad


async def chains(database: Database, house: HouseStore) -> Finding:
    breaks = await database.run(journal.verify)
    check = f"Журнал: {house.title}"
    if not breaks:
        return Finding(check, "цепочки целы")
    shown = "; ".join(f"{one.chain} запись {one.seq}: {one.damage}" for one in breaks[:SHOWN])
    more = f" и ещё {len(breaks) - SHOWN}" if len(breaks) > SHOWN else ""
    return Finding(check, shown + more, "Записи меняли в обход программы. Сравните с резервной копией.")


async def later(database: Database, house: HouseStore) -> Finding:
    counts = await database.run(agenda.counts)
    dead = sum(one.count for one in counts if one.state is State.DEAD)
    late = [one for one in counts if one.state is State.WAITING and one.oldest > LATE]
    check = f"Дела: {house.title}"
    if dead:
        return Finding(check, f"не удалось {dead}", "Посмотрите и повторите: myschool agenda")
    if late:
        worst = max(late, key=lambda one: one.oldest)
        told = f"{worst.kind} ждёт {worst.oldest - timedelta(microseconds=worst.oldest.microseconds)}"
        return Finding(check, told, "Обработчик не успевает или не запущен: myschool worker")
    return Finding(check, f"в срок (ждут {sum(one.count for one in counts)})")


async def keys(settings: Settings, database: Database, house: HouseStore) -> AsyncIterator[Finding]:
    vault, now = open_vault(settings), clock.now()
    for use in uses(settings).get(house.key, {}):
        if use == client_keys.USE and settings.esia_client_key:
            yield _given(f"Ключ {use}", Path(settings.esia_client_certificate), now)
            continue
        try:
            key = await database.run(lambda tx, use=use: keyring.current(tx, vault, use))  # type: ignore[misc]
        except NoSigningKey:
            yield Finding(f"Ключ {use}", "не создан", "Его создаёт запуск (make run) или python -m myschool.stage")
            continue
        except NotOpened:
            yield Finding(f"Ключ {use}", "не открывается", "Верните ключ хранилища из резервной копии.")
            continue
        waiting = await database.run(lambda tx, use=use: keyring.public(tx, use))  # type: ignore[misc]
        if not any(one.state is KeyState.NEXT for one in waiting):
            yield Finding(f"Ключ {use}", "следующего нет", f"myschool keys rotate {house.key}")
        elif key.public.certificate is None:
            yield Finding(f"Ключ {use}", f"{key.public.algorithm} {key.public.kid}")
        else:
            yield _term(f"Ключ {use}", key.public.certificate, now, house.key)
    if house.key == "portal":
        yield await _handed_over(settings, database)


def _given(check: str, file: Path, now: datetime) -> Finding:
    if not file.is_file():
        return Finding(check, f"файла {file} нет", "Проверьте MYSCHOOL_ESIA_CLIENT_CERTIFICATE.")
    found = _term(check, file.read_bytes(), now, "portal")
    return found if found.ok else replace(found, remedy="Получите новый сертификат и назовите его в настройках.")


def _term(check: str, certificate: bytes, now: datetime, house: HouseKey) -> Finding:
    pem = b"-----BEGIN" in certificate
    read = x509.load_pem_x509_certificate(certificate) if pem else x509.load_der_x509_certificate(certificate)
    until = read.not_valid_after_utc
    if now >= until:
        return Finding(check, f"срок вышел {until:%d.%m.%Y}", f"myschool keys rotate {house}")
    if until - now < SOON:
        return Finding(check, f"срок выйдет {until:%d.%m.%Y}", f"myschool keys rotate {house}")
    return Finding(check, f"действует до {until:%d.%m.%Y}")


async def _handed_over(settings: Settings, portal: Database) -> Finding:
    """ESIA must have the certificate we sign with, and we must have one of hers: files in `home/esia`."""
    check = "Сертификаты ЕСИА"
    theirs = client_keys.provider_certificate_file(settings)
    if not theirs.is_file():
        return Finding(check, f"файла {theirs} нет", "Положите туда сертификаты ЕСИА или запустите: make run")
    if settings.esia_client_key:
        return Finding(check, str(theirs))
    ours = client_keys.client_certificate_file(settings)
    given = x509.load_pem_x509_certificates(ours.read_bytes()) if ours.is_file() else []
    ders = {one.public_bytes(Encoding.DER) for one in given}
    known = await portal.run(lambda tx: keyring.public(tx, client_keys.USE))
    if any(one.certificate not in ders for one in known if one.state is KeyState.CURRENT):
        return Finding(check, f"в {ours} нет нынешнего", "myschool keys rotate portal, затем make run")
    return Finding(check, "у обеих сторон")


async def directory(database: Database) -> Finding:
    count = await database.run(schools.count)
    return Finding("Справочник школ", f"школ {count}", "" if count else "myschool schools import ФАЙЛ")
