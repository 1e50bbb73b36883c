"""Справочник школ.

myschool schools import ФАЙЛ.csv          загрузить; --dry-run только покажет, что изменится
myschool schools search "шк 5 тула"       найти; --json для программ, --explain почему
myschool schools eval запросы.jsonl       насколько хорошо ищет
"""

from myschool.portal.schools.commands import add, run

__all__ = ["add", "run"]
