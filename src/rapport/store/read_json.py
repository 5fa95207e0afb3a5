"""Opens a file of JSON objects, one a line or in one list: every value as text, broken lines kept aside."""

from __future__ import annotations

import duckdb

from rapport.core.errors import InputError
from rapport.core.source import Dialect
from rapport.store.connection import literal, quoted
from rapport.store.folder import SourceFile
from rapport.store.intake import Examined, Text
from rapport.store.raw import LINE, RawColumn, RawFile, counted, unique_names

LONGEST = 64 << 20


def open_json(
    connection: duckdb.DuckDBPyConnection,
    file: SourceFile,
    examined: Examined,
    dialect: Dialect,
    number: int,
    text: Text,
) -> RawFile:
    """Open a JSON file as the view `raw_<number>`; lines that are no object become `ragged_<number>`."""
    if examined.head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"["):
        _list(connection, text, number)
    else:
        _lines(connection, text, number)
    objects = f"objects_{number}"
    keys = connection.execute(
        f"SELECT key FROM (SELECT line, unnest(json_keys(json)) AS key FROM {objects} WHERE fine) "
        "GROUP BY key ORDER BY min(line), key"
    ).fetchall()
    if not keys:
        raise InputError("holds no JSON object", where=file.name, todo="one object a line, or a list of objects")
    names, notes = unique_names(key for (key,) in keys)
    pointers = ", ".join(literal("/" + str(key).replace("~", "~0").replace("/", "~1")) for (key,) in keys)
    columns = ", ".join(f"cells[{i}] AS {quoted(name)}" for i, name in enumerate(names, start=1))
    connection.execute(
        f"CREATE TEMP TABLE raw_{number} AS SELECT line AS {quoted(LINE)}, {columns} FROM "
        f"(SELECT line, json_extract_string(json, [{pointers}]) AS cells FROM {objects} WHERE fine ORDER BY line)"
    )
    connection.execute(
        f"CREATE TEMP TABLE ragged_{number} AS "
        f"SELECT line, 'not a JSON object' AS reason, json AS raw FROM {objects} WHERE NOT fine"
    )
    connection.execute(f"DROP TABLE {objects}")
    ragged = counted(connection, f"ragged_{number}")
    return RawFile(
        file.name,
        f"raw_{number}",
        tuple(RawColumn(name, "VARCHAR") for name in names),
        counted(connection, f"raw_{number}"),
        examined.sha256,
        dialect,
        f"ragged_{number}" if ragged else None,
        ragged,
        (*text.notes, *notes),
    )


def _lines(connection: duckdb.DuckDBPyConnection, text: Text, number: int) -> None:
    """Read one object a line; empty lines are no lines."""
    connection.execute(
        f"CREATE TEMP TABLE lines_{number} AS SELECT * FROM read_csv({literal(str(text.path))}, "
        "auto_detect=false, columns={'json': 'VARCHAR'}, header=false, delim='\x01', quote='', escape='', "
        f"max_line_size={LONGEST}, buffer_size={LONGEST}, strict_mode=false)"
    )
    connection.execute(
        f"CREATE TEMP TABLE objects_{number} AS SELECT rowid + 1 AS line, json, "
        "coalesce(json_valid(json) AND json_type(CASE WHEN json_valid(json) THEN json END) = 'OBJECT', false) AS fine "
        f"FROM lines_{number} WHERE trim(coalesce(json, '')) <> ''"
    )
    connection.execute(f"DROP TABLE lines_{number}")


def _list(connection: duckdb.DuckDBPyConnection, text: Text, number: int) -> None:
    """Read one list of objects; the line is the object's place in the list."""
    connection.execute(
        f"CREATE TEMP TABLE list_{number} AS SELECT json::VARCHAR AS json FROM "
        f"read_json_objects({literal(str(text.path))}, format='array', maximum_object_size={LONGEST})"
    )
    connection.execute(
        f"CREATE TEMP TABLE objects_{number} AS SELECT rowid + 1 AS line, json, "
        f"json_type(json) = 'OBJECT' AS fine FROM list_{number}"
    )
    connection.execute(f"DROP TABLE list_{number}")
