"""Answers to surveys, and reviews: a score on a scale, when it was given, and often the words with it."""

from __future__ import annotations

import re
from typing import Final

from rapport.core.source import TableMapping
from rapport.core.table import Type
from rapport.sources.names import key, quoted, words
from rapport.sources.terms import tables_of, terms
from rapport.sources.view import NUMERIC, TIMELY, Found, View

NAMES: Final = {
    "nps": ("nps", "recommend", "weiterempfehlung", "promoter"),
    "ces": ("ces", "effort", "easy", "aufwand"),
    "csat": ("csat", "satisfaction", "satisfied", "zufriedenheit"),
    "review": ("review", "stars", "star", "bewertung", "sterne", "avis", "resena", "valoracion"),
}
"""The words by which each kind of feedback is known."""

SCALES: Final = {"nps": (0, 10), "csat": (1, 5), "ces": (1, 7), "review": (1, 5)}
ASKED: Final = ("asked at", "surveyed at", "survey sent at", "invited at", "invitation date", "sent at", "befragt am")
DISTANT_DAYS: Final = 2
"""So many days before the survey, another time in the row is when the customer came."""


def recognise(view: View) -> Found | None:
    """Return feedback, and customers where the file says when they came, from a file of scores."""
    named = "feedback" in tables_of(view.name)
    score = view.find(terms("feedback", "score"), NUMERIC) or _titled(view)
    text = view.find(terms("feedback", "text"), (Type.TEXT,), taken=(score or "",))
    told = view.find(terms("feedback", "answered_at"), TIMELY) or view.find(ASKED, TIMELY)
    if score is None or not (named or told or (text and _kind_by_name(view, score, text))):
        return None
    low, high = _limits(view, score)
    if low is None or high is None or low < 0 or high > 10:
        return None
    kind = _kind_by_name(view, score, text) or ("nps" if high > 7 else "ces" if high > 5 else "csat")
    least, most = _scale(kind, low, high)
    time = told or view.find(terms("feedback", "answered_at", plain=True), TIMELY)
    customer, came, doubts = _customer(view, time)
    columns = _columns(view, kind, score, text, time, customer)
    columns |= {"scale_min": str(least), "scale_max": str(most)}
    why = (f"{score} runs from {low:g} to {high:g}: answers of the kind {kind}, on a scale from {least} to {most}",)
    if time is None:
        doubts += ("no column says when an answer was given: nothing in it can be placed in time",)
    order = ("feedback_id", "customer_id", "kind", "asked_at", "answered_at", "score", "scale_min", "scale_max")
    columns = {name: columns[name] for name in (*order, *columns) if name in columns}
    mappings = [view.mapping("feedback", columns, why=why)]
    if customer and came:
        mappings.append(_customers(view, customer, came))
    return Found(tuple(mappings), why, doubts)


def _titled(view: View) -> str | None:
    """Return a numeric column whose title is the question itself: "How likely are you to recommend us?"."""
    for column in view.profile.columns:
        said = key(column.name)
        if view.type(column.name) in NUMERIC and re.search(
            "how (likely|satisfied|easy)|wahrscheinlich|zufrieden", said
        ):
            return column.name
    return None


def _kind_by_name(view: View, score: str, text: str | None) -> str | None:
    """Return the kind that the names of the score, of the file or of the text tell."""
    for name in (score, view.name.rsplit("/", 1)[-1], text or ""):
        for kind, said in NAMES.items():
            if set(words(name)) & set(said):
                return kind
    return None


def _limits(view: View, score: str) -> tuple[float | None, float | None]:
    """Return the least and the greatest score."""
    asked = view.rows(f"select min({quoted(score)}), max({quoted(score)}) from file")
    column = view.column(score)
    values = list(asked[0]) if asked else [column.minimum, column.maximum, *column.examples]
    numbers = []
    for value in values:
        try:
            numbers.append(float(str(value)))
        except ValueError:
            continue
    return (min(numbers), max(numbers)) if numbers else (None, None)


def _scale(kind: str, low: float, high: float) -> tuple[int, int]:
    """Return the usual scale of a kind, or a wider one where the scores need it."""
    least, most = SCALES[kind]
    if high <= most:
        return min(least, int(low)), most
    return (0 if low < 1 else 1), (7 if high <= 7 else 10)


def _customer(view: View, time: str | None) -> tuple[str | None, str | None, tuple[str, ...]]:
    """Return the customer's column and when they came; `id` is the customer's where that is long before the survey."""
    customer = view.find(terms("feedback", "customer_id"))
    came = view.find((*terms("customers", "created_at"), "created at", "created"), TIMELY, taken=(time or "",))
    if came is None or time is None:
        return customer, None, ()
    asked = view.rows(f"select median(epoch({quoted(time)}) - epoch({quoted(came)})) / 86400 from file")
    if asked and (asked[0][0] is None or abs(asked[0][0]) < DISTANT_DAYS):
        return customer, None, ()
    bare = customer or view.find(("id",))
    doubt = f"{came} is taken for when the customer came" + ("" if customer else ", and id for the customer's")
    return bare, came, (doubt,) if bare else ()


def _columns(
    view: View, kind: str, score: str, text: str | None, time: str | None, customer: str | None
) -> dict[str, str]:
    """Return the columns of an answer; who was asked and did not answer has no time of answering."""
    columns = {"kind": f"'{kind}'", "score": quoted(score)}
    own = view.find(terms("feedback", "feedback_id", plain=True), taken=(customer or "",))
    if own and view.unique(own):
        columns["feedback_id"] = view.id_sql(own)
    if customer:
        columns["customer_id"] = view.id_sql(customer)
    asked = view.find(ASKED, TIMELY)
    if time:
        some = view.column(score).filled < view.profile.rows and asked == time
        columns["answered_at"] = (
            f"case when {quoted(score)} is not null then {quoted(time)} end" if some else quoted(time)
        )
    if asked:
        columns["asked_at"] = quoted(asked)
    taken = {score, text, time, customer, own}
    if text:
        columns["text"] = quoted(text)
    for name in ("touchpoint", "channel", "language", "ticket_id", "order_id"):
        found = view.find(terms("feedback", name), taken={one for one in taken if one})
        if found and view.column(found).filled:
            columns[name] = view.id_sql(found)
    replied = view.find(terms("feedback", "replied_at"), TIMELY)
    return {**columns, "replied_at": quoted(replied)} if replied else columns


def _customers(view: View, customer: str, came: str) -> TableMapping:
    """Return the customers that a survey names, with when they came."""
    why = (f"{came} says when each {customer} came",)
    if view.unique(customer):
        return view.mapping("customers", {"customer_id": view.id_sql(customer), "created_at": quoted(came)}, why=why)
    columns = {"customer_id": view.id_sql(customer), "created_at": f"min({quoted(came)})"}
    sql = quoted(customer)
    return view.mapping("customers", columns, where=f"{sql} is not null", group=(sql,), why=why)
