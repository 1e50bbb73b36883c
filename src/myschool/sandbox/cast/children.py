"""The children of the cast and what the register of births makes of them."""

from datetime import date, timedelta

from myschool.papers.certificates import BirthCertificate, CertificateKind
from myschool.papers.names import FullName
from myschool.papers.numbers import Email, Snils
from myschool.sandbox.cast.people import CastChild, Sex
from myschool.sandbox.registries.model import Fate, Manner

OLGA = FullName("Смирнова", "Ольга", "Сергеевна")
DMITRY = FullName("Смирнов", "Дмитрий", "Олегович")
IGOR_IN_REGISTER = FullName("Семенов", "Игорь", "Петрович")
LEBEDEVS = (FullName("Лебедев", "Андрей", "Ильич"), FullName("Лебедева", "Нина", "Ивановна"))
KATERINA = FullName("Морозова", "Екатерина", "Павловна")
VICTOR = FullName("Ким", "Виктор", "Анатольевич")
DENIS, MARIA = FullName("Орлов", "Денис", "Романович"), FullName("Белова", "Мария", "Львовна")
PAVEL = FullName("Фёдоров", "Павел", "Геннадьевич")
NATALYA = FullName("Захарова", "Наталья", "Игоревна")
ARTYOM = FullName("Волков", "Артём", "Николаевич")
RIMMA = FullName("Гусева", "Римма", "Тимофеевна")

OFFICE = "Отдел ЗАГС города Песочного"
PLACE = "г. Красноярск"


def _certificate(series: str, number: str, issued_on: date, act_number: str | None = None) -> BirthCertificate:
    return BirthCertificate(
        CertificateKind.RUSSIAN, series, number, OFFICE, issued_on, act_number, issued_on if act_number else None
    )


CHILDREN = (
    CastChild(
        key="alyona",
        name=FullName("Смирнова", "Алёна", "Дмитриевна"),
        birth_date=date(2017, 5, 14),
        sex=Sex.FEMALE,
        snils=Snils("00000060101"),
        certificate=_certificate("III-ПЕ", "600101", date(2017, 5, 25)),
        birthplace=PLACE,
        recorded_name=FullName("Смирнова", "Алёна", "Дмитриевна"),
        recorded_parents=(OLGA, DMITRY),
        email=Email("alyona@deti.example"),
        fate="ЗАГС подтвердит свидетельство через 15 минут.",
    ),
    CastChild(
        key="fyodor",
        name=FullName("Семёнов", "Фёдор", "Игоревич"),
        birth_date=date(2016, 2, 29),
        sex=Sex.MALE,
        snils=Snils("00000060102"),
        certificate=_certificate("III-ПЕ", "600102", date(2016, 3, 10)),
        birthplace=PLACE,
        recorded_name=FullName("Семенов", "Федор", "Игоревич"),
        recorded_parents=(IGOR_IN_REGISTER,),
        email=Email("fyodor@deti.example"),
        fate="В реестре вся семья записана через «е»; это одно и то же, ЗАГС подтвердит. Родился 29 февраля.",
    ),
    CastChild(
        key="egor",
        name=FullName("Лебедев", "Егор", "Андреевич"),
        birth_date=date(2015, 9, 3),
        sex=Sex.MALE,
        snils=Snils("00000060103"),
        certificate=_certificate("II-ПЕ", "600103", date(2015, 9, 15)),
        birthplace=PLACE,
        recorded_name=FullName("Лебедев", "Егор", "Андреевич"),
        recorded_parents=LEBEDEVS,
        email=Email("egor@deti.example"),
        fate="Его добавляет опекун, которого нет в записи о рождении.",
    ),
    CastChild(
        key="matvey",
        name=FullName("Морозов", "Матвей", "Кириллович"),
        birth_date=date(2018, 11, 2),
        sex=Sex.MALE,
        snils=Snils("00000060104"),
        certificate=_certificate("III-ПЕ", "600104", date(2018, 11, 20)),
        birthplace="г. Алматы",
        recorded_name=None,
        recorded_parents=(KATERINA,),
        email=Email("matvey@deti.example"),
        fate="ЗАГС не найдёт свидетельство. Дальше — «Способ №2».",
    ),
    CastChild(
        key="anna-maria",
        name=FullName("Ким", "Анна-Мария"),
        birth_date=date(2014, 12, 30),
        sex=Sex.FEMALE,
        snils=Snils("00000060105"),
        certificate=_certificate("II-ПЕ", "600105", date(2015, 1, 14), "17"),
        birthplace=PLACE,
        recorded_name=FullName("Ким", "Анна-Мария"),
        recorded_parents=(VICTOR,),
        email=Email("anna-maria@deti.example"),
        fate="ЗАГС молчит шесть рабочих дней и только потом подтвердит. Отчества нет.",
        answers=Fate(working_days=6),
    ),
    CastChild(
        key="sofia",
        name=FullName("Орлова", "София", "Денисовна"),
        birth_date=date(2013, 4, 8),
        sex=Sex.FEMALE,
        snils=Snils("00000060106"),
        certificate=_certificate("II-ПЕ", "600106", date(2013, 4, 17)),
        birthplace=PLACE,
        recorded_name=FullName("Орлова", "София", "Денисовна"),
        recorded_parents=(DENIS, MARIA),
        email=Email("sofia@deti.example"),
        has_account=True,
        fate="Учётная запись уже есть, её создала мама. ЗАГС присылает каждый ответ дважды.",
        answers=Fate(manners=(Manner.PLAIN, Manner.PLAIN)),
    ),
    CastChild(
        key="natalia",
        name=FullName("Фёдорова", "Наталья", "Павловна"),
        birth_date=date(2016, 7, 5),
        sex=Sex.FEMALE,
        snils=Snils("00000060107"),
        certificate=_certificate("III-ПЕ", "600107", date(2016, 7, 19)),
        birthplace=PLACE,
        recorded_name=FullName("Фёдорова", "Наталья-Мария", "Павловна"),
        recorded_parents=(PAVEL,),
        email=Email("natalia@deti.example"),
        fate="В реестре она Наталья-Мария. ЗАГС ответит, что имя расходится; исправьте его и отправьте снова.",
    ),
    CastChild(
        key="timur",
        name=FullName("Захаров", "Тимур", "Рустамович"),
        birth_date=date(2019, 1, 21),
        sex=Sex.MALE,
        snils=Snils("00000060108"),
        certificate=_certificate("III-ПЕ", "600108", date(2019, 1, 31)),
        birthplace=PLACE,
        recorded_name=FullName("Захаров", "Тимур", "Рустамович"),
        recorded_parents=(NATALYA,),
        email=Email("timur@deti.example"),
        fate="Реестр трижды не примет вопрос, потом ответит через час и подтвердит.",
        answers=Fate(delay=timedelta(hours=1), refusals=3),
    ),
    CastChild(
        key="varvara",
        name=FullName("Волкова", "Варвара", "Артёмовна"),
        birth_date=date(2018, 6, 30),
        sex=Sex.FEMALE,
        snils=Snils("00000060109"),
        certificate=_certificate("III-ПЕ", "600109", date(2018, 7, 11)),
        birthplace=PLACE,
        recorded_name=FullName("Волкова", "Варвара", "Артёмовна"),
        recorded_parents=(ARTYOM,),
        email=Email("varvara@deti.example"),
        fate="ЗАГС подтвердит через 15 минут, когда папа подтвердит свою учётную запись.",
    ),
)
