"""Registers in XML: which organisation each record is, and what is refused with its line."""

import io
import zipfile
from pathlib import Path

import pytest

from myschool.portal.schools.importing import Damage, FileDamaged, Line, Reason, Refusal, opened
from myschool.portal.schools.importing_accreditation import read_accreditation
from myschool.portal.schools.importing_egrul import read_egrul
from myschool.portal.schools.importing_forms import Form, Reader, form_of
from myschool.portal.schools.model import School, SchoolKind, SchoolState
from tests.portal.schools.rows import inn, ogrn

CERTIFICATE = f"""    <Certificate>
      <Id>1</Id>
      <StatusName>Действующее</StatusName>
      <RegionName>Тульская область</RegionName>
      <RegionCode>7100000000000</RegionCode>
      <PostAddress>300000, Тульская область, Щёкинский район, с. Крапивна, ул. Ленина, д. 1</PostAddress>
      <EduOrgFullName>Муниципальное учреждение «Крапивенская средняя школа № 24»</EduOrgFullName>
      <EduOrgShortName>МКОУ «Крапивенская СШ № 24»</EduOrgShortName>
      <EduOrgINN>{inn(1)}</EduOrgINN>
      <EduOrgKPP>770101001</EduOrgKPP>
      <EduOrgOGRN>{ogrn(1)}</EduOrgOGRN>
      <ActualEducationOrganization>
        <FullName>Муниципальное учреждение "Крапивенская средняя школа №24"</FullName>
        <HeadName>Иванов Иван Иванович</HeadName>
        <Phone>84870000000</Phone>
      </ActualEducationOrganization>
      <Supplements>
        <Supplement><EduOrgFullName>филиал «Жердевская начальная школа»</EduOrgFullName></Supplement>
        <Supplement><EduOrgFullName>филиал «Жердевская начальная школа»</EduOrgFullName></Supplement>
      </Supplements>
    </Certificate>
"""


def accreditation(*certificates: str) -> bytes:
    body = "".join(certificates)
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<OpenData>\n  <Certificates>\n'
    return f"{head}{body}  </Certificates>\n</OpenData>".encode()


def entity(number: int, name: str = "ШКОЛА № 1", okved: str = "85.14", more: str = "", address: str = "") -> str:
    return f"""<СвЮЛ ОГРН="{ogrn(number)}" ИНН="{inn(number)}" КПП="770101001">
  <СвНаимЮЛ НаимЮЛПолн="{name}"><СвНаимЮЛСокр НаимСокр="МБОУ СОШ № {number}"/></СвНаимЮЛ>
  <СвАдресЮЛ>{address}</СвАдресЮЛ>
  <СвОКВЭД><СвОКВЭДОсн КодОКВЭД="{okved}" НаимОКВЭД="Образование"/></СвОКВЭД>{more}
</СвЮЛ>
"""


def egrul(*entities: str, encoding: str = "windows-1251") -> bytes:
    text = f'<?xml version="1.0" encoding="{encoding}"?>\n<EGRUL ДатаВыг="2026-11-01">\n{"".join(entities)}</EGRUL>'
    return text.encode(encoding)


def read(content: bytes, folder: Path, reader: Reader) -> list[Line | Refusal]:
    path = folder / "register.xml"
    path.write_bytes(content)
    with opened(path) as source:
        return list(reader(source))


def only(lines: list[Line | Refusal]) -> School:
    assert len(lines) == 1
    assert isinstance(lines[0], Line)
    return lines[0].school


def test_a_certificate_becomes_a_school(tmp_path: Path) -> None:
    """Names, numbers, place and kind are taken; a branch of the supplement becomes another name, once."""
    school = only(read(accreditation(CERTIFICATE), tmp_path, read_accreditation))
    assert (school.ogrn.digits, school.inn and school.inn.digits) == (ogrn(1), inn(1))
    assert school.kind is SchoolKind.SCHOOL
    assert (school.region_code, school.settlement) == ("71", "с Крапивна")
    assert school.municipality == "Щёкинский район"
    assert school.other_names == ("филиал «Жердевская начальная школа»",)


def test_no_name_of_a_head_is_taken(tmp_path: Path) -> None:
    """What a register says of persons stays outside."""
    assert "Иванов" not in repr(read(accreditation(CERTIFICATE), tmp_path, read_accreditation))


def test_a_second_certificate_of_a_school_is_passed_over(tmp_path: Path) -> None:
    """Two certificates, one organisation, no refusal."""
    assert len(read(accreditation(CERTIFICATE, CERTIFICATE), tmp_path, read_accreditation)) == 1


def test_a_sole_trader_is_no_school(tmp_path: Path) -> None:
    """A certificate of a person gives neither a school nor a refusal with his number."""
    person = "<Certificate><IndividualEntrepreneurEGRIP>304500116000157</IndividualEntrepreneurEGRIP></Certificate>"
    assert read(accreditation(person), tmp_path, read_accreditation) == []


def test_a_wrong_number_is_refused_with_its_line(tmp_path: Path) -> None:
    """The refusal names the line on which the record begins."""
    wrong = CERTIFICATE.replace(ogrn(1), "1027700000001")
    lines = read(accreditation(CERTIFICATE, wrong), tmp_path, read_accreditation)
    assert lines[1] == Refusal(4 + CERTIFICATE.count("\n"), Reason.WRONG_OGRN, "1027700000001")


def test_an_entity_of_education_becomes_a_school(tmp_path: Path) -> None:
    """Windows-1251, upper case, the older form of the address."""
    address = """<АдресРФ Индекс="300000" КодРегион="71" Дом="Д. 1"><Регион ТипРегион="ОБЛАСТЬ" НаимРегион="ТУЛЬСКАЯ"/>
        <Район ТипРайон="РАЙОН" НаимРайон="ЩЁКИНСКИЙ"/><НаселПункт ТипНаселПункт="СЕЛО" НаимНаселПункт="КРАПИВНА"/>
        <Улица ТипУлица="УЛИЦА" НаимУлица="ЛЕНИНА"/></АдресРФ>"""
    school = only(read(egrul(entity(5, address=address)), tmp_path, read_egrul))
    assert (school.short_name, school.region_code) == ("МБОУ СОШ № 5", "71")
    assert (school.settlement, school.municipality) == ("с Крапивна", "Щёкинский район")
    assert school.address == "300000, Тульская область, Щёкинский район, с Крапивна, улица Ленина, д. 1"
    assert school.state is SchoolState.ACTIVE


def test_the_newer_form_of_an_address_is_read(tmp_path: Path) -> None:
    """СвАдрЮЛФИАС names district, settlement and street by elements."""
    address = """<СвАдрЮЛФИАС Индекс="634000"><Регион>70</Регион><НаимРегион>ТОМСКАЯ ОБЛАСТЬ</НаимРегион>
        <МуниципРайон ВидКод="2" Наим="Г. ТОМСК"/><НаселенПункт Вид="Г." Наим="ТОМСК"/>
        <ЭлУлДорСети Тип="УЛ." Наим="МИРА"/><Здание Тип="Д." Номер="5"/></СвАдрЮЛФИАС>"""
    school = only(read(egrul(entity(6, address=address), encoding="utf-8"), tmp_path, read_egrul))
    assert (school.region_code, school.settlement) == ("70", "г Томск")
    assert "Мира" in school.address


def test_who_does_not_teach_is_passed_over(tmp_path: Path) -> None:
    """A bakery in the extract gives nothing."""
    assert read(egrul(entity(7, okved="10.71")), tmp_path, read_egrul) == []


ENDED = '<СвПрекрЮЛ ДатаПрекрЮЛ="2026-08-01"><СпПрекрЮЛ КодСпПрекрЮЛ="{}" НаимСпПрекрЮЛ="{}"/></СвПрекрЮЛ>'


@pytest.mark.parametrize(
    ("more", "state", "successor"),
    [
        (ENDED.format("201", "Ликвидация юридического лица"), SchoolState.LIQUIDATED, None),
        (
            ENDED.format("302", "Прекращение путём реорганизации в форме присоединения")
            + f'<СвПреем ОГРН="{ogrn(9)}"/>',
            SchoolState.REORGANISED,
            ogrn(9),
        ),
        (
            ENDED.format("303", "Реорганизация в форме разделения")
            + f'<СвПреем ОГРН="{ogrn(9)}"/><СвПреем ОГРН="{ogrn(10)}"/>',
            SchoolState.REORGANISED,
            None,
        ),
        (f'<СвПреем ОГРН="{ogrn(9)}"/>', SchoolState.ACTIVE, None),
    ],
)
def test_how_an_entity_ended_is_told(tmp_path: Path, more: str, state: SchoolState, successor: str | None) -> None:
    """Liquidated, merged into one, divided among several, or alive after a part was split off."""
    school = only(read(egrul(entity(8, more=more)), tmp_path, read_egrul))
    assert school.state is state
    assert (school.successor.digits if school.successor else None) == successor


def test_an_archive_of_several_files_is_read_through(tmp_path: Path) -> None:
    """A ZIP with two extracts gives the schools of both."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("b.xml", egrul(entity(2)))
        archive.writestr("a.xml", egrul(entity(1)))
        archive.writestr("readme.txt", "nothing")
    assert len(read(packed.getvalue(), tmp_path, read_egrul)) == 2


@pytest.mark.parametrize(
    ("content", "damage"),
    [
        (b"", Damage.EMPTY),
        (accreditation(CERTIFICATE)[:-30], Damage.BROKEN_OFF),
        (accreditation(CERTIFICATE)[:400], Damage.BROKEN_OFF),
        (accreditation(CERTIFICATE).replace(b"</EduOrgINN>", b"</EduOrgKPP>", 1), Damage.NOT_XML),
        (b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "y">]><OpenData>&x;</OpenData>', Damage.HAS_DTD),
    ],
)
def test_a_damaged_file_is_refused_as_a_whole(tmp_path: Path, content: bytes, damage: Damage) -> None:
    """Empty, cut off, wrongly nested, or with a DTD: nothing of it is trusted."""
    with pytest.raises(FileDamaged) as refused:
        read(content, tmp_path, read_accreditation)
    assert refused.value.damage is damage


def test_a_tag_that_never_ends_does_not_fill_the_memory(tmp_path: Path) -> None:
    """A record of 20 MB is refused before it is whole."""
    endless = b"<OpenData><Certificate><Note>" + b"x" * 20_000_000
    with pytest.raises(FileDamaged) as refused:
        read(endless, tmp_path, read_accreditation)
    assert refused.value.damage is Damage.NOT_XML


@pytest.mark.parametrize(
    ("content", "form"),
    [
        (accreditation(CERTIFICATE), Form.ACCREDITATION),
        (egrul(entity(1)), Form.EGRUL),
        ('<?xml version="1.0" encoding="windows-1251"?><Файл><Документ/></Файл>'.encode("cp1251"), Form.EGRUL),
        (b"ogrn,full_name,kind,region_code\n", Form.CSV),
    ],
)
def test_the_form_of_a_file_is_known_by_its_beginning(tmp_path: Path, content: bytes, form: Form) -> None:
    """Nobody has to say which register it is."""
    path = tmp_path / "file"
    path.write_bytes(content)
    assert form_of(path) is form


def test_xml_of_another_kind_is_refused(tmp_path: Path) -> None:
    """An unknown root is no register and no CSV."""
    path = tmp_path / "file"
    path.write_bytes(b"<html></html>")
    with pytest.raises(FileDamaged):
        form_of(path)
