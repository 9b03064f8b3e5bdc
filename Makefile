# The same verbs for people and for CI. Needs Python 3.11+ and make, no more.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed
PYTEST := $(BIN)/python -m pytest
# What shares a running exchange runs in one process; groups begin in the order that tests/conftest.py gives.
GROUPS := --dist loadgroup --no-loadscope-reorder

# What was compiled once need not be compiled at every start, whatever the environment says.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: help install up down demo quick test nightly faults check bench docs pictures lock clean

help:  ## Show these verbs
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

install: $(STAMP)  ## Everything into .venv; the command is then .venv/bin/exchange

$(STAMP): requirements.lock pyproject.toml producers/client/pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed: make PYTHON=/path/to/python3.12 install" >&2; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip --quiet --disable-pip-version-check install --require-hashes -r requirements-uv.lock
	VIRTUAL_ENV=$(VENV) $(BIN)/uv --quiet --system-certs pip install --compile-bytecode --require-hashes -r requirements.lock
	VIRTUAL_ENV=$(VENV) $(BIN)/uv --quiet pip install --no-deps --no-build-isolation --offline -e . -e producers/client
	$(BIN)/python -m compileall -q avro_schemas topics verification exchange producers consumers
	@touch $@

up: install  ## Start the stack in the background
	$(BIN)/exchange up --detach

down: install  ## Stop the stack
	$(BIN)/exchange down

demo: install  ## Publish a sample city through the whole exchange and show what happened (KEEP=1 leaves it running; AT=DIR: in that home)
	$(BIN)/exchange demo $(if $(KEEP),--keep) $(if $(AT),--home $(AT))

quick: install  ## The pure tests alone, nothing of the stack, on all cores: a minute
	EXCHANGE_EXAMPLES_TIMES=0.1 $(PYTEST) -p tests.shares -m 'not stack and not process and not complete and not long' --ignore tests/journeys --ignore tests/faults

# Tests wait for real parts more than they work: three processes keep two cores busy.
test: install  ## The tests, on real parts, and the pure ones beside them; faults and nightly take longer
	$(PYTEST) -n 3 $(GROUPS) --durations 20

# Each part runs whatever the others find. No test may hang for ever, but each may take hours.
nightly: install  ## What takes too long for every commit: thousands of histories, 100 times the examples
	@failed=0; \
	$(PYTEST) tests --ignore tests/faults -m long --timeout 14400 || failed=1; \
	EXCHANGE_MACHINE_EXAMPLES=10000 $(PYTEST) tests/reference --timeout 14400 || failed=1; \
	EXCHANGE_EXAMPLES_TIMES=100 $(PYTEST) tests --ignore tests/reference -m 'hypothesis and not stack and not long' --timeout 14400 || failed=1; \
	exit $$failed

faults: install  ## Every fault among 5 000 records each, or RECORDS=100000; the table goes to faults.md
	EXCHANGE_FAULT_RECORDS=$(RECORDS) EXCHANGE_FAULT_REPORT=faults.md $(PYTEST) -n 2 $(GROUPS) tests/faults -m '' --timeout 14400

check: install  ## Format, lint, types, layers, generated files
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m tools.pages --check

bench: install  ## Measure, print a table, write bench.json; ONLY="rules latency": parts; BASE=DIR: beside another checkout
	$(BIN)/python -m tools.bench --out bench.json $(if $(ONLY),--only "$(ONLY)") $(if $(BASE),--base "$(BASE)")

docs: install  ## Write the generated reference pages and types anew; OUT=DIR: those of EXCHANGE_POLICY's city, there
	$(BIN)/python -m tools.pages $(if $(OUT),--out "$(OUT)")

pictures: install  ## The documentation's pictures anew, from a demo at AT=DIR; WALK=1: look through every screen instead
	$(BIN)/python -m tools.pictures --home $(AT) $(if $(WALK),--walk)

lock:  ## Renew the lock file after a change of dependencies
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --group dev pyproject.toml producers/client/pyproject.toml -o requirements.lock
	echo uv==0.13.9 | $(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate - -o requirements-uv.lock

clean:  ## Remove what was made here (never a home's data)
	rm -rf $(VENV) build *.egg-info bench.json faults.md
