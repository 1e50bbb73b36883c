"""Records as each register keeps them, made of the values that papers carry."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from myschool.papers.certificates import BirthCertificate
from myschool.papers.matching import Field, Particular, particulars_of_name, particulars_of_parent
from myschool.papers.names import FullName
from myschool.papers.numbers import DepartmentCode, PassportNumber, Snils
from myschool.sandbox.registries.model import Record
from myschool.sandbox.registries.wire import Kind, texts_of


def certificate_document(certificate: BirthCertificate) -> dict[str, str]:
    series = {"series": certificate.series} if certificate.series else {}
    return {"kind": certificate.kind.value, "number": certificate.number} | series


def passport_document(number: PassportNumber) -> dict[str, str]:
    return {"series": number.series, "number": number.number}


def snils_document(snils: Snils) -> dict[str, str]:
    return {"snils": snils.digits}


def birth_record(
    certificate: BirthCertificate,
    child: FullName,
    born_on: date,
    sex: str,
    parents: tuple[FullName, ...],
    parents_born_on: Mapping[FullName, date] = MappingProxyType({}),
) -> Record:
    """«Запись акта о рождении» in ЕГР ЗАГС. `sex` is M or F. Old records leave a parent's birth date out."""
    particulars: dict[Field, Particular] = particulars_of_name(child) | {
        Field.BIRTH_DATE: born_on,
        Field.SEX: sex,
        Field.ISSUED_ON: certificate.issued_on,
    }
    if certificate.act_number:
        particulars[Field.ACT_NUMBER] = certificate.act_number
    if certificate.act_date:
        particulars[Field.ACT_DATE] = certificate.act_date
    return Record(
        Kind.BIRTH_CERTIFICATE,
        certificate_document(certificate),
        texts_of(particulars),
        tuple(texts_of(particulars_of_parent(parent, parents_born_on.get(parent))) for parent in parents),
    )


def passport_record(
    number: PassportNumber, issued_on: date, department: DepartmentCode, name: FullName, born_on: date, sex: str
) -> Record:
    """A valid passport in the register of the Ministry of the Interior."""
    particulars: dict[Field, Particular] = particulars_of_name(name) | {
        Field.BIRTH_DATE: born_on,
        Field.SEX: sex,
        Field.ISSUED_ON: issued_on,
        Field.DEPARTMENT_CODE: department.digits,
    }
    return Record(Kind.PASSPORT, passport_document(number), texts_of(particulars))


def snils_record(snils: Snils, name: FullName, born_on: date, sex: str) -> Record:
    """An open personal account in the register of the Social Fund."""
    particulars: dict[Field, Particular] = particulars_of_name(name) | {Field.BIRTH_DATE: born_on, Field.SEX: sex}
    return Record(Kind.SNILS, snils_document(snils), texts_of(particulars))
