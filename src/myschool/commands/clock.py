"""Часы песочницы: их видят все процессы сразу.

myschool clock show
myschool clock advance 5d        также 36h, 90m, 2w
myschool clock reset             снова настоящее время
"""

import re
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from datetime import timedelta

from myschool.kit import clock
from myschool.kit.settings import Settings

UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def span(text: str) -> timedelta:
    """`5d`, `36h`, `90m`, `2w`; a minus in front goes back."""
    match = re.fullmatch(r"(-?[0-9]{1,5})([mhdw])", text)
    if match is None:
        raise ArgumentTypeError(f"«{text}» не понять: напишите, например, 5d, 36h, 90m или 2w")
    return timedelta(**{UNITS[match[2]]: int(match[1])})


def add(parser: ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ЧТО", required=True)
    actions.add_parser("show", help="который час в песочнице")
    actions.add_parser("advance", help="перевести вперёд").add_argument("by", type=span, metavar="5d")
    actions.add_parser("reset", help="вернуть настоящее время")


def run(arguments: Namespace, settings: Settings) -> int:
    if not settings.sandbox:
        print("Часы переводятся только в песочнице.")
        return 1
    moved = clock.read_offset(settings.clock_file)
    if arguments.action == "advance":
        moved += arguments.by
        clock.write_offset(settings.clock_file, moved)
    elif arguments.action == "reset":
        moved = timedelta()
        clock.write_offset(settings.clock_file, moved)
    clock.install(clock.ShiftedClock(settings.clock_file))
    print(f"В песочнице {clock.now():%d.%m.%Y %H:%M:%S} UTC, сдвиг {moved}.")
    return 0
