"""Refuses modules that need each other in a circle, imports inside functions included."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent / "src"


def modules(root: Path) -> dict[str, Path]:
    """Return every module below `root` by its dotted name."""
    found = {}
    for path in sorted(root.rglob("*.py")):
        parts = path.relative_to(root).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def _only_for_types(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)


def _imports(node: ast.AST) -> Iterator[ast.Import | ast.ImportFrom]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import | ast.ImportFrom):
            yield child
        elif _only_for_types(child):
            assert isinstance(child, ast.If)
            for other in child.orelse:
                yield from _imports(other)
        else:
            yield from _imports(child)


def needs(name: str, path: Path, known: set[str]) -> set[str]:
    """Return the modules of ours that one module imports, wherever in the file it does so."""
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    wanted: set[str] = set()
    for node in _imports(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            wanted |= {alias.name for alias in node.names}
            continue
        above = package.rsplit(".", node.level - 1)[0] if node.level else ""
        source = ".".join(part for part in (above, node.module or "") if part)
        for alias in node.names:
            submodule = f"{source}.{alias.name}"
            wanted.add(submodule if submodule in known else source)
    return {w for w in wanted if w in known and w != name}


def circles(graph: dict[str, set[str]]) -> list[list[str]]:
    """Return the groups of modules that reach each other (Tarjan's strongly connected components)."""
    number: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found: list[list[str]] = []

    def visit(node: str) -> None:
        number[node] = low[node] = len(number)
        stack.append(node)
        for other in sorted(graph[node]):
            if other not in number:
                visit(other)
                low[node] = min(low[node], low[other])
            elif other in stack:
                low[node] = min(low[node], number[other])
        if low[node] == number[node]:
            group: list[str] = []
            while not group or group[-1] != node:
                group.append(stack.pop())
            if len(group) > 1:
                found.append(sorted(group))

    sys.setrecursionlimit(10_000)
    for node in sorted(graph):
        if node not in number:
            visit(node)
    return found


def main(root: Path = ROOT) -> int:
    """Print every circle; 0 where there is none."""
    paths = modules(root)
    graph = {name: needs(name, path, set(paths)) for name, path in paths.items()}
    found = circles(graph)
    for group in found:
        print("these modules need each other:", ", ".join(group))
    if not found:
        print(f"{len(graph)} modules, no import cycle")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
