"""Matching a claim with a record of birth: how many true ones are confirmed, how many false ones, how fast.

    python -m bench.matching [--same 100000] [--other 200000] [--half held_back]

Two halves of made-up pairs (`bench/pairs`), each with its seed. The rules were written on the development half; the
held-back half is only measured. Beside ours: the same fields letter by letter, and the mean Jaro–Winkler likeness of
all fields (rapidfuzz) with the threshold that was best on the development half. `precision_low` is the lower end of the
exact 95 % interval (Clopper–Pearson). `us_each` is processor time for one pair, with both parents. A pair whose record
would not be found, by certificate or by act record, is not confirmed by anybody.
"""

import argparse
import os
import random
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice

from rapidfuzz.distance import JaroWinkler

from bench.measure import Measured, report
from bench.pairs import Pair, Particulars
from bench.pairs.defects import same_child
from bench.pairs.strangers import KINDS, other_child, twin_with_a_rare_name
from myschool.papers.matching import Confirmed, Field, closest, compare, verdict

HALVES = {"development": 20_261, "held_back": 20_262}
FOUND_BY_ACT = (Field.ACT_NUMBER, Field.ACT_DATE, Field.BIRTH_DATE)
LEAST_PRECISION = 0.9999
OURS, EXACT, LIKENESS = "myschool", "every field letter by letter", "rapidfuzz (mean Jaro–Winkler)"


def pairs(seed: int, same: int, other: int) -> Iterator[Pair]:
    """The true ones, then the false ones, each kind as often as the next."""
    rng = random.Random(seed)
    for _ in range(same):
        yield same_child(rng)
    kinds = list(KINDS.items())
    for number in range(other):
        yield other_child(rng, *kinds[number % len(kinds)])


def is_found(pair: Pair) -> bool:
    """By kind, series and number, or by the act record and the birth date."""
    record = pair.record[0]
    if pair.claim[Field.DOCUMENT] == record[Field.DOCUMENT]:
        return True
    return all(pair.claim.get(name) == record[name] for name in FOUND_BY_ACT)


def confirms(pair: Pair) -> bool:
    return isinstance(verdict(closest([compare(pair.claim, record) for record in pair.record])), Confirmed)


def is_exact(pair: Pair) -> bool:
    return any(all(pair.claim[name] == record[name] for name in pair.claim if name in record) for record in pair.record)


def likeness(pair: Pair) -> float:
    return max(_alike(pair.claim, record) for record in pair.record)


def _alike(claim: Particulars, record: Particulars) -> float:
    shared = [name for name in claim if name in record]
    return sum(JaroWinkler.similarity(_text(claim[name]), _text(record[name])) for name in shared) / len(shared)


def _text(value: str | date | None) -> str:
    return value.isoformat() if isinstance(value, date) else (value or "").lower().replace("ё", "е")


@dataclass
class Tally:
    """What one subject confirmed, by kind of pair."""

    confirmed: Counter[str] = field(default_factory=Counter)
    of: Counter[str] = field(default_factory=Counter)
    hits: int = 0
    false: int = 0

    def add(self, pair: Pair, said: bool) -> None:
        self.hits += said and pair.same
        self.false += said and not pair.same
        for kind in _kinds(pair):
            self.of[kind] += 1
            self.confirmed[kind] += said

    @property
    def precision(self) -> float:
        accepted = self.hits + self.false
        return self.hits / accepted if accepted else 1.0

    @property
    def recall(self) -> float:
        return self.hits / self.of["same"]

    def shares(self) -> dict[str, float | int]:
        low = precision_low(self.hits, self.false)
        return {
            "precision": round(self.precision, 6),
            "precision_low": round(low, 6),
            "recall": round(self.recall, 4),
            "recall_damaged": round(self.confirmed["damaged"] / max(1, self.of["damaged"]), 4),
            "false": self.false,
        }


def _kinds(pair: Pair) -> Sequence[str]:
    """A true pair counts under its defect where that is the only one."""
    if not pair.same:
        return pair.kinds
    match pair.kinds:
        case ():
            return ("same", "nothing wrong")
        case (one,):
            return ("same", "damaged", one)
        case _:
            return ("same", "damaged", "two defects and more")


def precision_low(right: int, wrong: int) -> float:
    """Lower end of the Clopper–Pearson interval of 95 %, by halving: P(at most `wrong` errors | rate) = 2.5 %."""
    trials = right + wrong
    if not trials:
        return 0.0
    low, high = 0.0, 1.0
    for _ in range(60):
        rate = (low + high) / 2
        low, high = (rate, high) if _at_most(wrong, trials, rate) > 0.025 else (low, rate)
    return 1 - high


def _at_most(most: int, trials: int, rate: float) -> float:
    """Of the binomial distribution; `most` is small."""
    term = total = (1 - rate) ** trials
    for count in range(1, most + 1):
        term *= (trials - count + 1) / count * rate / (1 - rate)
        total += term
    return total


def best_threshold(scores: Sequence[tuple[float, bool]]) -> float:
    """The lowest at which the precision wanted holds: the peer at its best."""
    best, right, wrong = 1.1, 0, 0
    for score, same in sorted(scores, reverse=True):
        right, wrong = right + same, wrong + (not same)
        if right / (right + wrong) >= LEAST_PRECISION:
            best = score
    return best


def half(name: str, same: int, other: int, threshold: float | None) -> float:
    """Prints the lines of one half; gives the peer's threshold, chosen here when it was not."""
    ours, exact, scores = Tally(), Tally(), []
    spent = {OURS: 0.0, EXACT: 0.0, LIKENESS: 0.0}
    with Measured([os.getpid()], with_children=False) as measured:
        for pair in pairs(HALVES[name], same, other):
            found = is_found(pair)
            moments = [time.thread_time()]
            answers = []
            for subject in (confirms, is_exact, likeness):
                answers.append(subject(pair))
                moments.append(time.thread_time())
            for subject, begun, ended in zip(spent, moments, moments[1:], strict=False):
                spent[subject] += ended - begun
            ours.add(pair, found and bool(answers[0]))
            exact.add(pair, found and bool(answers[1]))
            scores.append((float(answers[2]) if found else 0.0, pair))
    chosen = best_threshold([(score, pair.same) for score, pair in scores]) if threshold is None else threshold
    alike = Tally()
    for score, pair in scores:
        alike.add(pair, score >= chosen)
    number = same + other
    for subject, tally in ((OURS, ours), (EXACT, exact), (LIKENESS, alike)):
        own = {"cpu_s": round(spent[subject], 3), "ops_per_cpu_s": round(number / spent[subject], 1)}
        more = {**own, "us_each": round(spent[subject] / number * 1e6, 1), "pairs": number, **tally.shares()}
        kinds = {kind: [tally.confirmed[kind], tally.of[kind]] for kind in tally.of}
        report(f"matching.{name}", subject, ops=number, measured=measured, **more, kinds=kinds)
    return chosen


def known_weakness(size: int) -> None:
    """Twins one letter apart of whom one bears a name that our list has not: how many would pass, each with the other's
    certificate."""
    rng = random.Random(HALVES["held_back"])
    made = islice((other_child(rng, "", twin_with_a_rare_name) for _ in iter(int, 1)), size)
    passed = sum(confirms(pair) for pair in made)
    report("matching.rare_twins", OURS, ops=size, measured=Measured([]), passed=passed)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--same", type=int, default=100_000)
    parser.add_argument("--other", type=int, default=200_000)
    parser.add_argument("--half", choices=HALVES, nargs="+", default=list(HALVES))
    arguments = parser.parse_args()
    threshold = None
    for name in arguments.half:
        threshold = half(name, arguments.same, arguments.other, threshold)
    known_weakness(2000)


if __name__ == "__main__":
    main()
