"""The log names classes, places and numbers, and never what somebody typed."""

import asyncio
import gc
import io
import logging
from collections.abc import Iterator

import msgspec
import pytest
import structlog

from myschool.kit import logs


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """Standard error of a process of a house."""
    before, handlers, level = structlog.get_config(), logging.root.handlers, logging.root.level
    error = io.StringIO()
    logs.configure("info", part="portal", stream=error)
    yield error
    structlog.configure(**before)
    structlog.contextvars.clear_contextvars()
    logging.root.handlers, logging.root.level = handlers, level


def failing() -> None:
    try:
        int("СНИЛС 112-233-445 95")
    except ValueError as error:
        raise KeyError("Ольга") from error


def lines(written: io.StringIO) -> list[dict[str, object]]:
    return [msgspec.json.decode(line) for line in written.getvalue().splitlines()]


def test_an_error_is_its_classes_and_places(written: io.StringIO) -> None:
    """The chain of causes is named outermost first, without a word of any."""
    try:
        failing()
    except KeyError as error:
        structlog.get_logger("test").error("failed", exc_info=error)
        structlog.get_logger("test").exception("failed_too")
    both = lines(written)
    assert [line["event"] for line in both] == ["failed", "failed_too"]
    for line in both:
        assert line["error"] == ["KeyError", "ValueError"]
        assert line["part"] == "portal"
        assert "failing" in str(line["at"])
        assert "Ольга" not in str(line)
        assert "112-233" not in str(line)


def test_libraries_are_bound_by_the_same(written: io.StringIO) -> None:
    """Of a library's line stays the template: neither its values nor the text of its exception."""
    library = logging.getLogger("sqlalchemy.pool")
    try:
        failing()
    except KeyError:
        library.error("Exception during reset of %s\nmore: Ольга", "Ольга", exc_info=True)
    library.info("not said at all")
    [line] = lines(written)
    assert line["template"] == "Exception during reset of %s"
    assert line["error"] == ["KeyError", "ValueError"]
    assert line["level"] == "error"
    assert "Ольга" not in str(line)


def test_a_forgotten_task_tells_no_words(written: io.StringIO) -> None:
    """asyncio writes the repr of a lost exception into its line; that part is cut."""

    async def lose() -> None:
        async def fail() -> None:
            raise ValueError("Ольга Смирнова")

        task = asyncio.ensure_future(fail())
        await asyncio.sleep(0)
        del task
        gc.collect()

    asyncio.run(lose())
    [line] = [line for line in lines(written) if line["event"] == "library"]
    assert line["template"] == "Task exception was never retrieved"
    assert "Смирнова" not in str(line)


def test_a_line_is_one_line(written: io.StringIO) -> None:
    """What a stranger wrote begins no line of its own."""
    structlog.get_logger("test").info("request", method='GET\n{"event": "forged"}')
    assert len(lines(written)) == 1


def test_causes_that_go_in_a_circle_end() -> None:
    """A chain is walked once."""
    first, second = ValueError(), KeyError()
    first.__cause__, second.__cause__ = second, first
    assert logs.chain(first) == [first, second]


def test_a_logger_outlives_its_stream(monkeypatch: pytest.MonkeyPatch) -> None:
    """A logger that has written once goes on after standard error was replaced and the old one closed."""
    first, second = io.StringIO(), io.StringIO()
    monkeypatch.setattr("sys.stderr", first)
    log = logs.Lines()
    log.info("one")
    monkeypatch.setattr("sys.stderr", second)
    first.close()
    log.info("two")
    assert second.getvalue() == "two\n"
