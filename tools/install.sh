#!/usr/bin/env bash
# Puts the locked dependencies and the project into a virtual environment: tools/install.sh run|dev|engines FOLDER
set -euo pipefail
cd "$(dirname "$0")/.."
kind=$1 folder=$2

as_root() { # Runs a command as root where that needs no question; fails otherwise.
  if [ "$(id -u)" = 0 ]; then "$@"; elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then sudo -n "$@"; else return 1; fi
}

find_python() {
  local name
  for name in "${PYTHON:-python3.11}" python3.12 python3.13 python3; do
    if command -v "$name" >/dev/null && "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      echo "$name"
      return
    fi
  done
  echo "Python 3.11 or newer is needed: apt-get install python3 python3-venv" >&2
  return 1
}

if [ ! -x "$folder/bin/pip" ]; then
  python=$(find_python)
  if ! "$python" -m venv "$folder" >/dev/null 2>&1; then
    # Debian keeps the part of Python that makes environments in a package of its own.
    if command -v apt-get >/dev/null && as_root env DEBIAN_FRONTEND=noninteractive bash -c \
      'apt-get update -qq && apt-get install -qq -y --no-install-recommends python3-venv' >/dev/null; then
      rm -rf "$folder"
      "$python" -m venv "$folder"
    else
      echo "$python cannot make a virtual environment: apt-get install python3-venv" >&2
      exit 1
    fi
  fi
fi

pip=("$folder/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes --no-build-isolation)
echo "installing what is locked in requirements/$kind.txt"
if [ "$kind" = run ]; then
  "${pip[@]}" -r requirements/run.txt -r requirements/build.txt
  "$folder/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --no-index --no-build-isolation -e .
else
  "${pip[@]}" -r "requirements/$kind.txt"
fi
touch "$folder/$kind.stamp"
