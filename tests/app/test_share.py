"""A shared report names nobody: every file of it is searched for everybody in the record, and for all they said."""

from __future__ import annotations

import base64
import copy
import html
import json
import re
import stat
import urllib.parse
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import jsonschema
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from rapport.app.audit import AuditDone, audit
from rapport.app.demo import PLANTED
from rapport.app.sharing.groups import drawn, told, withheld, without
from rapport.app.sharing.pseudonyms import Pseudonyms
from rapport.core.errors import InputError, OutputError
from rapport.report.recheck import disagreements
from rapport.worlds import World, build, write

SYLLABLES = ("zuq", "vyx", "qeb", "xof", "jiv", "wuz", "qax", "vok", "zyj", "xub")
LONE = "Zita Quappenfeld"
PHONE = "+49 30 901820 77"
ENCODED = re.compile(rb"[A-Za-z0-9+/_-]{16,}={0,2}")
DIGEST = re.compile(r"(?<![0-9a-z])[0-9a-f]{16,}(?![0-9a-z])")
"""What may be Base64; its first letters are the first of a whole, as everywhere in a page."""
RUN = 6
Secrets = set[str]


def surname(number: int) -> str:
    """Return a name that is no word of any language, another one for each number."""
    return "".join(SYLLABLES[int(digit)] for digit in f"{number:05d}").capitalize()


def _with(table: pa.Table, column: str, values: Iterable[Any]) -> pa.Table:
    place = table.column_names.index(column)
    return table.set_column(place, column, pa.array(list(values), table.schema.field(column).type))


def _renamed(table: pa.Table, column: str, names: dict[str, str]) -> pa.Table:
    return _with(table, column, (names.get(v, v) for v in table[column].to_pylist()))


def betraying(world: World) -> World:
    """Return the company with people's names where no person belongs: teams, plans, channels, files, campaigns."""
    t = dict(world.tables)
    number = t["customers"].num_rows
    t["customers"] = _with(t["customers"], "name", (f"Emil {surname(i)}" for i in range(number)))
    t["customers"] = _with(t["customers"], "email", (f"{surname(i).lower()}.e@mail.example" for i in range(number)))
    t["customers"] = _renamed(t["customers"], "acquisition_channel", {"marketplace": f"Emil {surname(1)}"})
    t["orders"] = _renamed(t["orders"], "channel", {"marketplace": f"through emil {surname(2)}"})
    t["subscriptions"] = _renamed(
        t["subscriptions"], "plan", {"Linen Club Plus": f"for {surname(3).lower()}.e@mail.example"}
    )
    for name in ("tickets", "messages"):
        t[name] = _renamed(t[name], "team", {"Shop": LONE})
        t[name] = _renamed(t[name], "channel", {"chat": PHONE})
    alone = pc.equal(t["tickets"]["team"], LONE).to_pylist()
    who = zip(t["tickets"]["assignee"].to_pylist(), alone, strict=True)
    t["tickets"] = _with(t["tickets"], "assignee", (LONE if lone else a for a, lone in who))
    return World(t, world.declarations_toml, world.truth, world.customers)


@pytest.fixture(scope="module")
def world() -> World:
    plants = {**PLANTED, "consent": 6.0, "concentration": 0.5}
    return betraying(build("shop", customers=1500, seed=3, plants=plants))


@pytest.fixture(scope="module")
def done(world: World, tmp_path_factory: pytest.TempPathFactory) -> AuditDone:
    root = tmp_path_factory.mktemp("share")
    write(world, root / "company")
    return audit(root / "company", root / "out", share=True)


@pytest.fixture(scope="module")
def folder(done: AuditDone) -> Path:
    return done.out / "share"


@pytest.fixture(scope="module")
def document(folder: Path) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((folder / "audit.json").read_text(encoding="utf-8"))
    return read


def secrets_of(world: World, out: Path) -> Secrets:
    """Return all that may stand nowhere: names, addresses and their halves, ids, words, staff, files, the key."""
    t = world.tables
    people = t["customers"]
    found = set(people["name"].to_pylist()) | set(people["email"].to_pylist()) | set(people["customer_id"].to_pylist())
    found |= {n.split()[-1] for n in people["name"].to_pylist()}
    found |= {e.split("@")[0] for e in people["email"].to_pylist()} | {"mail.example"}
    ids = ("order_id", "ticket_id", "message_id", "conversation_id", "touch_id", "feedback_id", "subscription_id")
    words = ("text", "cancel_reason", "assignee", "author")
    for table in t.values():
        for column in set(table.column_names) & {*ids, *words}:
            found |= set(table[column].drop_null().to_pylist())
    found |= {LONE, *LONE.split(), PHONE, PHONE.replace(" ", ""), "901820"}
    found |= {p.stem for p in (out.parent / "company").rglob("*") if p.suffix == ".parquet" and "Emil" in p.stem}
    return {s for s in found if s} | {str(out), (out / "share.key").read_text(encoding="ascii").strip()}


def readings(file: Path) -> str:
    """Return everything a file says: as it is, with entities and escapes resolved, and what is encoded in it."""
    raw = file.read_bytes()
    text = raw.decode("utf-8")
    said = [text, html.unescape(text), urllib.parse.unquote(text), text.encode().decode("unicode_escape", "replace")]
    for run in ENCODED.findall(raw):
        letters = run.rstrip(b"=").translate(bytes.maketrans(b"-_", b"+/"))
        said.append(base64.b64decode(letters + b"A" * (-len(letters) % 4)).decode("utf-8", "replace"))
    return "\n".join(dict.fromkeys(said)).lower()


def told_by(files: Iterable[Path], secrets: Secrets) -> Secrets:
    """Return what the files betray, whatever the case; only what begins and ends as some of the text is looked for.

    Digests are taken out: now and then one holds some customer's number by chance, `…c001743`, where nobody reads it.
    """
    given = "\n".join(readings(file) for file in files)
    keys = {s for s in secrets if DIGEST.fullmatch(s) and s in given}
    said = DIGEST.sub(" ", given)
    runs = {said[i : i + RUN] for i in range(len(said))}
    lower = ((s, s.lower()) for s in secrets)
    likely = [(s, low) for s, low in lower if len(low) < RUN or (low[:RUN] in runs and low[-RUN:] in runs)]
    return keys | {s for s, low in likely if low in said}


def test_no_file_holds_anybody_or_anything_said(world: World, done: AuditDone, folder: Path) -> None:
    files = sorted(p for p in folder.rglob("*") if p.is_file())
    assert [f.name for f in files] == ["audit.json", "findings.csv", "report.html"]
    assert told_by(files, secrets_of(world, done.out)) == set()


def test_the_search_finds_them_in_the_report_that_is_not_shared(world: World, done: AuditDone) -> None:
    people = set(world.tables["customers"]["customer_id"].to_pylist())
    named = {LONE, PHONE, surname(1), f"{surname(3).lower()}.e@mail.example", f"through emil {surname(2)}"}
    found = told_by([done.out / "audit.json"], named | people)
    assert named <= found
    assert len(found & people) >= 5
    hidden = Path(done.out.parent / "encoded.html")
    hidden.write_text(
        f"<img src='data:x;base64,{base64.b64encode(b'<p>' + LONE.encode()).decode()}'>", encoding="utf-8"
    )
    assert LONE in told_by([hidden], {LONE})


def test_what_was_found_is_still_said_under_pseudonyms(done: AuditDone, document: dict[str, Any]) -> None:
    full = {f["audit"] for f in done.run["findings"]}
    assert {"reopens", "repeat-purchase", "churn", "unanswered"} <= full & {f["audit"] for f in document["findings"]}
    lone = next(f for f in document["findings"] if f["audit"] == "reopens")
    assert re.fullmatch(r"team-[0-9a-f]{8}", lone["scope"]["team"])
    assert lone["scope"]["team"] in lone["title"]
    assert lone["scope"]["team"] in lone["action"]["fix_cause"]
    billing = next(f for f in document["findings"] if f["audit"] == "first-reply")
    assert billing["scope"]["team"] == "Billing"


def test_groups_of_a_few_are_left_out_with_all_that_tells_of_them(done: AuditDone, document: dict[str, Any]) -> None:
    large = next(f for f in done.run["findings"] if f["audit"] == "concentration")
    assert large["consequence"]["customers"] == 1
    share = re.findall(r"(\d+) % of the", large["title"])[-1]
    said = json.dumps(document, ensure_ascii=False)
    assert not any(f["audit"] in ("concentration", "consent") for f in document["findings"])
    assert large["title"] not in said
    assert f"{share} % of the revenue" not in said
    audits = {a["id"]: a for a in document["audits"]}
    assert audits["concentration"]["score"] is None
    assert audits["concentration"]["chart"] is None
    assert "fewer than 10 customers" in audits["concentration"]["reason"]
    assert {c["id"]: c["score"] for c in document["categories"]}["value"] is None
    assert all(set(step["findings"]) <= {f["id"] for f in document["findings"]} for step in document["roadmap"])
    assert [step["rank"] for step in document["roadmap"]] == list(range(1, len(document["roadmap"]) + 1))


def test_no_rows_queries_or_small_counts_are_left(document: dict[str, Any]) -> None:
    for finding in document["findings"]:
        assert finding["condition"]["n"] >= 10
        assert finding["consequence"]["customers"] >= 10 or finding["consequence"]["customers"] == 0
        for evidence in finding["evidence"]:
            assert evidence["kind"] in ("query", "chart")
            assert not evidence["sql"]
            assert all(set(row) <= {"place", "n", "customers", "value"} for row in evidence["sample"])
            assert all(b["n"] is None for b in (evidence["chart"] or {"bars": []})["bars"])
        if finding["consequence"]["customers"] < 100:
            assert finding["consequence"]["value"] is None
            assert "€" not in " ".join(finding["consequence"]["assumptions"])
    assert not any(m["sql"] for m in document["metrics"])
    assert all(p["n"] >= 10 for m in document["metrics"] for p in m["trend"])
    assert not any(a["tested"] or a["rests_on"] for a in document["audits"])


def test_the_page_says_what_its_document_says(folder: Path, document: dict[str, Any]) -> None:
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert disagreements(page, document) == []
    assert "who holds the record" in page
    assert document["shared"] is True
    schema = json.loads(Path("docs/reference/audit.schema.json").read_text(encoding="utf-8"))
    jsonschema.validate(document, schema)


def test_a_number_changed_in_the_page_is_noticed(folder: Path, document: dict[str, Any]) -> None:
    page = (folder / "report.html").read_text(encoding="utf-8")
    n = document["findings"][0]["condition"]["n"]
    other = page.replace(f'">{n:,}</data>', f'">{n + 1:,}</data>', 1)
    assert other != page
    assert disagreements(other, document)


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """Return a small company, audited in a moment."""
    write(build("shop", customers=60, months=6, seed=2), tmp_path / "company")
    return tmp_path / "company"


def test_the_key_stays_with_the_audit_and_makes_the_same_names_again(small: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    first = audit(small, out, share=True)
    folder = out / "share"
    assert first.shared == folder / "report.html"
    assert stat.S_IMODE((out / "share.key").stat().st_mode) == 0o600
    before = {p.name: p.read_bytes() for p in folder.iterdir()}
    audit(small, out, share=True)
    old, new = (json.loads(text) for text in (before["audit.json"], (folder / "audit.json").read_bytes()))
    assert {**old, "made_at": ""} == {**new, "made_at": ""}
    assert before["findings.csv"] == (folder / "findings.csv").read_bytes()
    (out / "share.key").write_text("not a key", encoding="ascii")
    with pytest.raises(OutputError, match="key of the pseudonyms"):
        audit(small, out, share=True)
    assert not folder.exists(), "a shared report of an older audit would be taken for this one's"


def test_a_handful_of_customers_cannot_be_shared(tmp_path: Path) -> None:
    write(build("shop", customers=8, months=6, seed=1), tmp_path / "company")
    with pytest.raises(InputError, match="fewer than 10 customers"):
        audit(tmp_path / "company", tmp_path / "out", share=True)
    assert not (tmp_path / "out" / "share").exists()


def finding(id_: str, here: int, elsewhere: int, customers: int = 50) -> dict[str, Any]:
    """Return the parts of a finding that decide whether it is shown."""
    audit, _, place = id_.partition("/")
    rows = [
        {"place": "here", "n": here, "customers": here},
        {"place": "elsewhere", "n": elsewhere, "customers": elsewhere},
    ]
    return {
        "id": id_,
        "audit": audit,
        "scope": dict([place.split("=")]) if "=" in place else {},
        "condition": {"n": here, "onset": None},
        "consequence": {"customers": customers},
        "evidence": [{"kind": "query", "sample": rows}],
    }


def test_a_few_and_what_is_left_beside_them_are_withheld() -> None:
    assert withheld([finding("a/team=x", 500, 400)]) == set()
    assert withheld([finding("a/team=x", 500, 400, customers=9)]) == {"a/team=x"}
    assert withheld([finding("a/team=x", 9, 400)]) == {"a/team=x"}
    assert withheld([finding("a/team=x", 500, 9)]) == {"a/team=x"}


def test_places_that_together_leave_a_few_lose_the_smallest_of_them() -> None:
    three = [finding("a/team=x", 500, 505), finding("a/team=y", 300, 705), finding("a/team=z", 200, 805)]
    assert withheld(three) == {"a/team=z"}
    assert withheld(three[:2]) == set()


def test_small_counts_in_sentences_are_not_exact() -> None:
    assert told("3 of 200 tickets") == "fewer than 10 of 200 tickets"
    assert told("Of 3 customers 40 % left") == "Of fewer than 10 customers 40 % left"
    same = "4.6 of 100, 9 h, 15:00, 2 % of 1,246 tickets, 3 of 6 questions about the record, 5 May 2025"
    assert told(same) == same


def test_a_sentence_that_repeats_a_withheld_title_goes() -> None:
    text = "One thing needs attention. In team X, 1.2 % leave, elsewhere 4.6 %. The record can be relied on."
    left = without(text, ["Team X: 1.2 % leave, elsewhere 4.6 %"])
    assert left == "One thing needs attention. The record can be relied on."


def test_points_of_a_few_are_not_drawn_and_counts_are_taken_off() -> None:
    bars = [{"label": str(i), "value": 1.0, "low": None, "high": None, "n": n} for i, n in enumerate((5, 10, 20))]
    chart = {"kind": "dots", "bars": bars}
    left = drawn(chart)
    assert left is not None
    assert [(b["label"], b["n"]) for b in left["bars"]] == [("1", None), ("2", None)]
    assert drawn({**chart, "bars": bars[:2]}) is None


def test_pseudonyms_cannot_be_tried_out_without_the_key() -> None:
    names = {("team", "Zita"), ("team", "A"), ("source", "orders/zita.csv")}
    one, other = (Pseudonyms.of(names, key) for key in (b"one", b"other"))
    assert set(one.instead.values()).isdisjoint(other.instead.values())
    text = one.everywhere({"a": ["Team A: A thing about Zita, in orders/zita.csv", "x/team=A", "Zitadel"]})
    a, zita, file = (one.instead[k] for k in (("team", "A"), ("team", "Zita"), ("source", "orders/zita.csv")))
    assert text == {"a": [f"{a}: A thing about {zita}, in {file}", f"x/team={a}", "Zitadel"]}


def test_what_a_later_version_adds_stays_out(done: AuditDone) -> None:
    from rapport.app.sharing.document import shared

    run, added = copy.deepcopy(dict(done.run)), "added by a later version"
    run["health"] = {**run["health"], "worst": [added]}
    run["customers"] = {**run["customers"], "best": [added]}
    run["segments"] = [{**s, "of": added} for s in run["segments"]]
    run["models"] = [{**m, "fitted_to": added, "parameters": {added: 1.0}} for m in run["models"]]
    assert run["segments"]
    assert run["models"]
    assert added not in json.dumps(shared(run, Pseudonyms({})))
