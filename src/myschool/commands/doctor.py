"""Проверяет, всё ли в порядке, и говорит, что делать, если нет.

  myschool doctor            одна строка на проверку: ✓ хорошо, ✗ плохо и что делать
  myschool doctor --json     то же для программ

Код возврата 0, когда всё хорошо. Данные не меняет.
"""

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import AsyncIterator
from dataclasses import asdict

import msgspec
import uvloop

from myschool.commands.doctor_data import data
from myschool.commands.doctor_machine import machine, surroundings
from myschool.commands.findings import Finding
from myschool.kit.opening import prepare_process
from myschool.kit.settings import Settings


def add(parser: ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="одна строка JSON на проверку")


async def examine(settings: Settings) -> AsyncIterator[Finding]:
    for found in machine(settings):
        yield found
    async for found in data(settings):
        yield found
    for found in surroundings(settings):
        yield found


def run(arguments: Namespace, settings: Settings) -> int:
    prepare_process(settings, "doctor")
    return uvloop.run(_run(settings, as_json=arguments.json))


async def _run(settings: Settings, *, as_json: bool) -> int:
    bad = 0
    async for found in examine(settings):
        bad += not found.ok
        if as_json:
            print(msgspec.json.encode({"ok": found.ok, **asdict(found)}).decode(), flush=True)
        else:
            print(found.line(), flush=True)
    if not as_json:
        print("\nВсё в порядке." if not bad else f"\nНе в порядке: {bad}.", file=sys.stderr if bad else sys.stdout)
    return 1 if bad else 0
