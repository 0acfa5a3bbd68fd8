# Two commands: `make run` opens the application, `make test` checks everything. Both set the machine up first.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

# Compiled modules are kept, whatever the machine says: the tests start hundreds of programs.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: setup run test types imports behaviour bench soak tour schema lock clean

setup: $(VENV)/ready

$(VENV)/ready: requirements-dev.txt pyproject.toml packaging/system-libraries.sh $(wildcard resources/translations/*/LC_MESSAGES/*.po)
	sh packaging/system-libraries.sh
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile --require-hashes -r requirements-dev.txt
	$(BIN)/python -m compileall -qq -j 0 $(VENV)/lib || true # as pip does, but on all processors; what fails is a template of Qt's
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps -e .
	$(BIN)/pybabel --quiet compile --domain clinic --directory resources/translations
	touch $@

run: setup
	sh packaging/run.sh

test: setup
	sh packaging/system-libraries.sh tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(MAKE) --no-print-directory --jobs 3 types imports behaviour

# Beside each other: each of the first two has but one processor to use.
types:
	$(BIN)/mypy

imports:
	$(BIN)/lint-imports

behaviour:
	$(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder

# As long as wanted: CLINIC_SOAK_STEPS (100000); CLINIC_SOAK_SEED plays one run again.
soak: setup
	$(BIN)/python -m tests.sync

bench: setup
	$(BIN)/python -m tests.benchmarks

tour: setup
	$(BIN)/clinic tour --out build/tour

# After each migration: the scripts by which an empty database is laid out.
schema: setup
	$(BIN)/python -m tests.migrations.make_schema

lock:
	$(BIN)/pip-compile --quiet --upgrade --generate-hashes --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --allow-unsafe --strip-extras -o requirements.txt pyproject.toml
	$(BIN)/pip-compile --quiet --upgrade --extra dev --generate-hashes --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --allow-unsafe --strip-extras -o requirements-dev.txt pyproject.toml

clean:
	rm -rf build $(VENV)
