#!/usr/bin/env bash
# Resolves the dependencies again and writes them with their hashes: tools/lock.sh FOLDER_OF_UV (where `uv` is, if not on the path)
set -euo pipefail
cd "$(dirname "$0")/.."
export PATH="$1:$PATH"
command -v uv >/dev/null || { echo "uv is needed to lock: .venv/bin/pip install uv" >&2; exit 1; }
compile() {
  uv pip compile --quiet --universal --generate-hashes --no-header --no-emit-index-url --no-emit-find-links \
    --python-version 3.11 "$@"
}
compile pyproject.toml -c requirements/pins.in -o requirements/run.txt
compile requirements/build.in -c requirements/run.txt -o requirements/build.txt
compile pyproject.toml --group dev -c requirements/run.txt -c requirements/build.txt -o requirements/dev.txt
compile pyproject.toml --group dev --group engines -c requirements/dev.txt -o requirements/engines.txt
