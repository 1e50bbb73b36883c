"""Makes the two files of Russian names from the tables of the package `russiannames` (BSD-3-Clause, © Ivan Begtin).

    python tools/given_names.py FOLDER

FOLDER holds `ru_first_names.csv.gz`, `ru_surnames.csv.gz`, `ru_patronymics.csv.gz` with columns name, gender, count.
Writes src/myschool/papers/given_names.txt (given names in use, for matching) and bench/data/names.csv.gz (names with
frequencies, for made-up people). Nothing here is needed to run or to test.
"""

import csv
import gzip
import io
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from myschool.papers.spelling import key, one_slip

GIVEN_NAMES = Path("src/myschool/papers/given_names.txt")
FREQUENCIES = Path("bench/data/names.csv.gz")

HEAD = "# Given names in use: russiannames 2.0.0, BSD-3-Clause, © 2018 Ivan Begtin; made by tools/given_names.py\n"

LEAST_RARE, LEAST_GIVEN, LEAST_SURNAME, LEAST_PATRONYMIC = 4, 15, 100, 200
# A name so much rarer than one a slip away is that slip (Александ), unless it stands below.
SLIP_OF_ANOTHER = 100
NAMES_ALL_THE_SAME = {
    "Нила", "Анджей", "Мадина", "Федора", "Федот", "Виталия", "Юлий", "Раида", "Ирена", "Руслана", "Леонида",
    "Клавдий", "Данис",
}  # fmt: skip
NO_NAMES = {"Александ", "Алексанр", "Алексадр", "Алексндр", "Сергеи", "Илдар"}
# In fashion since the tables were made, or too rare in them.
OF_LATE = """
Агата Аделина Айлин Айша Алика Алия Алсу Амалия Амелия Амина Амир Амира Арианна Ариана Арина Арслан Арсен Ася
Божена Богдана Василина Варвара Влада Глеб Дамир Дамира Дарина Даниэль Даниэла Дарьяна Демид Демьян Дина Ева
Елисей Есения Жасмин Захар Злата Зоя Илиана Илона Иман Каролина Кира Клим Корней Ксения Лада Лана Лев Лея
Лиана Лика Лука Макар Малика Марк Мелания Мелисса Мия Мила Милада Милана Милена Милослава Мирон Мирослава
Мишель Надир Назар Николь Нелли Оливия Платон Радмир Радмила Ратмир Родион Самир Самира Сафия София Софья
Савелий Савва Станислава Стефания Тея Тимофей Тимур Тихон Ульяна Фатима Хадиджа Эвелина Элина Эмилия Эмилиана
Эмиль Эмир Эмин Эрик Юлиана Юна Ясмина Ярослава Яромир
"""


def rows(folder: Path, name: str, least: int) -> Iterator[tuple[str, str, int]]:
    with gzip.open(folder / f"{name}.csv.gz", "rt", encoding="utf-8") as text:
        for row in csv.DictReader(text):
            if int(row["count"]) >= least:
                yield row["name"], row["gender"], int(row["count"])


def given_names(folder: Path) -> list[str]:
    """Names people bear, without the slips of clerks that the tables hold too."""
    counts: Counter[str] = Counter()
    for name, _, count in rows(folder, "ru_first_names", LEAST_GIVEN):
        counts[name.title()] += count
    kept = set(OF_LATE.split()) | {name for name in counts if name in NAMES_ALL_THE_SAME or not is_slip(name, counts)}
    return sorted(kept - NO_NAMES)


def is_slip(name: str, counts: Counter[str]) -> bool:
    return any(
        counts[other] >= SLIP_OF_ANOTHER * counts[name] and one_slip(key(name), key(other)) for other in list(counts)
    )


def frequencies(folder: Path) -> str:
    """`what,name,gender,count`; `rare` given names are unknown to matching; surnames of
    women follow from those of men and are left out."""
    text = io.StringIO()
    out = csv.writer(text, lineterminator="\n")
    out.writerow(["what", "name", "gender", "count"])
    good = set(given_names(folder))
    for name, gender, count in rows(folder, "ru_first_names", LEAST_RARE):
        if gender in ("m", "f") and (name in good or count < LEAST_GIVEN):
            out.writerow(["given" if name in good else "rare", name, gender, count])
    for name, gender, count in rows(folder, "ru_surnames", LEAST_SURNAME):
        if gender in ("m", "u"):
            out.writerow(["surname", name, gender, count])
    for name, gender, count in rows(folder, "ru_patronymics", LEAST_PATRONYMIC):
        if gender in ("m", "f"):
            out.writerow(["patronymic", name, gender, count])
    return text.getvalue()


def main() -> None:
    folder = Path(sys.argv[1])
    GIVEN_NAMES.write_text(HEAD + "\n".join(given_names(folder)) + "\n", encoding="utf-8")
    FREQUENCIES.parent.mkdir(exist_ok=True)
    with FREQUENCIES.open("wb") as raw, gzip.GzipFile("", "wb", fileobj=raw, mtime=0) as packed:
        packed.write(frequencies(folder).encode())


if __name__ == "__main__":
    main()
