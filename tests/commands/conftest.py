"""One running «Моя школа» for the tests that need one, and homes of their own for those that break things."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.commands.running import Up

Fresh = Callable[..., Up]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One test process runs them all, so that one stack serves them."""
    for item in items:
        if "tests/commands" in item.path.as_posix():
            item.add_marker(pytest.mark.xdist_group("commands"))


def _folder(stack: ExitStack) -> Path:
    """As root PostgreSQL is another user and must reach the folder, which pytest's own folders forbid."""
    folder = Path(tempfile.mkdtemp(prefix="myschool-commands-"))
    folder.chmod(0o755)
    stack.callback(shutil.rmtree, folder, ignore_errors=True)
    return folder


@pytest.fixture
def fresh() -> Iterator[Fresh]:
    """`fresh(**more)`: an `Up` over an empty home; `more` are further environment variables."""
    with ExitStack() as stack:

        def make(**more: str) -> Up:
            up = Up(_folder(stack) / "home", more)
            stack.callback(up.end)
            return up

        yield make


@pytest.fixture(scope="session")
def lasting() -> Iterator[Up]:
    """A home whose data last for all tests of commands; started or not, as the last test left it."""
    with ExitStack() as stack:
        up = Up(_folder(stack) / "home")
        stack.callback(up.end)
        yield up


@pytest.fixture
def running(lasting: Up) -> Up:
    """The lasting one, running."""
    if lasting.process is None or lasting.process.poll() is not None or not lasting.answers("PORTAL"):
        lasting.end()
        lasting.start()
    return lasting


@pytest.fixture
def stopped(lasting: Up) -> Up:
    """The lasting one, with data of an earlier start, not running."""
    if lasting.process is None:
        lasting.start()
    if lasting.process is not None and lasting.process.poll() is None:
        lasting.stop()
    return lasting
