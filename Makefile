# `make` lists what there is. Nothing is needed but make and Python 3.11 or newer.
SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help up test check bench rules screens docs assets pack-check lock clean

PYTHON ?= $(shell for name in python3 python3.14 python3.13 python3.12 python3.11; do \
	command -v $$name >/dev/null 2>&1 && $$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && \
	{ command -v $$name; break; }; done)
UV := $(shell command -v uv 2>/dev/null || echo .tools/bin/uv)
BIN := .venv/bin
READY := .venv/ready-for-$(shell cksum < requirements.lock 2>/dev/null | cut -d' ' -f1)
T ?=
# Clients of other makers as they are published, for the tests; they cannot stand in one environment with each other and with us.
FOREIGN := $(patsubst tests/foreign_clients/%.txt,build/foreign-clients/%/ready,$(wildcard tests/foreign_clients/*.txt))
# Each process takes its tests in their order (tests/conftest.py): those that empty the database come after the others.
# They are shared out by file (tests/sharing_out.py).
PARALLEL := -n logical --maxprocesses 4 --dist load
# uv brings certificates of its own; behind a company's proxy only the machine's are right (the variable changed its name).
export UV_SYSTEM_CERTS ?= true
export UV_NATIVE_TLS ?= true
# Many container images set this for their build; with it every process would compile two thousand modules again.
unexport PYTHONDONTWRITEBYTECODE

help:  ## List the commands.
	@sed -n 's/^\([a-z-]*\):.*##  *\(.*\)/\1\t\2/p' Makefile | awk -F '\t' '{printf "  make %-12s %s\n", $$1, $$2}'

up: $(READY)  ## Set everything up and run platform, sandboxes, demo world and one car until Ctrl-C.
	@exec $(BIN)/vettura up $(OPTIONS)

test: $(READY) assets $(FOREIGN)  ## Run all tests, or some: make test T=tests/store
	@$(BIN)/pytest $(if $(T),$(T),$(PARALLEL))

check: $(READY)  ## Lint, types, architecture, migrations and packs, in seconds.
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet . || { echo 'Some files are not formatted: .venv/bin/ruff format .'; exit 1; }
	@$(BIN)/mypy src
	@$(BIN)/lint-imports
	@$(BIN)/python -m vettura.launcher.checks migrations
	@$(BIN)/python -m vettura_pack.check packs/*

pack-check: $(READY)  ## Say what is missing in the brand packs.
	@$(BIN)/python -m vettura_pack.check packs/*

bench: $(READY) assets  ## Measure commands, ingest, accounts and connected cars; writes bench/results.json.
	@$(BIN)/python -m bench

rules: $(READY)  ## Print, by area, which rules of docs/rules.md have no test.
	@$(BIN)/python -m vettura.launcher.rules_report

screens: $(READY) assets  ## Take a picture of every page into build/screens/ (of the running demo, or of one of its own).
	@$(BIN)/python -m vettura.launcher.screens

docs: $(READY)  ## Make the generated parts of docs/ anew.
	@$(BIN)/python -m vettura.launcher.reference

build/foreign-clients/%/ready: tests/foreign_clients/%.txt $(READY)
	@rm -rf $(@D)
	@echo 'Fetching the foreign client $*'
	@$(UV) pip install --quiet --no-deps --require-hashes --python $(BIN)/python --target $(@D) -r $<
	@touch $@

assets: $(READY)
	@$(BIN)/python -m vettura.launcher.checks translations assets

lock: $(READY)  ## Write requirements.lock anew for what pyproject.toml asks; versions that still suit stay.
	@$(UV) pip compile --quiet --group dev pyproject.toml -o requirements.lock --generate-hashes --universal --python-version 3.11 --no-annotate

clean:  ## Delete the Python environment and everything that was built; the data of the demo stays.
	rm -rf .venv .tools build node_modules

$(READY): requirements.lock pyproject.toml
	@if [ -z "$(PYTHON)" ]; then \
		echo 'Vettura needs Python 3.11 or newer, and there is none on the PATH.'; \
		echo 'Install it (Debian: apt install python3 python3-venv), or name it: make PYTHON=/path/to/python3.11'; exit 1; fi
	@if [ ! -x "$(UV)" ]; then \
		echo 'Fetching uv, which installs the Python packages'; \
		"$(PYTHON)" -c 'import venv, ensurepip' 2>/dev/null || { \
			echo "$(PYTHON) cannot make virtual environments: its venv module is missing. Install it (Debian: apt install python3-venv)."; exit 1; }; \
		"$(PYTHON)" -m venv .tools && .tools/bin/pip install --quiet --disable-pip-version-check uv; fi
	@echo 'Installing the Python packages of requirements.lock'
	@[ -x .venv/bin/python ] || $(UV) venv --quiet --no-python-downloads --python "$(PYTHON)" .venv
	@$(UV) pip sync --quiet --require-hashes --python .venv/bin/python requirements.lock
	@$(UV) pip install --quiet --no-deps --python .venv/bin/python --editable .
	@rm -f .venv/ready-for-* && touch $@
