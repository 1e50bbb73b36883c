# Two commands do everything: `make run` and `make test`. `make help` lists the rest.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
UV     := $(BIN)/uv --quiet
PYTEST := $(BIN)/pytest -q -n 2 --dist loadgroup
LOCK   := $(UV) pip compile --universal --generate-hashes --no-header pyproject.toml

.PHONY: run test reset check journeys bench pictures locks clean help

run: $(VENV)/run.stamp  ## install what is missing, start everything, print addresses and the cast
	@exec $(BIN)/myschool up

test: $(VENV)/dev.stamp  ## install what is missing (the browser too) and test everything
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/mypy --no-error-summary
	@CHROMIUM="$$(tools/chromium.sh)" && export CHROMIUM && $(PYTEST)

reset: $(VENV)/run.stamp  ## forget the sandbox's data and begin anew
	@$(BIN)/myschool reset

check: $(VENV)/dev.stamp  ## the quick half of the tests: no browser, nothing that takes long
	@$(BIN)/ruff check --quiet . && $(BIN)/mypy --no-error-summary && $(PYTEST) -m "not browser and not slow"

journeys: $(VENV)/dev.stamp  ## only the journeys, in a browser
	@CHROMIUM="$$(tools/chromium.sh)" && export CHROMIUM && $(BIN)/pytest -q tests/journeys

pictures: $(VENV)/dev.stamp  ## renew the pictures of the help pages from the journeys
	@CHROMIUM="$$(tools/chromium.sh)" && export CHROMIUM && $(BIN)/pytest -q tests/journeys --renew-pictures

bench: $(VENV)/bench.stamp  ## measure what the papers claim
	@$(BIN)/python -m bench

locks: $(VENV)/uv.stamp  ## renew the locks from pyproject.toml
	@$(LOCK) --group build -o requirements/run.lock
	@$(LOCK) --group build --group dev -o requirements/dev.lock
	@$(LOCK) --group build --group dev --group bench -o requirements/bench.lock

clean:  ## remove what was installed, and the sandbox's data
	rm -rf $(VENV) .myschool .mypy_cache .pytest_cache .ruff_cache

help:  ## this list
	@sed -nE 's/^([a-z]+):.*## (.*)/make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 18

$(VENV)/uv.stamp:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 or newer is needed: make run PYTHON=python3.11" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
		|| { echo "Python cannot make an environment here: sudo apt install python3-venv" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/pip --quiet --disable-pip-version-check install "uv>=0.13,<0.14"
	@touch $@

# A wider lock holds everything of a narrower one, so installing never takes anything away.
$(VENV)/%.stamp: requirements/%.lock pyproject.toml | $(VENV)/uv.stamp
	@echo "Installing ($*) …"
	@VIRTUAL_ENV=$(VENV) $(UV) pip install --require-hashes -r requirements/$*.lock
	@VIRTUAL_ENV=$(VENV) $(UV) pip install --no-deps --no-build-isolation --editable .
	@touch $@
