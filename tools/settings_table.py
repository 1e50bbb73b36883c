"""Writes the table of settings into docs/operating.md, out of the fields and docstrings of `kit/settings.py`.

python tools/settings_table.py
"""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "myschool" / "kit" / "settings.py"
PAGE = ROOT / "docs" / "operating.md"
BEGIN, END = "<!-- settings: begin -->", "<!-- settings: end -->"


def fields(source: str) -> Iterator[tuple[str, str, str]]:
    """Name of the variable, default, meaning; a field without a docstring has an empty meaning."""
    settings = next(
        node for node in ast.parse(source).body if isinstance(node, ast.ClassDef) and node.name == "Settings"
    )
    for node, after in zip(settings.body, [*settings.body[1:], None], strict=True):
        if not isinstance(node, ast.AnnAssign) or not isinstance(node.target, ast.Name) or node.value is None:
            continue
        said = after.value if isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant) else None
        name = node.target.id.upper()
        variable = name if name.startswith("DATABASE_URL") else f"MYSCHOOL_{name}"
        yield variable, _default(node.value), " ".join(str(said.value).split()) if said else ""


def _default(value: ast.expr) -> str:
    """`Path("x")` is shown as what a person would write into the variable."""
    if isinstance(value, ast.Call):
        value = value.args[0]
    shown = ast.literal_eval(value)
    return str(shown).lower() if isinstance(shown, bool) else str(shown)


def table(source: str) -> str:
    rows = ["| variable | default | meaning |", "|---|---|---|"]
    for variable, default, meaning in fields(source):
        rows.append(f"| `{variable}` | {f'`{default}`' if default else 'empty'} | {meaning.replace('|', '&#124;')} |")
    return "\n".join(rows)


def with_table(page: str, source: str) -> str:
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{table(source)}\n{END}{after}"


if __name__ == "__main__":
    PAGE.write_text(with_table(PAGE.read_text(), SOURCE.read_text()))
