"""Tells for each finding whether it was fixed, is worse, is new, is gone from sight, or stands as it stood."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from rapport.core.canonical import rounded
from rapport.core.follow_up import Fate, Followed
from rapport.core.outcome import Status
from rapport.core.words import month
from rapport.engine.following.comparable import Document, criterion_changed
from rapport.engine.following.ledger import Ledger, Place, is_change, of_finding
from rapport.models.multiplicity import benjamini_hochberg
from rapport.models.two_estimates import Estimate, difference, p_more

LEVEL = 0.05
ORDER = tuple(Fate)


@dataclass(frozen=True, slots=True)
class Pair:
    """One place at both audits, counted so that more is worse: `change` is how much worse it became."""

    finding: Document
    before: Place
    after: Place
    sign: int

    @property
    def least(self) -> float:
        """The least effect worth acting on."""
        return float(self.finding["criteria"]["least_effect"] or 0.0)

    @property
    def over_time(self) -> bool:
        """Whether the finding is a change over time, whose level is followed."""
        return is_change(str(self.finding["id"]))

    def of(self, place: Place) -> Estimate:
        """Return what is followed: the level of a change, else the difference from what the place is compared with."""
        return place.value if self.over_time else place.effect

    @property
    def change(self) -> Estimate:
        """How much worse it became."""
        return difference(_worse(self.of(self.after), self.sign), _worse(self.of(self.before), self.sign))

    @property
    def mended(self) -> bool:
        """Whether it was tested now and lies within the least effect; a change, whether the level before it is back."""
        if self.over_time:
            left = difference(_worse(self.after.value, self.sign), _worse(_level_before(self.before), self.sign))
            return not self.after.found and left.high <= self.least
        return self.after.within and not self.after.found

    @property
    def itself_better(self) -> bool:
        """Whether the place is better than it was, and not only nearer to others who became worse."""
        return self._own_change < 0

    @property
    def others_better(self) -> bool:
        """Whether most of what sets it further apart is that the others became better, not that it became worse."""
        return not self.over_time and self._own_change < self.change.value / 2

    @property
    def _own_change(self) -> float:
        """How much worse the level of the place itself became."""
        return self.sign * (self.after.value.value - self.before.value.value)


def _worse(one: Estimate, sign: int) -> Estimate:
    return one if sign > 0 else -one


def _level_before(place: Place) -> Estimate:
    """Return the level before a change; its variance is what the change's leaves over that of the level since."""
    own, both = place.value.high - place.value.low, place.effect.high - place.effect.low
    half = math.sqrt(max(0.0, both**2 - own**2)) / 2 if math.isfinite(own) and math.isfinite(both) else math.inf
    return Estimate(place.baseline, place.baseline - half, place.baseline + half)


def followed(before: Ledger, after: Ledger) -> tuple[Followed, ...]:
    """Return what became of every finding of two comparable audits, what fails first, then by severity."""
    told: list[Followed] = []
    pairs: list[tuple[Pair, str]] = []
    for finding in before.problems():
        _one(finding, before, after, told, pairs, _lost)
    known = {str(f["id"]) for f in before.problems()}
    for finding in after.problems():
        if finding["id"] not in known:
            _one(finding, before, after, told, pairs, _appeared)
    told += _decided(pairs)
    rank = {"critical": 0, "high": 1, "medium": 2, "low": 3}
    return tuple(sorted(told, key=lambda f: (ORDER.index(f.fate), rank.get(f.severity, 4), f.id)))


Missing = Callable[[Document, Ledger, Ledger], "Followed | tuple[Pair, str]"]


def _one(
    finding: Document,
    before: Ledger,
    after: Ledger,
    told: list[Followed],
    pairs: list[tuple[Pair, str]],
    follow: Missing,
) -> None:
    name = str(finding["audit"])
    old, new = before.audits.get(name), after.audits.get(name)
    changed = criterion_changed(old, new) if old is not None and new is not None else ""
    if changed:
        told.append(_said(finding, Fate.NOT_COMPARABLE, f"{changed[:1].upper()}{changed[1:]}."))
        return
    result = follow(finding, before, after)
    if isinstance(result, Followed):
        told.append(result)
    else:
        pairs.append(result)


def _lost(finding: Document, before: Ledger, after: Ledger) -> Followed | tuple[Pair, str]:
    """Return the pair of a finding of the first audit, or that nothing can be said of it any more."""
    id_ = str(finding["id"])
    silent = _silent(after.audits.get(str(finding["audit"])))
    if silent:
        return _said(finding, Fate.GONE, f"{silent} That says nothing about whether it was mended.")
    old = of_finding(finding)
    again = after.findings.get(id_)
    new = of_finding(again) if again is not None else after.level(id_) if is_change(id_) else after.place(id_)
    if new is None:
        return _said(finding, Fate.GONE, "There were too few rows of it to look again.")
    sign = 1 if old.effect.value >= 0 else -1
    if again is None and id_ in after.places and after.places[id_].found:
        return Pair(finding, old, new, sign), "It is shown under another finding now."
    return Pair(again or finding, old, new, sign), ""


def _appeared(finding: Document, before: Ledger, after: Ledger) -> Followed | tuple[Pair, str]:
    """Return what is to be said of a finding that the first audit did not name."""
    id_ = str(finding["id"])
    silent = _silent(before.audits.get(str(finding["audit"])))
    if silent:
        return _said(finding, Fate.NEW, f"{silent} So it was at the first audit: how old this is is not known.")
    old, new = before.place(id_), of_finding(finding)
    if old is None:
        return _said(
            finding,
            Fate.NEW,
            "At the first audit there were too few rows of it to look; how old it is is not known." + _since(new),
        )
    sign = 1 if new.effect.value >= 0 else -1
    if old.found:
        return Pair(finding, old, new, sign), "It was there before, under another finding."
    was = "It was in order at the first audit." if old.within else "At the first audit nothing was shown of it."
    change = Pair(finding, old, new, sign).change
    noise = (
        "" if change.low > 0 else " The two audits differ by no more than chance here: it may be as old as they are."
    )
    return _numbers(_said(finding, Fate.NEW, was + _since(new) + noise), Pair(finding, old, new, sign))


def _since(place: Place) -> str:
    return f" It began in {month(place.onset)}." if place.onset else ""


def _silent(audit: Document | None) -> str:
    """Return why an audit says nothing about any place, empty where it looked."""
    if audit is None:
        return "The audit was not run."
    if audit["status"] == Status.ERROR.value:
        return f"The audit failed. {audit['reason']}"
    return str(audit["reason"]) if not audit["tests"] else ""


def _decided(pairs: Sequence[tuple[Pair, str]]) -> list[Followed]:
    """Test all pairs together, for worse and for better, each against the least effect."""
    if not pairs:
        return []
    changes = [(pair.change, pair.least) for pair, _ in pairs]
    worse = benjamini_hochberg([p_more(change, least) for change, least in changes]).tolist()
    better = benjamini_hochberg([p_more(-change, least) for change, least in changes]).tolist()
    return [_verdict(pair, note, w, b) for (pair, note), w, b in zip(pairs, worse, better, strict=True)]


def _verdict(pair: Pair, note: str, worse: float, better: float) -> Followed:
    """Return what became of one pair; `worse` and `better` are q-values of a change by more than the least effect."""
    if pair.mended and pair.itself_better:
        back = "the level before it is back" if pair.over_time else "lies within the least effect"
        return _numbers(_said(pair.finding, Fate.FIXED, _joined(f"It was tested again and {back}.", note)), pair)
    if pair.mended:
        told = "It lies within the least effect now, but because the others became worse: it is no better itself."
        return _numbers(_said(pair.finding, Fate.UNCHANGED, _joined(told, note)), pair)
    fate, q = Fate.UNCHANGED, min(worse, better)
    told = "It differs from before by no more than chance or the least effect."
    if worse <= LEVEL and pair.others_better:
        told = "It stands further apart now, but mostly because the others became better."
    elif worse <= LEVEL:
        fate, q, told = Fate.REGRESSED, worse, "It is worse by more than the least effect."
    elif better <= LEVEL:
        fate, q, told = Fate.IMPROVED, better, "It is better by more than the least effect, but not yet in order."
    elif not pair.after.found:
        told += " It is no longer found, but the rows are too few to call it mended."
    return replace(_numbers(_said(pair.finding, fate, _joined(told, note)), pair), q_value=rounded(q))


def _joined(*sentences: str) -> str:
    return " ".join(s for s in sentences if s)


def _said(finding: Document, fate: Fate, reason: str) -> Followed:
    return Followed(
        str(finding["id"]),
        str(finding["audit"]),
        fate,
        str(finding["title"]),
        str(finding["severity"]),
        reason,
        str(finding["condition"]["unit"]),
    )


def _numbers(one: Followed, pair: Pair) -> Followed:
    """Return the same with its numbers, in the direction in which they are printed."""
    change = pair.change if pair.sign > 0 else -pair.change
    return replace(
        one,
        before=rounded(pair.of(pair.before).value),
        after=rounded(pair.of(pair.after).value),
        change=rounded(change.value),
        low=rounded(change.low),
        high=rounded(change.high),
    )
