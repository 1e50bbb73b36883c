"""A protected child: nobody who rests learns who else represents it, that anybody does, or that it is protected."""

from pathlib import Path

import httpx

from myschool.gosuslugi.family.actions import look, protecting
from myschool.gosuslugi.family.model import Guardianship, GuardianshipState, SuspendReason
from myschool.gosuslugi.people.actions import chain_of
from myschool.gosuslugi.people.model import Person
from myschool.kit import journal
from tests.gosuslugi.family.browser import Browser, application
from tests.gosuslugi.family.conftest import Home
from tests.gosuslugi.family.test_life import both

HERS = ("Ольга", "Сергеевна", "olga@", "00000060001", "000-000-600 01", "060001")
OF_PROTECTION = ("защит", "protect", "ещё один взрослый")


def family_pages(row: Guardianship) -> list[str]:
    here = f"/family/{row.id}"
    below = ("", "/who", "/second-way", "/checklist", "/manage", "/manage/delete", "/manage/password", "/account")
    more = ("/delegate", "/not-mine", "/manage/contacts/email")
    return ["/family", "/", "/profile", "/access", "/security", *(here + part for part in below + more)]


async def walk(browser: Browser, paths: list[str]) -> dict[str, httpx.Response]:
    """Whatever each page answers, a refusal too; never a failure of the house, nor an address that is not there."""
    answers = {path: await browser.open(path) for path in paths}
    assert {path for path, one in answers.items() if one.status_code not in (200, 403, 409)} == set()
    return answers


async def protected(home: Home, olga: Person, dmitry: Person) -> tuple[Guardianship, Guardianship, Person]:
    mother, father, child = await both(home, olga, dmitry)
    await home.run(protecting.protect, mother.id, actor="clerk:test")
    await home.work()
    return await home.look(mother), await home.look(father), child


async def test_protection_suspends_the_other_and_hides_the_one(home: Home, olga: Person, dmitry: Person) -> None:
    """Again: nothing more; lifted: the father still rests, until a clerk brings him back."""
    mother, father, child = await protected(home, olga, dmitry)
    assert (father.state, father.suspended_for) == (GuardianshipState.SUSPENDED, SuspendReason.PROTECTION)
    assert await home.run(look.kids_of, dmitry.id) == []
    assert [one.id for one in await home.run(look.guardians_of, child.id)] == [mother.id]
    again = await home.run(protecting.protect, mother.id, actor="clerk:test")
    assert again == mother
    await home.run(protecting.unprotect, mother.id, actor="clerk:test")
    assert (await home.look(mother)).protected_at is None
    assert (await home.look(father)).state is GuardianshipState.SUSPENDED


async def test_the_other_guardian_reads_only_that_he_is_asked_to_come(
    home: Home, olga: Person, dmitry: Person, tmp_path: Path
) -> None:
    """Every page of his, every letter after the protection, every line of his journal."""
    mother, father, _ = await both(home, olga, dmitry)
    before = len(home.post.letters)
    await home.run(protecting.protect, mother.id, actor="clerk:test")
    await home.work()
    browser = await Browser.of(application(home.db, home.vault, tmp_path)).sign_in(dmitry)
    answers = await walk(browser, family_pages(father))
    said = {path: one.text for path, one in answers.items()}
    said["letters"] = " ".join(one.text for one in home.post.letters[before:] if one.to == "dmitry@pochta.example")
    lines = await home.db.run(lambda tx: journal.read(tx, chain_of(dmitry.id)))
    said["journal"] = " ".join(f"{one.tag} {one.facts}" for one in lines)
    for word in HERS + OF_PROTECTION:
        assert [place for place, text in said.items() if word.lower() in text.lower()] == [], word
    assert "центр обслуживания" in said[f"/family/{father.id}"]
    assert str(mother.id) not in " ".join(said.values())
    assert chain_of(olga.id) not in said["journal"]


async def test_the_protected_mother_reads_nothing_of_the_other_and_the_child_of_neither(
    home: Home, olga: Person, dmitry: Person, tmp_path: Path
) -> None:
    """Her pages name no other adult; the child's pages and journal name no adult at all."""
    mother, _, child = await protected(home, olga, dmitry)
    browser = await Browser.of(application(home.db, home.vault, tmp_path)).sign_in(olga)
    for path, answer in (await walk(browser, family_pages(mother))).items():
        for his in ("Дмитрий", "Олегович", "dmitry@", "00000060020", "000-000-600 20", "ещё один взрослый"):
            assert his not in answer.text, path
    child_browser = await Browser.of(application(home.db, home.vault, tmp_path)).sign_in(child)
    answers = await walk(child_browser, ["/", "/family", "/profile", "/access", "/security"])
    for path, answer in answers.items():
        for word in (*HERS[:-1], "Олегович", "dmitry@", *OF_PROTECTION):
            assert word not in answer.text, (path, word)
    lines = await home.db.run(lambda tx: journal.read(tx, chain_of(child.id)))
    assert "protect" not in " ".join(f"{one.tag} {one.facts}" for one in lines)
