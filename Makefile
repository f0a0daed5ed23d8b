# `make` alone lists what there is. Needs Python 3.11 or newer, make and git; nothing else.

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

# The first of these that is new enough; `make PYTHON=/path/to/python setup` chooses another.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo "$$p"; break; }; done)

# The newest PostgreSQL, where Debian and Homebrew put it; what is on the path comes after.
POSTGRES := $(shell ls -d /usr/lib/postgresql/*/bin /opt/homebrew/opt/postgresql@*/bin \
	/usr/local/opt/postgresql@*/bin 2>/dev/null | sort | tail -n 1)

# A third of their time tests wait, so two cores hold three workers; `make test WORKERS=0` runs them
# one after the other.
WORKERS ?= 3
SHARED := -n $(WORKERS) --dist loadscope --no-loadscope-reorder

# Each process of a suite would compile all of it again; tests start some hundred.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help setup parquet deep-tools demo test test-postgres test-deep test-mutants lint format words pictures bench audit sbom clean

help: ## list what there is
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "make %-14s %s\n", $$1, $$2}'

setup: $(READY) ## make .venv with all that is needed; quick when nothing changed

$(READY): requirements-dev.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "Tribune needs Python 3.11 or newer; make PYTHON=... names one."; exit 1; }
	@echo "Making $(VENV) with $(PYTHON); this happens once."
	@$(PYTHON) -m venv $(VENV) || { echo "On Debian, the package python3-venv is missing."; exit 1; }
	@$(BIN)/python -m pip install --disable-pip-version-check --quiet --require-hashes -r requirements-dev.lock
	@$(BIN)/python -m pip install --disable-pip-version-check --quiet --no-index --no-deps --no-build-isolation --editable .
	@touch $(READY)

parquet: setup ## what reads Parquet files, 170 MB, into .venv; only for those who have some
	@$(BIN)/python -m pip install --disable-pip-version-check --quiet --require-hashes -r requirements-parquet.lock

deep-tools: setup ## what some deep tests want, into .venv: a client of Open311 by others, schemathesis, what reads calendars
	@$(BIN)/python -m pip install --disable-pip-version-check --quiet --require-hashes -r requirements-deep.lock

$(VENV)-audit/.ready: requirements-audit.lock
	@$(PYTHON) -m venv $(VENV)-audit
	@$(VENV)-audit/bin/python -m pip install --disable-pip-version-check --quiet --require-hashes -r requirements-audit.lock
	@touch $@

audit: $(VENV)-audit/.ready ## dangerous calls in the code, and known faults of what it depends on
	$(VENV)-audit/bin/bandit --quiet --recursive -ll services shared deploy
	$(VENV)-audit/bin/python .ci/audit.py requirements.lock requirements-dev.lock

sbom: setup ## var/sbom.cdx.json: all parts of the suite with versions and hashes, as CycloneDX
	@mkdir -p var
	$(BIN)/python deploy/sbom.py requirements.lock >var/sbom.cdx.json

demo: setup ## half a year of real requests through the suite, then the page on port 8000 until Ctrl-C
	$(BIN)/tribune demo

test: setup ## all tests, on SQLite
	$(BIN)/python -m pytest $(SHARED) $(ARGS)

test-postgres: setup ## all that see a database, on a private PostgreSQL server from the machine's own binaries
	@PATH="$(if $(POSTGRES),$(POSTGRES):)$$PATH" command -v initdb >/dev/null || { \
		echo "There is no initdb; install PostgreSQL (Debian: postgresql, Homebrew: postgresql@17)."; exit 1; }
	PATH="$(if $(POSTGRES),$(POSTGRES):)$$PATH" TRIBUNE_TEST_DATABASE=postgres $(BIN)/python -m pytest $(SHARED) --ignore=tests/browser $(ARGS)

test-mutants: setup ## break the code on purpose, and see that a test notices each break
	PATH="$(if $(POSTGRES),$(POSTGRES):)$$PATH" $(BIN)/python tests/mutants/run.py $(ARGS)

test-deep: setup ## all tests with the long ones, and with fresh examples: some quarter of an hour more
	TRIBUNE_TEST_PROFILE=deep $(BIN)/python -m pytest $(SHARED) -m "not compose" --timeout=3600 $(ARGS)

lint: setup ## lint, format, types and import rules; changes nothing
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: setup ## put the code into its form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

words: setup ## gather all that the site says, and bring the suite's own catalogues up to it
	$(BIN)/python tests/web/extraction.py

pictures: setup ## docs/pictures: the pages of a suite that runs, on a telephone and at a desk; wants chromium
	PYTHONPATH=tests:tests/browser:. $(BIN)/python tests/browser/pictures.py

bench: setup ## the measurements of docs/performance.md, all but the demonstration
	for what in ingest replay latency sweep lives readers; do $(BIN)/tribune bench $$what --json || exit 1; done

clean: ## remove .venv and caches; data in var/ stays
	rm -rf $(VENV) $(VENV)-audit .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
