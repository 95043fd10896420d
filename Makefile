# `make` alone lists what there is. Needs nothing but CPython 3.11 or newer with venv, and a POSIX shell.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run install dev system check fix test coverage test-full audit messages docs pictures site bench bench-api lock dist sbom clean

PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check -qq install --no-deps
PYTEST := $(BIN)/python -m pytest
POETRY := POETRY_VIRTUALENVS_CREATE=false .poetry/bin/poetry
PEERS := benchmarks/telegram_peers

# Where it is set, each process that a test starts would compile everything anew.
unexport PYTHONDONTWRITEBYTECODE

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile

run: install ## install what is locked and start everything; web chat on http://127.0.0.1:8000
	$(BIN)/qr-gen serve

install: .venv/.installed ## the environment in .venv: what qr-gen needs to run, no more

dev: .venv/.dev ## the same, with the tools for working on it

# A name with a colon is package:program: that program is taken out of its package, which would start a server.
system: ## the Debian packages some tests use: installed by apt-get when root, else named
	@missing() { for name in $$(sed 's/#.*//' debian-packages.txt); do \
	    case "$$name" in \
	      *:*) command -v "$${name#*:}" >/dev/null ;; \
	      *) dpkg -s "$$name" 2>/dev/null | grep -q '^Status:.* installed$$' ;; \
	    esac || echo "$$name"; \
	  done; }; \
	alone() { folder=$$(mktemp -d) && ( cd "$$folder" && \
	    apt-get download -qq -o APT::Sandbox::User=root "$${1%:*}" >/dev/null && \
	    dpkg-deb --fsys-tarfile ./*.deb | tar -x "./usr/bin/$${1#*:}" && \
	    install "usr/bin/$${1#*:}" /usr/local/bin/ ); rm -rf "$$folder"; }; \
	if [ -n "$$(missing)" ] && [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  echo Installing: $$(missing); apt-get update -qq; \
	  for name in $$(missing); do \
	    case "$$name" in \
	      *:*) alone "$$name" ;; \
	      *) DEBIAN_FRONTEND=noninteractive apt-get install -qq --no-install-recommends "$$name" </dev/null >/dev/null ;; \
	    esac; \
	  done; \
	fi; \
	[ -z "$$(missing)" ] || echo 'Missing (tests that need one are skipped by name):' $$(missing)

check: .venv/.dev ## black, isort, ruff, mypy --strict, and whether lock, set-up files and docs agree
	$(BIN)/black --check .
	$(BIN)/isort --check-only .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(PYTEST) -q tests/project

fix: .venv/.dev ## put imports and layout in order, mend what ruff can
	$(BIN)/ruff check --fix-only .
	$(BIN)/isort .
	$(BIN)/black .

test: .venv/.dev ## the suite, at most ten minutes
	$(PYTEST) -n 2

coverage: .venv/.dev ## the suite with branch coverage (90 % or more), which takes half as long again
	$(PYTEST) -n 2 --cov --cov-report=term

test-full: .venv/.dev ## the suite with more cases, longer crash and load runs
	QR_GEN_TEST_FULL=1 $(PYTEST) -n 2

audit: .venv/.audit ## what bandit, hadolint and zizmor find here, and what is known of the packages (asks the network)
	$(BIN)/bandit --quiet --configfile pyproject.toml --recursive bot adapters storage
	$(BIN)/hadolint Dockerfile
	$(BIN)/zizmor --offline --quiet .github
	$(BIN)/pip-audit --strict --disable-pip --require-hashes -r requirements/runtime.txt -f json -o audited.json
	$(BIN)/python -m tests.project.audited requirements/runtime.txt audited.json

messages: .venv/.dev ## renew the catalogues after a sentence has changed: translate what it names, then again
	$(BIN)/python -m tests.project.messages

docs: .venv/.dev ## renew what of docs/ is read off the code: openapi.json, types.md, configuration.md
	$(BIN)/python -m tests.project.reference

pictures: .venv/.dev ## renew the pictures in docs/, taken of the running bot (Chromium: make system)
	$(BIN)/python -m tests.project.pictures

# Not --quiet, which is not strict.
site: .venv/.docs ## docs/ as a site, in site/; a link that leads nowhere fails it
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build

bench: .venv/.bench .peers/.installed ## the benchmark tables, peers measured in the same run (an hour; one: make bench ONLY=plain)
	$(BIN)/python -m benchmarks $(ONLY)

bench-api: .venv/.dev ## the HTTP API against its own description: all checks of Schemathesis, 200 cases an operation
	$(BIN)/python -m benchmarks.conformance

lock: .poetry/.installed ## renew poetry.lock and requirements/ (newest versions: make lock LOCK=--regenerate)
	$(POETRY) lock $(LOCK)
	$(POETRY) export --output requirements/runtime.txt
	$(POETRY) export --only build --output requirements/build.txt
	$(POETRY) export --with dev,build --output requirements/dev.txt
	$(POETRY) export --only bench --output requirements/bench.txt
	$(POETRY) export --only audit --output requirements/audit.txt
	$(POETRY) export --only docs --output requirements/docs.txt
	$(POETRY) -C $(PEERS) lock $(LOCK)
	$(POETRY) -C $(PEERS) export --output requirements.txt

dist: .venv/.installed ## wheel and source archive in dist/
	rm -rf dist
	$(BIN)/python -c "from poetry.core.masonry import api; print(api.build_sdist('dist'), api.build_wheel('dist'))"

sbom: .venv/.audit ## what the wheel brings along, with hashes, as CycloneDX in dist/
	$(BIN)/cyclonedx-py requirements --output-reproducible --of JSON -o dist/qr-gen.cdx.json requirements/runtime.txt

clean: ## remove everything made here, but not data, keys or .env
	rm -rf .venv .poetry .peers build dist site htmlcov .coverage .coverage.* .mypy_cache .pytest_cache .ruff_cache .hypothesis audited.json
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Every package comes from a list with hashes. The lists are complete, so pip looks up nothing else (`--no-deps`): with
# an extra such as coverage[toml] it would try releases newer than the pinned one, and refuse them. Ours is built from
# this checkout by the poetry-core that requirements/build.txt pins: editable and without build isolation, so that
# nothing unpinned is fetched.
.venv/.installed: pyproject.toml requirements/runtime.txt requirements/build.txt .venv/bin/python
	@echo 'Installing what requirements/ pins; the first time takes about 20 seconds.'
	@$(PIP) --require-hashes -r requirements/runtime.txt -r requirements/build.txt
	@$(PIP) --no-build-isolation --editable .
	@touch $@

.venv/.dev: requirements/dev.txt .venv/.installed
	@echo 'Installing the tools of requirements/dev.txt; the first time takes about 30 seconds.'
	@$(PIP) --require-hashes -r requirements/dev.txt
	@touch $@

.venv/.bench: requirements/bench.txt .venv/.dev
	@$(PIP) --require-hashes -r requirements/bench.txt
	@touch $@

.venv/.audit: requirements/audit.txt .venv/.dev
	@$(PIP) --require-hashes -r requirements/audit.txt
	@touch $@

.venv/.docs: requirements/docs.txt .venv/bin/python
	@$(PIP) --require-hashes -r requirements/docs.txt
	@touch $@

# Bots of others, whose requirements contradict ours.
.peers/.installed: $(PEERS)/requirements.txt .peers/bin/python
	@.peers/bin/python -m pip --disable-pip-version-check -qq install --no-deps --require-hashes -r $(PEERS)/requirements.txt
	@touch $@

# Poetry only makes the lock, in an environment of its own; the mirror plugin is idle unless its variable is set.
.poetry/.installed: requirements/poetry.txt .poetry/bin/python
	@.poetry/bin/python -m pip --disable-pip-version-check -qq install -r requirements/poetry.txt
	@touch $@

# /usr/bin/python3 comes last for machines where pyenv's shims refuse every other name.
# `make -j system test` must not look for venv before `system` has brought it.
.venv/bin/python .poetry/bin/python .peers/bin/python: | $(filter system,$(MAKECMDGOALS))
	@for python in $(PYTHON) python3.14 python3.13 python3.12 python3.11 /usr/bin/python3; do \
	  $$python -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	    && exec $$python -m venv --clear $(@:/bin/python=); \
	done; \
	echo 'qr-gen needs CPython 3.11 or newer with venv (Debian: apt-get install python3-venv), or make PYTHON=/path/to/it' >&2; \
	exit 1
