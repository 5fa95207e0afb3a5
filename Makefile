# Every verb a developer needs. `make demo` and `make test` work on a fresh clone with nothing but Python 3.11 and make.
.DEFAULT_GOAL := help
SHELL := /bin/bash
VENV := .venv
BIN := $(VENV)/bin
OUT ?= rapport-demo

help:  ## show this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## */  make \1|/' | column -t -s '|'

$(VENV)/run.stamp: requirements/run.txt requirements/build.txt pyproject.toml tools/install.sh
	@tools/install.sh run $(VENV)

$(VENV)/dev.stamp: $(VENV)/run.stamp requirements/dev.txt
	@tools/install.sh dev $(VENV)

$(VENV)/engines.stamp: $(VENV)/dev.stamp requirements/engines.txt
	@tools/install.sh engines $(VENV)

demo: $(VENV)/run.stamp  ## audit a company that does not exist, and say where the report is
	@$(BIN)/rapport demo --out $(OUT)

test: $(VENV)/dev.stamp  ## run the tests; installs what they need
	@tools/chromium.sh
	$(BIN)/python -m pytest -n 2 -m "not engines"

test-engines: $(VENV)/engines.stamp  ## run the measures on Spark as well and compare (needs Java 17)
	$(BIN)/python -m pytest -m engines

check: $(VENV)/dev.stamp  ## style, types, floors, cycles, queries, documentation, tracked files
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/mypy --strict --no-error-summary tools
	$(BIN)/lint-imports
	$(BIN)/python tools/cycles.py
	$(BIN)/python -m rapport.store.sqlcheck
	$(BIN)/python tools/reference.py --check
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet --site-dir build/site
	$(BIN)/python tools/tracked.py

fix: $(VENV)/dev.stamp  ## put style in order, by machine
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: $(VENV)/dev.stamp  ## write docs/reference from the code
	$(BIN)/python tools/reference.py

docs-site: $(VENV)/dev.stamp  ## write the documentation as a site into site/
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict
	@echo "site/index.html"

tutorial: $(VENV)/dev.stamp  ## run the tutorials as a reader would, and write what they print into their pages
	$(BIN)/python tools/tutorial.py

bench: $(VENV)/dev.stamp  ## time an audit and the models of buying against one query of an analyst; WRITE=1 keeps it in docs/bench.md
	$(BIN)/python tools/bench.py $(if $(WRITE),--write)
	$(BIN)/python tools/bench_buying.py $(if $(WRITE),--write)

benchmark: $(VENV)/dev.stamp  ## plant known defects, count what an audit finds; SEEDS=50 for the record, WRITE=1 keeps the table
	@$(BIN)/rapport benchmark --seeds $(or $(SEEDS),3) --out rapport-benchmark || [ $$? -eq 1 ]
	$(BIN)/python tools/benchmark.py rapport-benchmark $(if $(WRITE),--write)

new-audit: $(VENV)/dev.stamp  ## make new-audit ID=first-reply CATEGORY=communication: the audit and its test
	@$(BIN)/python tools/new_audit.py "$(ID)" "$(CATEGORY)"

lock: $(VENV)/dev.stamp  ## resolve the locked dependencies again
	@tools/lock.sh $(BIN)

clean:  ## remove what the verbs above made
	rm -rf $(VENV) build site .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache rapport-demo rapport-out

.PHONY: help demo test test-engines check fix docs docs-site tutorial bench benchmark new-audit lock clean
