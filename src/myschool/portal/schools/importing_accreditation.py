"""Rosobrnadzor's open data «Реестр организаций, осуществляющих образовательную деятельность по имеющим государственную
аккредитацию образовательным программам»: XML, structure of 2016-07-13.

    OpenData / Certificates / Certificate
        EduOrgFullName EduOrgShortName EduOrgOGRN EduOrgINN EduOrgKPP RegionName RegionCode PostAddress StatusName
        ActualEducationOrganization / FullName ShortName OGRN INN KPP PostAddress KindName TypeName RegionName IsBranch
        Supplements / Supplement / EduOrgFullName …      branches, and names of other years

A certificate is no legal entity: one organisation may have several, then its first is taken and the others pass
silently. Its status says nothing about whether the school exists, so every organisation named is taken as active.
Names of heads and of sole traders, phones and e-mails are never read.
"""

from collections.abc import Iterator

from myschool.portal.schools.importing import (
    LONGEST_NAME,
    Line,
    Refusal,
    Refused,
    Source,
    school_of,
)
from myschool.portal.schools.naming import kind_of, municipality_of, region_code_of, settlement_of
from myschool.portal.schools.xml_records import Node, records

RECORD = "Certificate"
_MOST_OTHER_NAMES = 20
_INN_OF_ENTITY = 10
_OGRN_OF_ENTITY = 13


def read_accreditation(source: Source) -> Iterator[Line | Refusal]:
    """Every organisation of the register once. Raises FileDamaged."""
    seen: set[str] = set()
    for stream in source.streams():
        for certificate in records(stream, RECORD):
            ogrn = _first(certificate, ("EduOrgOGRN",), (*_ACTUAL, "OGRN"))
            if len(ogrn) != _OGRN_OF_ENTITY and certificate.text_of("IndividualEntrepreneurEGRIP"):
                continue  # a sole trader is a person and no school
            if ogrn in seen:
                continue
            seen.add(ogrn)
            yield _line(certificate, ogrn)


_ACTUAL = ("ActualEducationOrganization",)


def _first(node: Node, *paths: tuple[str, ...]) -> str:
    """The first of these that says something."""
    return next((text for path in paths if (text := node.text_of(*path))), "")


def _line(certificate: Node, ogrn: str) -> Line | Refusal:
    full_name = _first(certificate, ("EduOrgFullName",), (*_ACTUAL, "FullName"))
    address = _first(certificate, ("PostAddress",), (*_ACTUAL, "PostAddress"))
    inn = _first(certificate, ("EduOrgINN",), (*_ACTUAL, "INN"))
    values = {
        "ogrn": ogrn,
        # A sole trader's number where a legal entity's belongs is a known defect of this register.
        "inn": inn if len(inn) == _INN_OF_ENTITY else "",
        "kpp": _first(certificate, ("EduOrgKPP",), (*_ACTUAL, "KPP")),
        "full_name": full_name,
        "short_name": _first(certificate, ("EduOrgShortName",), (*_ACTUAL, "ShortName")),
        "alt_names": "|".join(_other_names(certificate, full_name)),
        "kind": kind_of(full_name, certificate.text_of(*_ACTUAL, "KindName")),
        "region_code": _region(certificate, inn),
        "municipality": municipality_of(address),
        "settlement": settlement_of(address),
        "address": address,
    }
    try:
        return Line(certificate.line, school_of(values))
    except Refused as refused:
        return Refusal(certificate.line, refused.reason, refused.value)


def _other_names(certificate: Node, full_name: str) -> list[str]:
    """Branches and older names, as the supplements have them."""
    supplements = certificate.first("Supplements")
    names = [certificate.text_of(*_ACTUAL, "FullName")]
    names += [one.text_of("EduOrgFullName") for one in supplements.all("Supplement")] if supplements else []
    known = {_alike(full_name)}
    others: list[str] = []
    for name in names:
        if name and _alike(name) not in known and len(name) <= LONGEST_NAME and "|" not in name:
            known.add(_alike(name))
            others.append(name)
    return others[:_MOST_OTHER_NAMES]


def _alike(name: str) -> str:
    return "".join(character for character in name.lower().replace("ё", "е") if character.isalnum())


def _region(certificate: Node, inn: str) -> str:
    """By its name; else by the code, whose two digits are those of the registers of the state; else by the ИНН."""
    name = _first(certificate, ("RegionName",), (*_ACTUAL, "RegionName"))
    if code := region_code_of(name):
        return code
    told = certificate.text_of("RegionCode")[:2]
    return told if told.isdecimal() else inn[:2]
