"""Display settings of a reader: size, contrast, dark, spacing. One cookie, served by the server."""

from dataclasses import dataclass

COOKIE = "display"
SIZES = (100, 150, 200)


@dataclass(frozen=True)
class Display:
    size: int = 100
    contrast: bool = False
    dark: bool = False
    spacing: bool = False

    def cookie(self) -> str:
        return f"{self.size}.{self.contrast:d}.{self.dark:d}.{self.spacing:d}"


def from_cookie(value: str) -> Display:
    """Anything a stranger wrote into the cookie becomes the plain display."""
    parts = value.split(".")
    if len(parts) != 4 or parts[0] not in map(str, SIZES) or not set(parts[1:]) <= {"0", "1"}:
        return Display()
    contrast, dark, spacing = (part == "1" for part in parts[1:])
    return Display(int(parts[0]), contrast, dark, spacing)
