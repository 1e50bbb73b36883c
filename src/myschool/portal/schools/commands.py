"""Справочник школ: загрузить, найти, оценить поиск.

myschool schools import schools.csv.gz            загрузить реестр; повторная загрузка того же файла ничего не меняет
myschool schools import schools.csv --dry-run     только показать, что изменится
myschool schools import accred.xml --register rosobrnadzor    открытые данные Рособрнадзора
myschool schools import egrul.zip --partial       выписка ЕГРЮЛ: закрытые школы, правопреемники
myschool schools undo                             отменить последнюю загрузку
myschool schools search "шк 5 тула" --explain     найти и показать, почему найдено именно это
myschool schools eval queries.jsonl               измерить качество и скорость поиска на своих запросах
myschool schools eval queries.jsonl --table schools.csv.gz more.csv.gz
"""

import asyncio
import json
import sys
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from myschool.kit.db import Database
from myschool.kit.opening import open_database
from myschool.kit.settings import Settings
from myschool.portal.schools import actions, texts
from myschool.portal.schools.actions import ImportReport, NothingToUndo, Options, TooManyVanish
from myschool.portal.schools.data import SHIPPED
from myschool.portal.schools.directory import Directory
from myschool.portal.schools.importing import FileDamaged, Line, opened, read_csv
from myschool.portal.schools.importing_forms import READERS, Form, reader_of
from myschool.portal.schools.model import Filters, School, SchoolKind
from myschool.portal.schools.search.build import build
from myschool.portal.schools.search.evaluate import Evaluation, QueriesUnreadable, evaluate, read_queries
from myschool.portal.schools.search.find import Hit, find

_SHOWN_REFUSALS = 20
_SHOWN_MISSES = 30


def add(parser: ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="action", metavar="ЧТО", required=True)
    bring = verbs.add_parser("import", help="загрузить реестр школ из файла")
    bring.add_argument("file", type=Path, metavar="ФАЙЛ", help="CSV, XML Рособрнадзора или ЕГРЮЛ; можно gzip, zip")
    bring.add_argument("--form", choices=[form.value for form in Form], help="вид файла; обычно узнаётся сам")
    bring.add_argument("--dry-run", action="store_true", help="ничего не менять, только показать отчёт")
    bring.add_argument("--register", metavar="ИМЯ", default="", help="чьи это записи; по умолчанию имя файла")
    bring.add_argument("--partial", action="store_true", help="в файле не весь реестр: никого не убирать")
    bring.add_argument("--allow-vanish", action="store_true", help="снять тормоз: разрешить убрать больше 2 %% записей")
    verbs.add_parser("undo", help="отменить последнюю загрузку")
    search = verbs.add_parser("search", help="найти школу")
    search.add_argument("text", nargs="+", metavar="ТЕКСТ")
    search.add_argument("--region", default="", metavar="КОД", help="только этот регион, две цифры")
    search.add_argument("--kind", action="append", default=[], choices=[kind.value for kind in SchoolKind])
    search.add_argument("--most", type=int, default=10, metavar="N", help="сколько показать")
    search.add_argument("--explain", action="store_true", help="показать, какое слово чем отвечено")
    evaluation = verbs.add_parser("eval", help="оценить поиск на файле запросов")
    evaluation.add_argument("file", type=Path, metavar="ФАЙЛ", help='строки {"query", "kind", "expected": [ОГРН, …]}')
    for verb in (search, evaluation):
        verb.add_argument("--json", action="store_true", help="ответ для программ")
        verb.add_argument(
            "--table", type=Path, nargs="+", metavar="ФАЙЛ", help="искать по этим файлам, без базы данных"
        )


def run(arguments: Namespace, settings: Settings) -> int:
    verbs = {"import": _import, "undo": _undo, "search": _search, "eval": _evaluate}
    try:
        return verbs[arguments.action](arguments, settings)
    except FileDamaged as error:
        print(texts.damaged(error), file=sys.stderr)
        return 1


# -- import, undo ------------------------------------------------------------------------------------------------------


def _import(arguments: Namespace, settings: Settings) -> int:
    options = Options(
        register=arguments.register or arguments.file.name.split(".")[0],
        by="command",
        is_dry=arguments.dry_run,
        is_partial=arguments.partial,
        may_vanish=arguments.allow_vanish,
    )

    reader = READERS[Form(arguments.form)] if arguments.form else reader_of(arguments.file)

    async def work(db: Database) -> ImportReport:
        return await actions.bring_in(db, arguments.file, options, reader=reader, progress=_Bar())

    try:
        report = asyncio.run(_with_database(settings, work))
    except TooManyVanish as error:
        print(texts.brake(error), file=sys.stderr)
        return 1
    for refusal in report.refusals[:_SHOWN_REFUSALS]:
        print(texts.refusal(refusal))
    if report.counts.refused > _SHOWN_REFUSALS:
        print(f"… и ещё {report.counts.refused - _SHOWN_REFUSALS}")
    print(texts.report(report, is_dry=options.is_dry))
    return 0


def _undo(_arguments: Namespace, settings: Settings) -> int:
    async def work(db: Database) -> ImportReport:
        return await db.run(actions.undo_last_import)

    try:
        report = asyncio.run(_with_database(settings, work))
    except NothingToUndo:
        print("Отменять нечего: ни одной загрузки нет.", file=sys.stderr)
        return 1
    print(texts.undone(report))
    return 0


async def _with_database(settings: Settings, work: Any) -> Any:
    db = open_database(settings, "portal", pool_size=2)
    try:
        return await work(db)
    finally:
        await db.close()


class _Bar:
    """A bar on one line of a terminal: share, lines, lines a second, time left. Silent where nobody watches."""

    WIDTH = 30
    EVERY = 0.2

    def __init__(self) -> None:
        self.begun = self.shown = time.monotonic()
        self.is_watched = sys.stderr.isatty()

    def __call__(self, position: int, size: int, lines: int) -> None:
        now = time.monotonic()
        if not self.is_watched or (now - self.shown < self.EVERY and position < size):
            return
        self.shown = now
        share = position / size if size else 1.0
        passed = max(now - self.begun, 0.001)
        left = passed / share - passed if share else 0.0
        done = "█" * int(self.WIDTH * share)
        sys.stderr.write(
            f"\r{done:░<{self.WIDTH}} {share:4.0%}  строк {lines}, {lines / passed:.0f}/с, осталось {left:.0f} с  "
        )
        if position >= size:
            sys.stderr.write("\n")
        sys.stderr.flush()


# -- search, eval ------------------------------------------------------------------------------------------------------


def schools_of(paths: Sequence[Path]) -> Iterator[School]:
    """Schools of these files, each ОГРН once; refused lines are passed over. Raises `FileDamaged`."""
    seen: set[str] = set()
    for path in paths:
        with opened(path) as source:
            for line in read_csv(source):
                if isinstance(line, Line) and line.school.ogrn.digits not in seen:
                    seen.add(line.school.ogrn.digits)
                    yield line.school


def _search(arguments: Namespace, settings: Settings) -> int:
    query = " ".join(arguments.text)
    filters = Filters(region_code=arguments.region, kinds=frozenset(SchoolKind(kind) for kind in arguments.kind))
    if arguments.table:
        found = _found_in_files(arguments, query, filters)
    else:
        found = asyncio.run(_with_database(settings, lambda db: _found_in_database(db, arguments, query, filters)))
    if arguments.json:
        print(json.dumps([texts.as_facts(school, hit) for school, hit in found], ensure_ascii=False, indent=1))
        return 0
    for number, (school, hit) in enumerate(found, 1):
        print(texts.result(number, school, hit))
    if not found:
        print("Ничего не нашлось. Напишите номер или имя школы и населённый пункт, например: школа 5 тула")
    return 0


def _found_in_files(arguments: Namespace, query: str, filters: Filters) -> list[tuple[School, Hit]]:
    schools = {school.ogrn.digits: school for school in schools_of(arguments.table)}
    hits = find(query, build(schools.values()), filters=filters, most=arguments.most, explain=arguments.explain)
    return [(schools[hit.ogrn], hit) for hit in hits]


async def _found_in_database(
    db: Database, arguments: Namespace, query: str, filters: Filters
) -> list[tuple[School, Hit]]:
    async with db.transaction() as tx:
        return await actions.search(
            tx, Directory(), query, filters=filters, most=arguments.most, explain=arguments.explain
        )


def _evaluate(arguments: Namespace, _settings: Settings) -> int:
    try:
        queries = read_queries(arguments.file)
    except (QueriesUnreadable, OSError) as error:
        print(f"Файл запросов не читается: {error}", file=sys.stderr)
        return 1
    begun, spent = time.perf_counter(), time.process_time()
    index = build(schools_of(arguments.table or [SHIPPED]))
    built, spent = time.perf_counter() - begun, time.process_time() - spent
    result = evaluate(index, queries)
    index_facts = {
        "schools": index.size,
        "built_s": round(built, 2),
        "built_cpu_s": round(spent, 2),
        "index_mb": round(len(index.to_bytes()) / 1e6, 1),
    }
    if arguments.json:
        print(json.dumps(index_facts | result.as_facts(), ensure_ascii=False, indent=1))
        return 0
    print(
        f"Школ: {index.size}, индекс построен за {built:.1f} с (процессора {spent:.1f} с), {index_facts['index_mb']} МБ"
    )
    _print_evaluation(result)
    return 0


def _print_evaluation(result: Evaluation) -> None:
    facts = result.as_facts()
    print(f"\n{'':14} {'запросов':>8} {'R@1':>7} {'R@5':>7} {'R@10':>7} {'MRR':>7}")
    for kind, share in facts["quality"].items():
        figures = " ".join(f"{share[name]:7.3f}" for name in ("R@1", "R@5", "R@10", "MRR"))
        print(f"{kind:14} {share['queries']:>8} {figures}")
    print("\nмс на запрос: " + ", ".join(f"{name} {value}" for name, value in facts["ms"].items()))
    for miss in result.misses[:_SHOWN_MISSES]:
        place = f"на {miss.rank}-м месте" if miss.rank else "не найдено"
        print(f"  {miss.kind}: «{miss.query}» {place}, ожидалось {miss.expected[0]}")
    if len(result.misses) > _SHOWN_MISSES:
        print(f"  … и ещё {len(result.misses) - _SHOWN_MISSES}; все: --json")
