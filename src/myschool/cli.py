"""One command line, `myschool`. Each command is a module of its own and only the one asked for is loaded."""

import os
import signal
import sys
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from importlib import import_module

from myschool.kit import settings as configuration
from myschool.kit.settings import WrongSettings

COMMANDS = {
    "up": "запустить всё: базу, оба дома, песочницу и обработчик",
    "serve": "запустить один дом: portal, gosuslugi или sandbox",
    "worker": "запустить обработчик отложенных дел",
    "db": "база данных: привести схемы к последней версии",
    "schools": "справочник школ: загрузить, найти, оценить поиск",
    "agenda": "отложенные дела: что ждёт, что не удалось, повторить",
    "keys": "ключи подписи и ключи хранилища: сменить",
    "clock": "часы песочницы: показать, перевести, вернуть",
    "reset": "забыть данные песочницы и начать заново",
    "doctor": "проверить, что всё в порядке, и сказать, что нет",
}

DESCRIPTION = """«Моя школа»: два дома и мир вокруг них одной командой.

Начните так:
  myschool up                       запустить всё и увидеть адреса и действующих лиц
  myschool clock advance 5d         перевести часы песочницы на пять дней вперёд
  myschool schools search "шк 5 тула"

Настройки берутся из переменных окружения MYSCHOOL_… и DATABASE_URL: см. docs/operating.md.
"""


def main(arguments: list[str] | None = None) -> int:
    # Ctrl-C ends a command at once and without a trace of Python; `up` has more to do and listens itself.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    given = sys.argv[1:] if arguments is None else arguments
    parser = ArgumentParser("myschool", description=DESCRIPTION, formatter_class=RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", metavar="КОМАНДА", required=True)
    asked = given[0] if given and given[0] in COMMANDS else None
    for name, words in COMMANDS.items():
        command = commands.add_parser(name, help=words, formatter_class=RawDescriptionHelpFormatter)
        if name == asked:
            module = import_module(f"myschool.commands.{name}")
            command.description = module.__doc__
            module.add(command)
            command.set_defaults(run=module.run)
    parsed = parser.parse_args(given)
    try:
        outcome: int = parsed.run(parsed, configuration.read())
    except BrokenPipeError:
        # Whoever read us has seen enough (`| head`); what is left in the buffer must not complain either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except WrongSettings as error:
        print(f"Настройки не подходят: {error}", file=sys.stderr)
        return 2
    return outcome


if __name__ == "__main__":
    sys.exit(main())
