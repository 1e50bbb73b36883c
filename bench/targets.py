"""What is aimed at, a row a figure."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Target:
    """`sign` is ≤ or ≥; `figure` names a field of the scenario's JSON line."""

    scenario: str
    figure: str
    sign: str
    value: float

    def met(self, measured: float) -> bool:
        return measured <= self.value if self.sign == "≤" else measured >= self.value


TARGETS = (
    Target("start.cold", "wall_s", "≤", 60.0),
    Target("start.warm", "wall_s", "≤", 5.0),
    Target("stack.idle", "pss_mb", "≤", 350.0),
    Target("page.portal_main", "p95_ms", "≤", 30.0),
    Target("page.login", "p95_ms", "≤", 30.0),
    Target("page.cabinet", "p95_ms", "≤", 30.0),
    Target("page.school_search", "p95_ms", "≤", 30.0),
    Target("page.queue", "p95_ms", "≤", 30.0),
    Target("signin.password", "ops_per_cpu_s", "≥", 28.0),
    Target("signin.session", "ops_per_cpu_s", "≥", 200.0),
    Target("operating.page", "p99_ms", "≤", 50.0),
    Target("operating.metrics", "p99_ms", "≤", 50.0),
    Target("agenda.steps", "ops_per_cpu_s", "≥", 5000.0),
    Target("birthdays.year", "duplicates", "≤", 0),
    Target("birthdays.year", "missed", "≤", 0),
    Target("birthdays.idle", "cpu_s_a_day", "≤", 1.0),
    Target("checks.decisions", "ops_per_cpu_s", "≥", 5000.0),
    Target("checks.waiting", "cpu_percent", "≤", 1.0),
    Target("checks.waiting", "worker_mb_more", "≤", 5.0),
    Target("checks.waiting", "p99_ms", "≤", 1000.0),
    Target("schools.search", "p50_ms", "≤", 2.0),
    Target("schools.search", "p99_ms", "≤", 10.0),
    Target("schools.quality", "r1", "≥", 0.95),
    Target("schools.quality", "r5", "≥", 0.98),
    Target("matching.development", "precision", "≥", 0.9999),
    Target("matching.development", "recall", "≥", 0.98),
    Target("matching.held_back", "precision", "≥", 0.9999),
    Target("matching.held_back", "recall", "≥", 0.98),
)
