"""Who runs a program that refuses root: ourselves, or as root a system user made for it.

Such a user must be able to pass every folder above what it reads. Passing (o+x) is not listing: what lies in the
folders stays unseen.
"""

import os
import pwd
import shutil
import stat
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

NAME = "myschool-db"
WHERE_TOOLS_ARE = "/usr/sbin:/sbin:/usr/bin:/bin"


class NoSystemUser(Exception):
    """The user could not be made."""


@dataclass(frozen=True)
class RunAs:
    """A user of this machine; `other` when it is not the one we run as."""

    name: str
    uid: int
    gid: int
    other: bool

    def for_subprocess(self) -> dict[str, Any]:
        """Arguments with which `subprocess` runs a program as this user."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []} if self.other else {}

    def may_own(self) -> bool:
        return self.other

    def own(self, path: Path) -> None:
        if self.other:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)

    def open_way(self, targets: Iterable[Path], readable: Iterable[Path] = ()) -> list[Path]:
        """Lets this user pass the folders above the targets, and read and run what lies in `readable`.

        Returns the folders above that others could not pass before.
        """
        if not self.other:
            return []
        opened = []
        for folder in sorted({parent for target in targets for parent in target.parents}):
            mode = folder.stat().st_mode
            if not mode & stat.S_IXOTH:
                folder.chmod(mode | stat.S_IXOTH)
                opened.append(folder)
        for root in readable:
            if not self._reads(root):
                _make_readable(root.parent)
        return opened

    def _reads(self, folder: Path) -> bool:
        mode = next(path for path in folder.iterdir() if path.is_file()).stat().st_mode
        return bool(folder.stat().st_mode & mode & stat.S_IXOTH)


def who_runs() -> tuple[RunAs, bool]:
    """Who shall run it, and whether that user was made just now."""
    if os.geteuid() != 0:
        entry = pwd.getpwuid(os.geteuid())
        return RunAs(entry.pw_name, os.geteuid(), os.getegid(), other=False), False
    made = not _known(NAME) and _make_user()
    if not _known(NAME):
        raise NoSystemUser(NAME)
    entry = pwd.getpwnam(NAME)
    return RunAs(NAME, entry.pw_uid, entry.pw_gid, other=True), made


def _known(name: str) -> bool:
    return any(entry.pw_name == name for entry in pwd.getpwall())


def _make_user() -> bool:
    tool = shutil.which("useradd", path=WHERE_TOOLS_ARE)
    if tool is None:
        return False
    command = [tool, "--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent"]
    # Two first starts may meet here: the second fails and finds the user made.
    made = subprocess.run([*command, "--shell", "/usr/sbin/nologin", NAME], capture_output=True)  # noqa: S603
    return made.returncode == 0


def _make_readable(root: Path) -> None:
    """What a strict umask at the installation took from others."""
    for path in [root, *root.rglob("*")]:
        mode = path.stat().st_mode
        may = stat.S_IROTH | (stat.S_IXOTH if path.is_dir() or mode & stat.S_IXUSR else 0)
        path.chmod(mode | may)
