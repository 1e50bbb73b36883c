"""Structured logs: one JSON line an event on standard error, with the trace number of the request or job.

Personal data never goes in: events carry ids, counts, names of routes and classes of errors. The text of an exception
stays out too, because a database tells in it what somebody typed.
"""

import logging
import sys
import traceback

import structlog
from structlog.typing import EventDict, WrappedLogger


def configure(level: str, *, part: str) -> None:
    """`part` names the process: portal, gosuslugi, sandbox, worker."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            without_messages,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )
    structlog.contextvars.bind_contextvars(part=part)


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
