"""Scopes in plain Russian words, in groups, for «Предоставление прав доступа»; and which fields each scope opens."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class ScopeGroup(StrEnum):
    """Headings of the consent page, in the order in which they stand there."""

    IDENTITY = "Основные сведения"
    DOCUMENTS = "Документы"
    CONTACTS = "Контакты и адреса"
    CHILDREN = "Сведения о детях"
    PROPERTY = "Имущество"
    ORGANISATIONS = "Организации"


@dataclass(frozen=True, slots=True)
class Scope:
    """`words` name the data as the person would; why they are asked the system says. `asks`: for data at all."""

    name: str
    group: ScopeGroup
    words: str
    asks: bool = True


_G = ScopeGroup
_SCOPES = (
    Scope("openid", _G.IDENTITY, "Вход с вашей учётной записью", asks=False),
    Scope("fullname", _G.IDENTITY, "Фамилия, имя и отчество"),
    Scope("birthdate", _G.IDENTITY, "Дата рождения"),
    Scope("birthplace", _G.IDENTITY, "Место рождения"),
    Scope("gender", _G.IDENTITY, "Пол"),
    Scope("snils", _G.IDENTITY, "СНИЛС"),
    Scope("inn", _G.IDENTITY, "ИНН"),
    Scope("id_doc", _G.DOCUMENTS, "Паспорт или другой документ, который удостоверяет личность, и гражданство"),
    Scope("birth_cert_doc", _G.DOCUMENTS, "Свидетельство о рождении"),
    Scope("medical_doc", _G.DOCUMENTS, "Полис ОМС"),
    Scope("foreign_passport_doc", _G.DOCUMENTS, "Заграничный паспорт"),
    Scope("drivers_licence_doc", _G.DOCUMENTS, "Водительское удостоверение"),
    Scope("residence_doc", _G.DOCUMENTS, "Вид на жительство"),
    Scope("email", _G.CONTACTS, "Электронная почта"),
    Scope("mobile", _G.CONTACTS, "Номер мобильного телефона"),
    Scope("contacts", _G.CONTACTS, "Электронная почта, телефоны и адреса"),
    Scope("addresses", _G.CONTACTS, "Адрес регистрации и адрес проживания"),
    Scope("kid_fullname", _G.CHILDREN, "Фамилия, имя и отчество ребёнка"),
    Scope("kid_birthdate", _G.CHILDREN, "Дата рождения ребёнка"),
    Scope("kid_gender", _G.CHILDREN, "Пол ребёнка"),
    Scope("kid_snils", _G.CHILDREN, "СНИЛС ребёнка"),
    Scope("kid_inn", _G.CHILDREN, "ИНН ребёнка"),
    Scope("kid_birth_cert_doc", _G.CHILDREN, "Свидетельство о рождении ребёнка"),
    Scope("kid_medical_doc", _G.CHILDREN, "Полис ОМС ребёнка"),
    Scope("vehicles", _G.PROPERTY, "Транспортные средства"),
    Scope("usr_org", _G.ORGANISATIONS, "Организации, в которых вы работаете, и ваша роль в них"),
    Scope("org_shortname", _G.ORGANISATIONS, "Краткое название организации"),
    Scope("org_fullname", _G.ORGANISATIONS, "Полное название организации"),
    Scope("org_type", _G.ORGANISATIONS, "Тип организации"),
    Scope("org_ogrn", _G.ORGANISATIONS, "ОГРН организации"),
    Scope("org_inn", _G.ORGANISATIONS, "ИНН организации"),
    Scope("org_leg", _G.ORGANISATIONS, "Организационно-правовая форма"),
    Scope("org_kpp", _G.ORGANISATIONS, "КПП организации"),
    Scope("org_ctts", _G.ORGANISATIONS, "Контакты организации"),
    Scope("org_addrs", _G.ORGANISATIONS, "Адреса организации"),
    Scope("org_emps", _G.ORGANISATIONS, "Сотрудники организации"),
)

SCOPES: Mapping[str, Scope] = MappingProxyType({scope.name: scope for scope in _SCOPES})

PERSON_FIELDS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "fullname": frozenset({"first_name", "last_name", "middle_name"}),
        "birthdate": frozenset({"birth_date"}),
        "birthplace": frozenset({"birth_place"}),
        "gender": frozenset({"gender"}),
        "snils": frozenset({"snils"}),
        "inn": frozenset({"inn"}),
        "id_doc": frozenset({"citizenship"}),
    }
)
CHILD_FIELDS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "kid_fullname": frozenset({"first_name", "last_name", "middle_name"}),
        "kid_birthdate": frozenset({"birth_date"}),
        "kid_gender": frozenset({"gender"}),
        "kid_snils": frozenset({"snils"}),
        "kid_inn": frozenset({"inn"}),
    }
)
CONTACT_TYPES: Mapping[str, frozenset[str]] = MappingProxyType(
    {"email": frozenset({"EML"}), "mobile": frozenset({"MBT"}), "contacts": frozenset({"EML", "MBT", "PHN"})}
)
ADDRESS_SCOPES = frozenset({"addresses", "contacts"})
DOCUMENT_TYPES: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "id_doc": frozenset({"RF_PASSPORT", "FID_DOC"}),
        "birth_cert_doc": frozenset({"RF_BRTH_CERT", "FID_BRTH_CERT", "OLD_BRTH_CERT"}),
        "medical_doc": frozenset({"MDCL_PLCY"}),
        "foreign_passport_doc": frozenset({"FRGN_PASS"}),
        "drivers_licence_doc": frozenset({"RF_DRIVING_LICENSE"}),
        "residence_doc": frozenset({"RESIDENCE_DOC"}),
    }
)
CHILD_DOCUMENT_TYPES: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "kid_birth_cert_doc": DOCUMENT_TYPES["birth_cert_doc"],
        "kid_medical_doc": DOCUMENT_TYPES["medical_doc"],
    }
)


def opened_by(table: Mapping[str, frozenset[str]], scopes: Iterable[str]) -> frozenset[str]:
    """What these scopes open in one of the tables above. Empty means: none of them is about it, answer 403."""
    return frozenset[str]().union(*(table.get(scope, frozenset()) for scope in scopes))


def grouped(scopes: Iterable[str]) -> tuple[tuple[ScopeGroup, tuple[Scope, ...]], ...]:
    """Known scopes by heading, in the page's order; empty headings and scopes that ask for no data are left out.

    Raises `KeyError` for an unknown scope: a consent page must never leave out what it grants.
    """
    wanted = [SCOPES[name] for name in dict.fromkeys(scopes)]
    order = {name: place for place, name in enumerate(SCOPES)}
    shown = sorted((scope for scope in wanted if scope.asks), key=lambda scope: order[scope.name])
    return tuple((group, members) for group in ScopeGroup if (members := tuple(s for s in shown if s.group is group)))
