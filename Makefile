# The commands a person types. They need only make and Python 3.11, 3.12 or 3.13.
# Everything is installed into .venv from requirements.lock, where each file has its hash. To write
# the lock anew after a change of dependencies (extras must stay in it, or pip refuses it):
#   uv pip compile --universal --generate-hashes --no-strip-extras --no-emit-index-url --no-header \
#     --python-version 3.11 --extra dev pyproject.toml -o requirements.lock

VENV := .venv
BIN := $(VENV)/bin
# Scripts in .venv name their interpreter by its full path, so a clone that was moved needs a new one.
STAMP := $(VENV)/.installed-$(shell pwd | cksum | cut -d ' ' -f 1)
# No notices, questions or progress bars; errors still show.
PIP := PYTHONWARNINGS=ignore $(BIN)/python -m pip --quiet --disable-pip-version-check --no-input
INSTALL_LOCKED := $(PIP) install --require-hashes --only-binary :all: --no-deps --no-compile
# Settings of your own, as in .env.example.
DOTENV := set -a; if [ -f .env ]; then . ./.env; fi; set +a

.DEFAULT_GOAL := help
.PHONY: help install refresh test proof dev lint lint-python lint-sql benchmark clean

help: ## show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-9s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

install: $(STAMP) ## install the locked environment into .venv

refresh: $(STAMP) ## start Postgres, load the demo salon if the warehouse is empty, refresh once
	@$(DOTENV); $(BIN)/chairside refresh --with-demo-if-empty

# A process for each processor, and each folder's tests in one of them.
test: $(STAMP) ## run every test, as CI does
	@$(BIN)/pytest --numprocesses auto --no-loadscope-reorder

# Every history costs some refreshes; a seed that was printed before repeats what it found.
EXAMPLES := 100
SEED := $(shell date +%s)

proof: $(STAMP) ## try random histories for hours: is every refresh equal to a rebuild? (EXAMPLES= SEED=)
	@echo "Random histories: EXAMPLES=$(EXAMPLES) SEED=$(SEED)"
	@CHAIRSIDE_PROOF_EXAMPLES=$(EXAMPLES) $(BIN)/pytest tests/proof --hypothesis-seed=$(SEED)

dev: $(STAMP) ## run the Dagster UI and schedules on 127.0.0.1:3000
	@$(DOTENV); $(BIN)/chairside dagster dev

lint: lint-python lint-sql ## check style, types, SQL, dbt conventions and import rules

lint-python: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

lint-sql: $(STAMP)
	@# dbt reads the warehouse's address while it compiles, so this starts the embedded Postgres.
	eval "$$($(BIN)/chairside db env)" && $(BIN)/sqlfluff lint --disable-progress-bar dbt_project/models \
	  && cd dbt_project && ../$(BIN)/dbt --quiet parse && cd .. && $(BIN)/dbt-bouncer

SCALE := 10000000
benchmark: $(STAMP) ## measure a platform of SCALE=10000000 appointments, with its targets (hours, 50 GB)
	@$(DOTENV); $(BIN)/python -m tests.benchmarks.scale --appointments $(SCALE)

clean: ## stop Postgres and remove .venv and caches; keeps .chairside (the data) and exports
	@if [ -x $(BIN)/chairside ]; then $(BIN)/chairside db stop || true; fi
	rm -rf $(VENV) build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	rm -rf dbt_project/target dbt_project/logs logs
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The lock holds setuptools too, so building this project itself fetches nothing that has no hash.
# It is complete, so nothing is to be resolved; and of all that is installed little is ever imported.
$(STAMP): requirements.lock pyproject.toml
	@set -e; \
	if ls $(VENV)/.installed-* >/dev/null 2>&1 && [ ! -f $@ ]; then rm -rf $(VENV); fi; \
	suits='import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))'; \
	if ! $(BIN)/python -c "$$suits" 2>/dev/null; then \
	  found=; \
	  for name in python3.13 python3.12 python3.11 python3 python; do \
	    if $$name -c "$$suits" 2>/dev/null; then found=$$name; break; fi; \
	  done; \
	  if [ -z "$$found" ]; then \
	    echo "Chairside needs Python 3.11, 3.12 or 3.13 with its venv module, and found none on PATH." >&2; \
	    echo "Install one (Debian and Ubuntu: apt install python3 python3-venv) and run make again." >&2; \
	    exit 1; \
	  fi; \
	  $$found -m venv --clear $(VENV); \
	fi; \
	$(BIN)/python -m pip --version >/dev/null 2>&1 || $(BIN)/python -m ensurepip --upgrade >/dev/null; \
	echo "Installing the locked environment into $(VENV) (a minute or two the first time)..."; \
	sed -n '/^pip==/,/[^\\]$$/p' requirements.lock | $(INSTALL_LOCKED) -r /dev/stdin; \
	$(INSTALL_LOCKED) -r requirements.lock; \
	$(PIP) install --no-deps --no-build-isolation --no-index -e .; \
	touch $@
