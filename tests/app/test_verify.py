"""Every printed number follows from the record; whatever is changed, the change is found and its place named."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rapport
from rapport.app.audit import audit
from rapport.app.demo import demo
from rapport.app.verify import verify
from rapport.app.verifying.deriving import derived
from rapport.app.verifying.differences import compare, leaves
from rapport.app.verifying.lists import lists_in
from rapport.app.verifying.queries import Queries
from rapport.app.verifying.reading import as_bytes
from rapport.core.errors import InputError, UsageError
from rapport.report.html import render
from rapport.store.sealed import Sealed
from rapport.worlds import build, write
from tests.app.verifying import Audited, quickly, rewrite
from tests.importing import needs


@pytest.fixture(scope="module")
def audited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Audited]:
    out = tmp_path_factory.mktemp("verify") / "audit"
    demo(out, customers=400, seed=3)
    run = json.loads((out / "audit.json").read_text(encoding="utf-8"))
    with derived(run, out / "record" / run["snapshot"]["id"], lambda _stage, _share: None) as again:
        yield Audited(out, again, render({**again.run, "made_at": run["made_at"]}))


Check = Callable[..., Any]


@pytest.fixture
def check(audited: Audited, monkeypatch: pytest.MonkeyPatch) -> Check:
    """Return `verify` for audits whose record and settings are untouched."""
    return lambda folder, **words: quickly(audited, folder, monkeypatch, **words)


def test_an_audit_follows_from_its_record(audited: Audited) -> None:
    before = {p: (p.stat().st_mtime_ns, p.stat().st_size) for p in audited.out.rglob("*")}
    done = verify(audited.out)
    assert done.differences == ()
    assert done.notes == ()
    run = audited.run
    assert done.checked["files"] == 1 + len(run["snapshot"]["tables"])
    assert done.checked["sources"] == len({i["source"] for i in run["inputs"]})
    assert done.checked["leaves"] == leaves(run) - 1
    printed = {m["sql"] for m in run["metrics"]} | {e["sql"] for f in run["findings"] for e in f["evidence"]}
    assert done.checked["queries"] == len(printed - {""}) > 20
    assert done.checked["numbers"] > 500
    assert done.checked["outputs"] == 4 + len(lists_in(audited.out)) > 5
    assert {p: (p.stat().st_mtime_ns, p.stat().st_size) for p in audited.out.rglob("*")} == before


def test_what_an_audit_was_told_is_enough_to_make_it_again(audited: Audited, tmp_path: Path) -> None:
    words = {"since": "2024-06-01", "as_of": "2026-03-01T12:00", "only": ("first-reply", "reopens"), "seed": 7}
    done = audit(audited.out / "company", tmp_path / "few", **words)
    assert done.run["settings"] | {"declared": None} == {**words, "only": [*words["only"]], "declared": None}
    assert verify(done.out).differences == ()


@pytest.mark.parametrize(
    ("name", "sources"), [("online_retail", 1), ("incidents", 1), ("nps_saas", 1), ("exports/zendesk", 4)]
)
def test_audits_of_real_data_follow_from_their_records(name: str, sources: int, tmp_path: Path) -> None:
    audit(needs(name), tmp_path / name)
    done = verify(tmp_path / name)
    assert done.differences == ()
    assert done.checked["sources"] == sources
    assert done.checked["numbers"] > 300


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("shop", {"twin": "small"}),
        ("subscription", {"twin": "instructions"}),
        ("subscription", {"plants": {"record-gaps": None, "churn": None, "lost-scores": None}}),
    ],
)
def test_audits_of_invented_companies_follow_from_their_records(
    name: str, words: dict[str, Any], tmp_path: Path
) -> None:
    write(build(name, 150, seed=4, **words), tmp_path / "company")
    audit(tmp_path / "company", tmp_path / "out")
    done = verify(tmp_path / "out")
    assert done.differences == ()
    assert done.checked["numbers"] > 300


# One digit or one word of audit.json


@given(position=st.floats(0, 1, exclude_max=True), digit=st.sampled_from("0123456789"))
@settings(max_examples=60)
def test_one_changed_digit_of_audit_json_is_found(audited: Audited, position: float, digit: str) -> None:
    raw = (audited.out / "audit.json").read_bytes()
    time = re.search(rb'"made_at":"[^"]*"', raw)
    assert time is not None
    places = [m.start() for m in re.finditer(rb"\d", raw) if not time.start() <= m.start() < time.end()]
    place = places[int(position * len(places))]
    if raw[place : place + 1] == digit.encode():
        digit = str((int(digit) + 1) % 10)
    changed = raw[:place] + digit.encode() + raw[place + 1 :]
    try:
        read = json.loads(changed)
    except ValueError:
        return
    found = list(compare(read, audited.again.run))
    if found:
        assert len(found) == 1
        assert found[0].printed != found[0].derived
    else:
        assert as_bytes(read) != changed


def _places(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if isinstance(value, (dict, list)):
        for key, one in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _places(one, (*at, key))
    else:
        yield at


def _other(value: Any) -> Any:
    """Return another value of the same kind."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, (int, float)):
        return value + 1
    return f"{value}x" if isinstance(value, str) else 0


def test_any_changed_leaf_is_one_difference_that_names_its_place(audited: Audited) -> None:
    run = audited.run
    every = [at for at in _places(run) if at != ("made_at",)]
    sections = {at[0] for at in every}
    assert sections >= {"metrics", "findings", "audits", "opinion", "snapshot", "inputs", "settings", "roadmap"}
    tried = every[:: max(1, len(every) // 250)] + [next(at for at in every if at[0] == name) for name in sections]
    for at in tried:
        section = run[at[0]]
        holder = run
        for key in at[:-1]:
            holder = holder[key]
        kept, holder[at[-1]] = holder[at[-1]], _other(holder[at[-1]])
        found = list(compare({at[0]: run[at[0]]}, {at[0]: audited.again.run[at[0]]}))
        holder[at[-1]] = kept
        assert run[at[0]] is section or at == (at[0],)
        assert len(found) == 1, at
        assert found[0].place.startswith(str(at[0])), at
        last = next((str(key) for key in reversed(at) if isinstance(key, str)), "")
        assert last in found[0].place, at


@pytest.mark.parametrize("section", ["metrics", "findings", "audits", "roadmap", "inputs"])
def test_a_missing_or_an_added_entry_is_named(audited: Audited, section: str) -> None:
    run, again = audited.run, audited.again.run
    gone = run[section].pop(1)
    name = gone.get("id") or gone["source"]
    assert [str(d) for d in compare(run, again)] == [
        f"{section}[{name}]: printed nothing, derived an entry of {len(gone)}"
    ]
    assert [str(d) for d in compare(again, run)] == [
        f"{section}[{name}]: printed an entry of {len(gone)}, derived nothing"
    ]


def test_a_changed_number_is_said_with_both_values(audited: Audited, check: Check, tmp_path: Path) -> None:
    folder = audited.copy(tmp_path)
    metric = next(m for m in audited.run["metrics"] if m["id"] == "nps")
    run = audited.run
    next(m for m in run["metrics"] if m["id"] == "nps")["value"] = 71.5
    (folder / "audit.json").write_bytes(as_bytes(run))
    done = check(folder)
    assert [str(d) for d in done.differences] == [f"metrics[nps].value: printed 71.5, derived {metric['value']}"]
    every = check(folder, every=True)
    assert every.differences[0] == done.differences[0]
    assert "report.html, metrics[nps].value" in {d.place for d in every.differences}


@pytest.mark.parametrize(
    ("old", "new"), [('"seed":3,', '"seed": 3,'), ('"schema":', '"schema":"rapport.audit/1","schema":'), ("}\n", "}")]
)
def test_the_same_values_written_otherwise_are_not_the_same_bytes(
    audited: Audited, check: Check, tmp_path: Path, old: str, new: str
) -> None:
    folder = audited.copy(tmp_path)
    rewrite(folder, old, new)
    assert [d.place for d in check(folder).differences] == ["audit.json, as it is written"]


@pytest.mark.parametrize("number", ["1e400", "-1e400", "NaN", "9" * 400, "true", "null", '"31"', "[]", "{}", "-0.0"])
def test_a_number_that_is_none_or_beyond_all_bounds_is_named(
    audited: Audited, check: Check, tmp_path: Path, number: str
) -> None:
    folder = audited.copy(tmp_path)
    text = (folder / "audit.json").read_text(encoding="utf-8")
    score = f'"score":{json.dumps(audited.run["opinion"]["score"])},'
    place = text.index('"opinion":{')
    place = text.index(score, place)
    (folder / "audit.json").write_text(text[:place] + f'"score":{number},' + text[place + len(score) :])
    done = check(folder, every=True)
    assert any(d.place.startswith("opinion.score") for d in done.differences)


# Queries


def test_a_query_that_rapport_did_not_write_is_named_and_never_run(
    audited: Audited, check: Check, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[str] = []
    real = Sealed.run
    monkeypatch.setattr(Sealed, "run", lambda self, sql: ran.append(sql) or real(self, sql))
    folder = audited.copy(tmp_path)
    run = audited.run
    one, other = run["findings"][:2]
    metric = next(m for m in run["metrics"] if m["id"] == "revenue")
    one["evidence"][0]["sql"] += "\n"
    one["evidence"][1]["sql"] = "SELECT * FROM read_text('/etc/passwd')"
    other["evidence"][0]["sql"] += "; ATTACH 'evil.db'"
    metric["sql"] = metric["sql"].replace("SELECT", "SELECT ", 1)
    forged = {one["evidence"][0]["sql"], one["evidence"][1]["sql"], other["evidence"][0]["sql"], metric["sql"]}
    (folder / "audit.json").write_bytes(as_bytes(run))
    done = check(folder, every=True, queries=True)
    assert {d.place for d in done.differences if not d.place.startswith("report.html")} == {
        "metrics[revenue].sql",
        f"findings[{one['id']}].evidence[query].sql",
        f"findings[{one['id']}].evidence[rows].sql",
        f"findings[{other['id']}].evidence[query].sql",
    }
    assert ran
    assert not forged & set(ran)


def test_a_result_that_its_query_does_not_return_is_named(audited: Audited) -> None:
    run = json.loads(json.dumps(audited.again.run))
    query, rows = run["findings"][0]["evidence"][:2]
    query["sample"][0]["n"] += 1
    query["hash"] = "0" * 64
    rows["count"] += 1
    metric = next(m for m in run["metrics"] if m["id"] == "revenue")
    metric["sql"] = next(m["sql"] for m in run["metrics"] if m["id"] == "nps")
    queries = Queries(type(audited.again)(run, audited.again.record, audited.again.root))
    found = {d.place for d in queries.check(lambda _stage, _share: None)}
    queries.close()
    place = f"findings[{run['findings'][0]['id']}].evidence"
    assert found == {
        f"{place}[query].sample[{query['sample'][0]['place']}].n",
        f"{place}[query].hash",
        f"{place}[rows].count",
        "metrics[revenue].sql",
    }


# The record


def _change(file: Path, change: Callable[[pa.Table], pa.Table]) -> None:
    pq.write_table(change(pq.read_table(file)), file)


def _dearer(table: pa.Table) -> pa.Table:
    """Return orders of which the first costs one more."""
    place = table.column_names.index("amount")
    amounts = table["amount"].to_pylist()
    amounts[0] += 1
    return table.set_column(place, "amount", pa.array(amounts, table["amount"].type))


@pytest.mark.parametrize(
    ("change", "counted"), [(_dearer, False), (lambda table: table.slice(1), True)], ids=["changed", "removed"]
)
def test_a_changed_row_names_the_file_and_the_number_that_moves(
    audited: Audited, tmp_path: Path, change: Callable[[pa.Table], pa.Table], counted: bool
) -> None:
    folder = audited.copy(tmp_path)
    snapshot = folder / audited.run["snapshot"]["path"]
    _change(snapshot / "orders.parquet", change)
    done = verify(folder)
    short = f"record/{snapshot.name[:12]}…"
    files = [d.place for d in done.differences if d.file]
    assert files[0] == f"{short}/orders.parquet"
    assert (f"{short}/manifest.json, orders.rows" in files) == counted
    moved = {d.place for d in done.differences if not d.file}
    assert "metrics[revenue].value" in moved
    assert ("metrics[orders].value" in moved) == counted


def test_a_changed_row_that_moves_no_number_names_the_file(audited: Audited, check: Check, tmp_path: Path) -> None:
    folder = audited.copy(tmp_path)
    file = folder / audited.run["snapshot"]["path"] / "orders.parquet"
    with file.open("ab") as opened:
        opened.write(b" ")
    done = check(folder)
    assert done.differences[0].file
    assert done.differences[0].place.endswith("/orders.parquet")


def test_a_table_that_is_gone_or_no_table_any_more_ends_the_verification(audited: Audited, tmp_path: Path) -> None:
    folder = audited.copy(tmp_path)
    file = folder / audited.run["snapshot"]["path"] / "tickets.parquet"
    file.write_bytes(b"PAR1 no table PAR1")
    done = verify(folder)
    assert [d.place for d in done.differences] == [f"record/{file.parent.name[:12]}…/tickets.parquet"]
    assert done.notes == ("nothing can be derived from what is left of the record",)
    file.unlink()
    os.mkfifo(file)
    assert [d.derived for d in verify(folder).differences] == ["nothing"]
    file.unlink()
    assert [d.derived for d in verify(folder).differences] == ["nothing"]


def test_a_changed_manifest_is_named(audited: Audited, tmp_path: Path) -> None:
    folder = audited.copy(tmp_path)
    rewrite(folder / audited.run["snapshot"]["path"], '"rows":', '"rows":1', "manifest.json")
    done = verify(folder)
    assert [d.place for d in done.differences] == [f"record/{audited.snapshot.name[:12]}…/manifest.json"]


def test_a_pointer_to_another_record_is_named(audited: Audited, check: Check, tmp_path: Path) -> None:
    folder = audited.copy(tmp_path)
    (folder / "record" / "current").write_text("0" * 64 + "\n")
    done = check(folder)
    assert [d.place for d in done.differences] == ["snapshot.id"]
    assert "000000000000…" in done.differences[0].derived


def test_a_calendar_that_was_not_declared_is_named(audited: Audited, check: Check, tmp_path: Path) -> None:
    folder = audited.copy(tmp_path)
    (calendar,) = (folder / "record").glob("calendar-*.parquet")
    _change(calendar, lambda table: table.slice(1))
    assert [d.place for d in check(folder).differences] == [f"record/{calendar.name}"]
    calendar.unlink()
    assert [d.printed for d in check(folder).differences] == ["nothing"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('["09:00"', '["99:00"'),
        ('"2024-05-01"', '"2024-95-01"'),
        ('"as_of":"2026', '"as_of":"9026'),
        ('"seed":3', '"seed":"x"'),
    ],
)
def test_settings_that_no_audit_follows_from_are_named(audited: Audited, tmp_path: Path, old: str, new: str) -> None:
    folder = audited.copy(tmp_path)
    text = (folder / "audit.json").read_text(encoding="utf-8")
    place = text.index('"settings":')
    (folder / "audit.json").write_text(text[:place] + text[place:].replace(old, new, 1), encoding="utf-8")
    assert [d.place for d in verify(folder).differences] == ["settings"]


def test_a_changed_setting_is_found(audited: Audited, tmp_path: Path) -> None:
    folder = audited.copy(tmp_path)
    rewrite(folder, '"minimum_group":10', '"minimum_group":11')
    assert verify(folder).differences[0].place == "fingerprint"


def test_an_audit_can_be_moved_and_its_record_kept_elsewhere(audited: Audited, check: Check, tmp_path: Path) -> None:
    folder = audited.copy(tmp_path)
    assert check(folder).differences == ()
    shutil.move(folder / "record", tmp_path / "kept")
    with pytest.raises(InputError, match="--record"):
        verify(folder)
    for place in (tmp_path / "kept", tmp_path / "kept" / audited.snapshot.name):
        assert check(folder, record=place).differences == ()
    with pytest.raises(InputError, match="holds no record"):
        verify(folder, tmp_path)
    shutil.move(tmp_path / "kept", tmp_path / "record")
    assert check(folder, record=tmp_path).differences == ()


# The source


def test_a_source_that_changed_is_named_and_one_that_is_gone_is_said(
    audited: Audited, check: Check, tmp_path: Path
) -> None:
    folder = audited.copy(tmp_path)
    company = folder / "company"
    with (company / "tickets.csv").open("a", encoding="utf-8") as opened:
        opened.write("\n")
    done = check(folder)
    assert [d.place for d in done.differences] == ["inputs[tickets.csv].sha256"]
    (company / "tickets.csv").unlink()
    done = check(folder)
    assert done.differences == ()
    assert done.notes == ("no longer in the source, and not looked at: tickets.csv",)
    shutil.rmtree(company)
    done = check(folder)
    assert done.differences == ()
    assert done.notes == ("the source is no longer where it was: its files were not looked at",)


def test_workbooks_and_archives_are_hashed_as_they_were_read(tmp_path: Path) -> None:
    import gzip

    rows = "customer_id,ordered_at,order_id,amount\n" + "".join(
        f"C{i % 40},2025-{1 + i % 12:02d}-0{1 + i % 9},O{i},{10 + i}\n" for i in range(200)
    )
    source = tmp_path / "in"
    source.mkdir()
    (source / "orders.csv.gz").write_bytes(gzip.compress(rows.encode(), mtime=0))
    audit(source, tmp_path / "out")
    done = verify(tmp_path / "out")
    assert (done.differences, done.notes, done.checked["sources"]) == ((), (), 1)
    (source / "orders.csv.gz").write_bytes(gzip.compress(rows.replace("2025", "2024").encode(), mtime=0))
    assert [d.place for d in verify(tmp_path / "out").differences] == ["inputs[orders.csv].sha256"]


# What is beside audit.json


def test_one_changed_number_of_the_report_is_named(audited: Audited, check: Check, tmp_path: Path) -> None:
    folder = audited.copy(tmp_path)
    page = (folder / "report.html").read_text(encoding="utf-8")
    shown = list(re.finditer(r'data-path="([^"]*)" data-as="[^"]*">([^<]*\d)', page))
    assert len(shown) > 300
    for one in shown[:: len(shown) // 12]:
        place = one.end() - 1
        digit = str((int(page[place]) + 1) % 10)
        (folder / "report.html").write_text(page[:place] + digit + page[place + 1 :], encoding="utf-8")
        found = check(folder).differences
        assert found, one[0]
        assert found[0].place.startswith("report.html, "), one[0]
        assert one[1].rpartition(".")[2].partition("?")[0] in found[0].place, one[0]


def test_words_and_pictures_of_the_report_are_compared_as_well(audited: Audited, check: Check, tmp_path: Path) -> None:
    folder = audited.copy(tmp_path)
    page = (folder / "report.html").read_text(encoding="utf-8")
    drawn = re.search(r'<path[^>]* d="M(\d)', page)
    assert drawn is not None
    place = drawn.start(1)
    line = page[:place].count("\n") + 1
    forged = page[:place] + str((int(drawn[1]) + 1) % 10) + page[place + 1 :]
    (folder / "report.html").write_text(forged, encoding="utf-8")
    assert [d.place for d in check(folder).differences] == [f"report.html, line {line}"]
    (folder / "report.html").write_text(page + "<!-- more -->", encoding="utf-8")
    assert check(folder).differences[0].place.startswith("report.html, line")


def test_the_tables_are_compared_as_well(audited: Audited, check: Check, tmp_path: Path) -> None:
    folder = audited.copy(tmp_path)
    table = (folder / "findings.csv").read_text(encoding="utf-8")
    digit = re.search(r"\d", table.splitlines()[2])
    assert digit is not None
    lines = table.splitlines()
    lines[2] = lines[2][: digit.start()] + str((int(digit[0]) + 1) % 10) + lines[2][digit.end() :]
    (folder / "findings.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert [d.place for d in check(folder).differences] == ["findings.csv, line 3"]
    (folder / "findings.csv").write_text(table + "one,more\n", encoding="utf-8")
    assert [d.printed for d in check(folder).differences] == ["“one,more”"]


@pytest.mark.parametrize("name", ["customers.parquet", "estimates/health.parquet"])
def test_one_changed_number_of_a_list_of_customers_is_named(
    audited: Audited, check: Check, tmp_path: Path, name: str
) -> None:
    file = audited.copy(tmp_path) / name
    table = pq.read_table(file)
    row = next(i for i, v in enumerate(table["health"].to_pylist()) if v is not None)
    customer, was = table["row_id"][row].as_py(), table["health"][row].as_py()
    health = [was + 1 if i == row else v for i, v in enumerate(table["health"].to_pylist())]
    pq.write_table(table.set_column(table.column_names.index("health"), "health", pa.array(health)), file)
    found = [str(d) for d in check(tmp_path / "audit").differences]
    assert found == [f"{name}, {customer}, health: printed {was + 1}, derived {was}"]
    pq.write_table(table.slice(1), file)
    assert [d.place for d in check(tmp_path / "audit").differences] == [f"{name}, its rows"]
    pq.write_table(table.drop_columns(["health"]), file)
    assert [d.place for d in check(tmp_path / "audit").differences] == [f"{name}, its columns"]
    file.write_bytes(b"no table")
    assert [d.place for d in check(tmp_path / "audit").differences] == [name]


def test_rejects_are_as_many_as_were_counted(audited: Audited, check: Check, tmp_path: Path) -> None:
    folder = audited.copy(tmp_path)
    file = folder / "rejects.parquet"
    with duckdb.connect() as connection:
        connection.execute(f"CREATE TABLE r AS FROM read_parquet('{file}')")
        connection.execute("INSERT INTO r (source, line, used_elsewhere) VALUES ('tickets.csv', 3, false)")
        connection.execute(f"COPY r TO '{file}' (FORMAT parquet)")
    rejected = next(i["rejected"] for i in audited.run["inputs"] if i["source"] == "tickets.csv")
    assert [str(d) for d in check(folder).differences] == [
        f"inputs[tickets.csv].rejected: printed {rejected}, derived {rejected + 1} lines in rejects.parquet"
    ]
    file.write_bytes(b"nothing")
    assert [d.place for d in check(folder).differences] == ["rejects.parquet"]


def test_what_is_not_there_is_said(audited: Audited, check: Check, tmp_path: Path) -> None:
    folder = audited.copy(tmp_path)
    for name in ("report.html", "findings.csv", "rejects.parquet"):
        (folder / name).unlink()
    done = check(folder)
    assert done.differences == ()
    assert done.notes == ("report.html is not there", "findings.csv is not there", "rejects.parquet is not there")


# What is refused


def test_another_version_is_refused_with_the_reason(audited: Audited, tmp_path: Path) -> None:
    folder = audited.copy(tmp_path)
    rewrite(folder, f'"version":"{rapport.__version__}"}}', '"version":"0.0.9"}')
    with pytest.raises(UsageError, match=r"was made by Rapport 0\.0\.9, this is"):
        verify(folder)


def test_a_shared_audit_is_refused_with_the_reason(audited: Audited, tmp_path: Path) -> None:
    folder = audited.copy(tmp_path)
    rewrite(folder, '"shared":false', '"shared":true')
    with pytest.raises(UsageError, match="without personal data"):
        verify(folder)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"schema":"rapport.audit/1","engi', "cut off or damaged"),
        ("", "cut off or damaged"),
        ("[]", "is no audit.json"),
        ('{"engine": 1, "snapshot": {}}', "is no audit.json"),
        ("[" * 100_000, "damaged"),
        ("9" * 5000, "damaged"),
        ("\ud800", "damaged"),
    ],
)
def test_what_is_no_audit_is_refused(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "audit.json").write_bytes(text.encode(errors="surrogatepass"))
    with pytest.raises(InputError, match=said):
        verify(tmp_path)


def test_an_id_is_no_path(audited: Audited, tmp_path: Path) -> None:
    folder = audited.copy(tmp_path)
    rewrite(folder, f'"id":"{audited.snapshot.name}"', '"id":"../record/current"')
    with pytest.raises(InputError, match="which record"):
        verify(folder)


def test_a_folder_without_an_audit_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        verify(tmp_path)
