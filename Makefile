# make run    set up on a fresh machine, then serve the chat on http://127.0.0.1:7860
# make test   set up, then check the style and the types and run every test
# make eval   measure the advisor on the test splits, and compare it, case by case, to the run on record
# make record  put that run on record, in evals/baseline.json, after something was trained or ruled otherwise; takes some minutes
# make bench  measure time and memory beside other libraries, which are installed aside; takes more than an hour
# make learn  train the reading of messages again, after its examples have changed; takes more than an hour
# make learn-search      train the search again, after its questions have changed; takes about half an hour
# make learn-itself      fit what notices questions about the advisor itself, after the search or any examples have changed; takes some minutes
# make learn-abstention  fit when to answer and when to abstain, after either; takes a minute, prints what to keep
# make clean  remove the environment

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: run test eval record bench learn learn-search learn-itself learn-abstention clean

run: $(VENV)/installed
	@$(BIN)/advisor serve

test: $(VENV)/installed-dev
	@$(BIN)/ruff check advisor tests
	@$(BIN)/ruff format --check advisor tests
	@$(BIN)/mypy
	@$(BIN)/python -m pytest

eval: $(VENV)/installed
	@$(BIN)/advisor eval --ablation --against evals/baseline.json

record: $(VENV)/installed
	@$(BIN)/advisor eval --ablation --json > evals/baseline.part; test $$? -le 1 && test -s evals/baseline.part
	@mv evals/baseline.part evals/baseline.json

bench: $(VENV)/installed
	@$(BIN)/python evals/benchmarks/run.py

learn: $(VENV)/installed
	@$(BIN)/python -m advisor.learning.reading --development evals/understanding/development.jsonl

learn-search: $(VENV)/installed
	@$(BIN)/python -m advisor.learning.search

learn-itself: $(VENV)/installed
	@$(BIN)/python -m advisor.learning.itself

learn-abstention: $(VENV)/installed
	@$(BIN)/python -m advisor.learning.abstention --development evals/questions/development.jsonl

clean:
	rm -rf $(VENV)

$(VENV)/installed: pyproject.toml constraints.txt
	@echo "Setting up the environment in $(VENV); the first time this takes some minutes."
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed; this is " + sys.version.split()[0] if sys.version_info < (3, 11) else 0)'
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --disable-pip-version-check --quiet --upgrade "pip>=25.1"
	@echo "Installing the libraries (about 2 GB)."
	@$(BIN)/python -m pip install --disable-pip-version-check --progress-bar on --constraint constraints.txt --editable .
	@touch $@

$(VENV)/installed-dev: $(VENV)/installed
	@echo "Installing the tools for development."
	@$(BIN)/python -m pip install --disable-pip-version-check --quiet --constraint constraints.txt --group dev
	@touch $@
