"""The numbers as Prometheus reads them: one line a value, the words of the domain as labels."""

from collections.abc import Iterator
from datetime import datetime

from myschool.gosuslugi.family.model import GuardianshipState
from myschool.gosuslugi.operating.numbers import Numbers

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


def text(numbers: Numbers, now: datetime) -> str:
    return "".join(f"{line}\n" for line in _lines(numbers, now))


def _lines(numbers: Numbers, now: datetime) -> Iterator[str]:
    yield _line("numbers_age_seconds", (now - numbers.taken_at).total_seconds())
    for one in numbers.checks.standings:
        labels = {"kind": one.kind, "state": one.state}
        yield _line("checks", one.count, **labels)
        yield _line("checks_past_due", one.past_due, **labels)
        yield _line("checks_median_age_seconds", one.median, **labels)
        yield _line("checks_oldest_age_seconds", one.oldest, **labels)
        for age, count in one.ages.items():
            yield _line("checks_by_age", count, **labels, age=age)
    for kind, reason, count in numbers.checks.reasons:
        yield _line("checks_not_confirmed", count, kind=kind, reason=reason)
    for pace in numbers.checks.paces:
        yield _line("decision_seconds", pace.p50, kind=pace.kind, quantile="0.5")
        yield _line("decision_seconds", pace.p95, kind=pace.kind, quantile="0.95")
    if numbers.checks.answers:
        day, count = numbers.checks.answers[0]
        yield _line("answers_of_day", count, day=day)
    for state in numbers.guardianships:
        yield _line("guardianships", state.count, state=state.state)
        if state.state == GuardianshipState.REVIEW:
            yield _line("guardianships_wait_for_clerk", state.count)
    yield _line("second_looks_waiting", sum(one.waiting for one in numbers.second_looks))
    yield _line("second_looks_late", sum(one.late for one in numbers.second_looks))
    for queue in numbers.queue:
        labels = {"kind": queue.kind, "state": queue.state}
        yield _line("agenda_items", queue.count, **labels)
        yield _line("agenda_failing", queue.failing, **labels)
        yield _line("agenda_oldest_seconds", queue.oldest, **labels)


def _line(name: str, value: float, **labels: str) -> str:
    """Labels are our own words, never what somebody typed, so they need no escaping."""
    named = ",".join(f'{label}="{word}"' for label, word in labels.items())
    return f"myschool_{name}{{{named}}} {value:g}" if named else f"myschool_{name} {value:g}"
