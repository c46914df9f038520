# Two commands do everything: `make run` and `make test`. Each makes .venv itself.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
MINUTES ?= 5
QUICK ?= --quick
STAMP := $(VENV)/.installed

.DEFAULT_GOAL := help
.PHONY: help setup run test deep cover fuzz storm lint lock bench clean

help: ## What can be made
	@sed -n 's/^\([a-z]*\):.*## /  make \1	/p' Makefile

setup: $(STAMP) ## Make .venv and install what requirements.lock names

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
		{ echo "Glavnoe needs Python 3.11 or newer; '$(PYTHON)' is not. Try: make PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || \
		{ echo "Python's venv module is missing. On Debian or Ubuntu: sudo apt install python3-venv"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
# --no-deps: the lock names everything; asked to resolve it again, pip before 24 stumbles over coverage[toml].
	@echo "Installing into $(VENV) (once; about a minute)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements.lock
	@touch $@

run: $(STAMP) ## Run the bot; without a BOT_TOKEN, play the demo
	@exec $(BIN)/python -m bot run

# More workers than cores: many tests wait for a pace or a time-out rather than compute.
test: lint ## Lint, types, import contracts and all tests (but the few that take minutes)
	@$(BIN)/python -m pytest -q -n 4

deep: $(STAMP) ## The tests that take minutes
	@$(BIN)/python -m pytest -q -n 2 -m deep

cover: $(STAMP) ## All tests, with the branches they leave out
	@$(BIN)/python -m pytest -q -n 4 --cov --cov-report=term:skip-covered

fuzz: $(STAMP) ## Look for input that breaks something, at random, for MINUTES (5)
	@end=$$(( $$(date +%s) + 60 * $(MINUTES) )); while [ $$(date +%s) -lt $$end ]; do \
		FUZZ=deep $(BIN)/python -m pytest tests/fuzz -q -x --timeout 1200 -n auto || exit 1; done

storm: $(STAMP) ## Kill the bot 200 times under load; all that is due arrives, nearly all of it once
	@STORM_KILLS=200 STORM_SEED=$${STORM_SEED:-$$(date +%s)} $(BIN)/python -m pytest tests/journey/test_storm.py -q -s

lint: $(STAMP) ## Lint, types and import contracts only
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo

lock: $(STAMP) ## Pin every dependency anew, with hashes and without addresses
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	@$(BIN)/uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes \
		--no-header --no-annotate --no-emit-index-url --quiet --upgrade --output-file requirements.lock

bench: $(STAMP) ## Measure: one figure a line, with its unit and data set (QUICK= for the long versions)
	@missed=0; for bench in topics matching preview stories importance summaries parsing "startup $(QUICK)" "delivery $(QUICK)" "fanout $(QUICK)"; do \
		set -- $$bench; echo "== bench/$$1.py $$2"; PYTHONPATH=. $(BIN)/python bench/$$1.py $$2 || missed=1; done; exit $$missed

clean: ## Remove what was made
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .coverage*
