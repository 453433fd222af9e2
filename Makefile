# Each target sets up what it needs in $(VENV); the plain pip equivalents are in the README.
VENV ?= .venv
PYTHON ?= python3
BIN := $(VENV)/bin

.PHONY: compare test peers lint readme clean

compare: $(VENV)/core.installed
	$(BIN)/tiny-autograd-rnn compare

test: $(VENV)/test.installed
	$(BIN)/python -m pytest

# torch as an independent voice; without it the tests that ask it are skipped
peers: $(VENV)/test.installed
	$(BIN)/python -m pip install --quiet --editable ".[test,peers]"

lint: $(VENV)/lint.installed
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

readme: $(VENV)/core.installed
	$(BIN)/python -m compare.readme README.md

clean:
	rm -rf $(VENV)

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10))' || \
	  { echo "$(PYTHON) is older than Python 3.10: run make PYTHON=/path/to/a/newer/python3 $(MAKECMDGOALS)"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/core.installed: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/test.installed: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable ".[test]"
	@touch $@

$(VENV)/lint.installed: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable ".[test,lint]"
	@touch $@
