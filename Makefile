# Every command of the project; `make` alone lists them.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help run test lint fix docs examples bench compose-test influxd lock clean

PYTHON ?= python3
BIN := .venv/bin
T ?= tests

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "make %-14s %s\n", $$1, $$2}'

.venv/.stamp: requirements-dev.txt
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --require-hashes -r requirements-dev.txt
	@touch $@

# honcho reads .env by itself; make has to know whether it names a database.
INFLUX_URL ?= $(shell sed -n 's/^INFLUX_URL=//p' .env 2>/dev/null)
export INFLUX_URL

influxd: .venv/.stamp ## find or build the database server; says which one it took
	@$(BIN)/python -m influx.server

# Of the Procfile's processes: no influxd of our own where INFLUX_URL names one, the simulator only when asked for.
PROCESSES := $(if $(INFLUX_URL),,influxd) collector api $(if $(filter 1,$(SIMULATE)),simulator)

# -u: honcho prints while it handles a signal; with a buffer, a second signal within that ends it and leaves the rest.
run: .venv/.stamp influxd ## start everything in the foreground; SIMULATE=1: on the built-in exchanges, no internet
	@$(if $(INFLUX_URL),$(BIN)/honcho run $(BIN)/python -m influx setup)
	@PATH="$(CURDIR)/$(BIN):$$PATH" COINWATCH_SIMULATE=$(if $(filter 1,$(SIMULATE)),1,0) \
		exec python -u -m honcho start --no-prefix --no-colour $(PROCESSES)

test: .venv/.stamp influxd ## run all tests, or T=path
	$(BIN)/pytest $(T)

lint: .venv/.stamp ## style, types, import directions, generated docs
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m docs --check

fix: .venv/.stamp influxd ## mend what ruff can mend, format Python and Flux
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/python -m tests.influx.formatter

docs: .venv/.stamp ## write the generated parts of README and docs
	$(BIN)/python -m docs

examples: .venv/.stamp influxd ## write what the service really answers into the README; RECORDINGS=folder: the replay too
	$(BIN)/python -m docs.examples $(if $(RECORDINGS),--recordings $(RECORDINGS))

compose-test: .venv/.stamp ## the stack in real containers; STAND_INS=1 where no base image can be pulled
	$(BIN)/python -m tests.compose $(if $(STAND_INS),--stand-ins)

bench: .venv/.stamp influxd ## benchmarks side by side with peers and limits, written to docs/performance.md; B=name: one
	$(BIN)/python -m bench $(B)

lock: .venv/.stamp ## lock the dependencies of pyproject.toml anew, with hashes (wants uv)
	uv pip compile -q --generate-hashes --no-header --no-emit-index-url --no-emit-find-links --universal \
		--python-version 3.11 pyproject.toml -o requirements.txt
	uv pip compile -q --generate-hashes --no-header --no-emit-index-url --no-emit-find-links --universal \
		--python-version 3.11 -c requirements.txt --extra dev pyproject.toml -o requirements-dev.txt

clean: ## remove what was made in the checkout (the cached influxd stays)
	rm -rf .venv .coinwatch .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
