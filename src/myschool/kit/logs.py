"""Structured logs: one JSON line an event on standard error, with the trace number of the request or job.

Personal data never goes in: events carry ids, counts, names of routes and classes of errors. The text of an exception
stays out too, because a database tells in it what somebody typed. Libraries that log in their own way are bound by the
same: of their lines stays the unfilled template.
"""

import logging
import sys
import traceback
from dataclasses import dataclass
from typing import TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

LONGEST_TEMPLATE = 200


def configure(level: str, *, part: str, stream: TextIO | None = None) -> None:
    """`part` names the process: portal, gosuslugi, sandbox, worker. No `stream`: standard error."""
    structlog.configure(
        processors=PROCESSORS,
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=lambda *_: Lines(stream),
        cache_logger_on_first_use=False,
    )
    structlog.contextvars.bind_contextvars(part=part)
    logging.root.handlers = [Bridge()]
    logging.root.setLevel(logging.WARNING)


@dataclass(frozen=True)
class Lines:
    """Writes to `stream`, or to whatever standard error is at that moment: a logger outlives one that is replaced."""

    stream: TextIO | None = None

    def msg(self, line: str) -> None:
        stream = self.stream or sys.stderr
        stream.write(line + "\n")
        stream.flush()

    debug = info = warning = error = critical = exception = log = msg


class Bridge(logging.Handler):
    """Lines of libraries, as ours: the first line of the template and the classes of an exception, no value."""

    def emit(self, record: logging.LogRecord) -> None:
        template = str(record.msg).partition("\n")[0][:LONGEST_TEMPLATE]
        error = record.exc_info[1] if record.exc_info else None
        log = structlog.get_logger(record.name)
        log.log(record.levelno, "library", library=record.name, template=template, exc_info=error)


def without_messages(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Replaces `exc_info` by the classes of the chain and the places it passed, innermost last."""
    given = event.pop("exc_info", None)
    error = given if isinstance(given, BaseException) else sys.exc_info()[1] if given else None
    if error is not None:
        event["error"] = [type(link).__name__ for link in chain(error)]
        event["at"] = [f"{f.filename}:{f.lineno} {f.name}" for f in traceback.extract_tb(error.__traceback__)][-12:]
    return event


def chain(error: BaseException) -> list[BaseException]:
    """The error and what caused it, outermost first."""
    links = [error]
    while (cause := links[-1].__cause__ or links[-1].__context__) is not None and cause not in links:
        links.append(cause)
    return links


PROCESSORS: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    without_messages,
    structlog.processors.JSONRenderer(ensure_ascii=False),
]
