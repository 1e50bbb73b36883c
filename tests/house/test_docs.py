"""What the papers say is there: links lead somewhere, files, functions, commands, people and ports exist."""

import ast
import re
import subprocess
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from myschool.cli import COMMANDS
from myschool.kit.settings import Settings
from myschool.sandbox import cast
from tests.house.source import PACKAGE, ROOT
from tests.house.test_glossary import declared_names

DECISIONS = ROOT / "docs" / "decisions"
TOUR = ROOT / "docs" / "tour.md"
READMES = [ROOT / "README.md", ROOT / "README.ru.md"]
OVERVIEWS = [*READMES, ROOT / "ARCHITECTURE.md", TOUR]

LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
CODE = re.compile(r"`([^`\n]+)`")
FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
PATH = re.compile(r"[\w.\-]+(/[\w.\-]+)*\.(py|md|html|toml|csv|gz|jsonl|sh|txt)|[\w.\-]+(/[\w.\-]+)*/")


@cache
def tracked(*endings: str) -> list[Path]:
    """Files of the project as they stand in the working tree."""
    said = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True
    ).stdout
    return [path for name in sorted(said.splitlines()) if (path := ROOT / name).suffix in endings and path.is_file()]


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def prose(text: str) -> str:
    return FENCE.sub("", text)


# -- links -------------------------------------------------------------------------------------------------------------


def anchor(heading: str) -> str:
    """As forges make it: lower case, spaces to hyphens, punctuation gone."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def dead_links(page: Path, text: str) -> list[str]:
    dead = []
    for target in LINK.findall(prose(text)):
        if re.match(r"[a-z]+:", target):
            continue
        file, _, fragment = target.partition("#")
        there = (page.parent / file).resolve() if file else page
        if not there.exists():
            dead.append(target)
        elif fragment and there.suffix == ".md":
            headings = re.findall(r"^#+ (.+)$", there.read_text() if file else text, re.MULTILINE)
            if fragment not in {anchor(heading) for heading in headings}:
                dead.append(target)
    return dead


@pytest.mark.parametrize("page", tracked(".md"), ids=named)
def test_links_lead_somewhere(page: Path) -> None:
    """Every relative link of every page names a file, and where it has one, a heading, that exists."""
    assert dead_links(page, page.read_text()) == []


@pytest.mark.parametrize("link", ["[x](nowhere.md)", "[x](../nowhere/)", "[x](tour.md#nowhere)"])
def test_a_dead_link_is_seen(link: str) -> None:
    """A link to a missing file, folder or heading is found."""
    assert dead_links(TOUR, link)


# -- files and commands ------------------------------------------------------------------------------------------------


def missing_files(text: str) -> list[str]:
    """Files and folders in backticks that exist neither below the root nor below the package."""
    names = [name for name in CODE.findall(prose(text)) if PATH.fullmatch(name)]
    return [name for name in names if not any((place / name).exists() for place in (ROOT, PACKAGE)) and not bare(name)]


def bare(name: str) -> bool:
    """A file name alone speaks of that file in each house or slice: `wiring.py`."""
    return "/" not in name and any(PACKAGE.rglob(name))


def unknown_commands(text: str) -> list[str]:
    """`myschool …` and `make …` that there are not, in prose and in fenced blocks."""
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    spoken = list(CODE.findall(text)) + [line for block in FENCE.findall(text) for line in block.split("\n")]
    found = []
    for line in spoken:
        if (match := re.match(r"(myschool|make) ([a-z]+)", line)) and match[2] not in (
            COMMANDS if match[1] == "myschool" else targets
        ):
            found.append(match[0])
    return found


@pytest.mark.parametrize("page", OVERVIEWS, ids=named)
def test_files_and_commands_named_exist(page: Path) -> None:
    """A file, a folder or a command that an overview names in backticks is there."""
    text = page.read_text()
    assert missing_files(text) + unknown_commands(text) == []


@pytest.mark.parametrize("text", ["`kit/nowhere.py`", "`docs/nowhere/`", "`make coffee`", "```\nmyschool dance\n```"])
def test_a_missing_file_or_command_is_seen(text: str) -> None:
    """What does not exist is found, in prose and in a block."""
    assert missing_files(text) + unknown_commands(text)


# -- the tour ----------------------------------------------------------------------------------------------------------


@cache
def defined_in(path: Path) -> frozenset[str]:
    """Names of functions and methods, nested ones too."""
    tree = ast.parse(path.read_text())
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def lost_on_the_way(text: str) -> Iterator[str]:
    """`name()` not defined in the file named last before it, and `Word` that names no class."""
    file: Path | None = None
    for code in CODE.findall(prose(text)):
        if code.endswith(".py"):
            file = next((place / code for place in (PACKAGE, ROOT) if (place / code).is_file()), None)
        elif re.fullmatch(r"\w+\(\)", code) and code != "name()":
            if file is None or code[:-2] not in defined_in(file):
                yield f"{code} in {file and file.name}"
        elif re.fullmatch(r"[A-Z][a-z]\w+", code) and code not in declared_names():
            yield code


def test_the_tour_walks_through_real_code() -> None:
    """Each function of the tour stands in the file named before it, each class is in the package."""
    assert list(lost_on_the_way(TOUR.read_text())) == []


@pytest.mark.parametrize("text", ["`kit/clock.py` `then()`", "`now()`", "`kit/db.py` `now()`", "`Wizard`"])
def test_a_lost_step_is_seen(text: str) -> None:
    """A function that is elsewhere, or nowhere, and a class that is not are found."""
    assert list(lost_on_the_way(text))


# -- the readmes -------------------------------------------------------------------------------------------------------


def introduced(page: Path) -> list[list[str]]:
    """The rows of the cast's table: the cell with the names, and the fate."""
    table = re.split(r"^\| (?:who|кто) \|.*\n", page.read_text(), flags=re.MULTILINE)[1].split("\n\n")[0]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in table.splitlines()[1:]]


def test_the_readmes_introduce_people_of_the_cast() -> None:
    """Every name in the cast's table is a given name of the cast, and both readmes introduce the same people."""
    english, russian = (introduced(page) for page in READMES)
    people = {one.name.given_name for one in cast.CAST} | {
        child.name.given_name for child in cast.children(date(2026, 11, 23))
    }
    said = re.sub("«[^»]*»", "", " ".join(cell for row in english for cell in row))  # a quotation is no name
    assert [name for name in re.findall(r"[А-ЯЁ][а-яё]+(?:-[А-ЯЁ][а-яё]+)?", said) if name not in people] == []
    assert [row[0] for row in english] == [row[0] for row in russian]
    assert len(english) >= 10


@pytest.mark.parametrize("page", READMES, ids=named)
def test_addresses_in_the_readme_are_the_default_ones(page: Path) -> None:
    """A port that the readme names is a port that the program uses unless told otherwise."""
    fields = dict(zip(Settings.__struct_fields__, Settings.__struct_defaults__, strict=True))
    ports = {str(port) for name, port in fields.items() if name.endswith("_port")}
    spoken = set(re.findall(r"(?:localhost)?:(\d{4})\b", page.read_text()))
    assert spoken
    assert spoken <= ports


def test_both_readmes_say_the_same() -> None:
    """They have the same number of chapters and name the same commands and pages."""
    english, russian = (page.read_text() for page in READMES)
    for pattern in (r"^(## )", r"^\d\. ", r"`(?:make|myschool) [a-z]+", r"\]\((docs/[^)]+)\)", r"localhost:(\d+)"):
        ours, theirs = (sorted(set(re.findall(pattern, text, re.MULTILINE))) for text in (english, russian))
        counted = [len(re.findall(pattern, text, re.MULTILINE)) for text in (english, russian)]
        assert ours == theirs, pattern
        assert counted[0] == counted[1] or not pattern.startswith("^"), pattern


# -- decisions ---------------------------------------------------------------------------------------------------------

PARTS = (
    r"\*\*Context\.?\*\*",
    r"\*\*Decision\.?\*\*",
    r"\*\*Consequences\.?\*\*",
    r"\*\*(Instead of|Alternatives)\.?\*\*|\*\*Which ",
)


def faults_of_decision(text: str) -> list[str]:
    return [part for part in PARTS if not re.search(part, text)]


def decision_pages() -> list[Path]:
    return sorted(DECISIONS.glob("[0-9]*.md"))


@pytest.mark.parametrize("page", decision_pages(), ids=named)
def test_a_decision_has_its_parts(page: Path) -> None:
    """Context, decision, consequences, and what was decided against; a title that begins with the page's number."""
    text = page.read_text()
    assert faults_of_decision(text) == []
    assert text.startswith(f"# {page.name[:4]} ")


def test_a_decision_without_alternatives_is_seen() -> None:
    """A page that compares nothing is found."""
    assert faults_of_decision("**Context.** a **Decision.** b **Consequences.** c")


def test_decisions_are_numbered_without_holes_and_listed() -> None:
    """The index leads to every page, in order, and to nothing else."""
    pages = [page.name for page in decision_pages()]
    assert [int(name[:4]) for name in pages] == list(range(1, len(pages) + 1))
    listed = [target for target in LINK.findall((DECISIONS / "README.md").read_text()) if re.match(r"\d{4}-", target)]
    assert listed == pages


# -- of the project alone ----------------------------------------------------------------------------------------------
