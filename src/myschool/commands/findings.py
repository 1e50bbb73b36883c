"""What `doctor` finds: one line each, with what to do when it is not well."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """`check` names what was looked at, `found` says what is so, `remedy` what to do; a remedy means: not well."""

    check: str
    found: str
    remedy: str = ""

    @property
    def ok(self) -> bool:
        return not self.remedy

    def line(self) -> str:
        mark = "✓" if self.ok else "✗"
        told = f"{mark} {self.check:<28} {self.found}"
        return told if self.ok else f"{told}\n  → {self.remedy}"
