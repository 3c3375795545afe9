# Two commands do everything on a fresh machine that has Python 3.11+, make and an internet connection:
#   make demo    a virtual environment, the package, and a 30-second video of the sample photos
#   make test    the tests of every layer, the browser's included
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
# Files of tests side by side, as many as this; JOBS=0 runs them in one process, for a debugger.
JOBS ?= 2
PYTEST := $(BIN)/python -m pytest -n $(JOBS) --dist loadfile
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help demo test test-slow test-again lint format bench clean

help:
	@echo "make demo       the five-photo video from the sample photos"
	@echo "make test       lint, types, and every layer's tests (under 15 minutes on two cores)"
	@echo "make test-slow  the long ones as well"
	@echo "make test-again those that failed last time, one after the other"
	@echo "make lint       ruff and mypy alone"
	@echo "make bench      the benchmarks (see benchmarks/README.md)"

# Stamps: each says that an environment holds what pyproject.toml asked for when it was made.
$(VENV)/.made:
	$(PYTHON) -c 'import sys; sys.exit("reelframe needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Try: make PYTHON=python3.12 …" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.demo: $(VENV)/.made pyproject.toml
	$(BIN)/python -m pip install -q -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.made pyproject.toml scripts/install_test_tools.sh js/package-lock.json
	$(BIN)/python -m pip install -q -e ".[dev,fonts]"
	bash scripts/install_test_tools.sh $(BIN)/python
	@touch $@

demo: $(VENV)/.demo
	$(BIN)/reelframe demo

lint: $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

format: $(VENV)/.dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

test: lint
	$(PYTEST) -m "not slow"

test-slow: $(VENV)/.dev
	$(PYTEST) -m slow --timeout=1800

test-again: $(VENV)/.dev
	$(PYTEST) -n 0 --last-failed --last-failed-no-failures none --timeout=1800

bench: $(VENV)/.demo
	for script in benchmarks/*.py; do $(BIN)/python $$script || exit 1; done

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache artifacts
