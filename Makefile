# Everything about running Waarborg. `make demo` and `make test` are all that most people need.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory --no-builtin-rules

# The newest Python on the path that is new enough; or say which: make setup PYTHON=python3.12
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; exit; }; \
	done; echo none)
VENV := .venv
PY := $(VENV)/bin/python
CATALOGUES := $(wildcard locale/*/LC_MESSAGES/*.po */locale/*/LC_MESSAGES/*.po)
TESTS ?= tests
WORKERS ?= 2

.PHONY: bench-matching help setup dev demo demo-check code reset test lint types contracts migrations unit train screens clean \
	bench-intake evaluate-screening bench-screening bench-quality bench-matching bench-take-next bench-desk bench-rescreen bench-center bench-claim-index bench-checkworthy bench-pages

help: ## What there is
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 24

setup: $(VENV)/.runtime $(VENV)/.translated ## Install what the house runs on
dev: $(VENV)/.dev $(VENV)/.translated $(VENV)/.browser ## Install what the tests and training need too

$(VENV)/bin/python:
	@[ "$(PYTHON)" != none ] || { echo "Waarborg needs Python 3.11 or newer with venv; none is on the path."; exit 1; }
	@echo "Making $(VENV) with $$($(PYTHON) --version) …"
	@$(PYTHON) -m venv $(VENV)

# pip takes its settings from you (pip config, PIP_INDEX_URL, …); nothing here overrides them.
INSTALL = $(PY) -m pip install --disable-pip-version-check --no-input --progress-bar off -r $< 2> >(grep -v "^WARNING: Location" >&2) \
	| awk -v of="$$(grep -c '==' $<)" '/^(Collecting|Requirement already)/ {n++; if (n % 15 == 0) {print "  … " n " of " of " packages"; fflush()}} /^Installing collected/ {print "  … writing them to disk"; fflush()}'

$(VENV)/.runtime: requirements.lock | $(VENV)/bin/python
	@echo "Installing $$(grep -c '==' $<) packages (a cold start downloads about 190 MB; a warm pip cache needs none) …"
	@$(INSTALL)
	@touch $@

$(VENV)/.dev: requirements-dev.lock | $(VENV)/bin/python
	@echo "Installing $$(grep -c '==' $<) packages for tests and training. A cold start downloads about 0.6 GB with a"
	@echo "CPU build of torch, and up to 3.5 GB with the build for GPUs that the public index serves on Linux."
	@echo "To take the CPU build: point pip at its index (PIP_EXTRA_INDEX_URL) before this step."
	@$(INSTALL)
	@touch $(VENV)/.runtime $@

$(VENV)/.translated: $(CATALOGUES) $(wildcard integrity/translations.py) | $(VENV)/.runtime
	@if [ -f integrity/translations.py ]; then echo "Compiling the translations …"; $(PY) -m integrity.translations; fi
	@touch $@

# Debian's browser, which the tests drive; elsewhere install Chromium yourself, or they are skipped.
$(VENV)/.browser: | $(VENV)/bin/python
	@if command -v chromium >/dev/null; then :; \
	elif command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ]; then \
		echo "Installing Chromium from Debian's packages (about 100 MB) …"; \
		apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium >/dev/null; \
	else echo "No Chromium here: the tests that drive a browser are skipped. apt-get install chromium"; fi
	@touch $@

demo: setup ## Run everything with a day of made-up items: PORT= PLATFORM_PORT= SPEED=
	@exec $(PY) -m integrity.running demo $(if $(PORT),--port $(PORT)) \
		$(if $(PLATFORM_PORT),--platform-port $(PLATFORM_PORT)) $(if $(SPEED),--speed $(SPEED))

demo-check: setup ## The same from an empty folder, with one item's whole way walked through it
	@exec $(PY) -m integrity.running check $(if $(SPEED),--speed $(SPEED))

code: setup ## The sign-in code of a demo account: EMAIL=
	@WAARBORG_DEMO=1 $(PY) manage.py demo_code "$(EMAIL)"

reset: ## Forget the demo's data
	@if [ -x $(PY) ]; then $(PY) -m integrity.embedded stop; fi
	@rm -rf var

test: dev lint types contracts migrations unit ## Everything that must hold before a change lands

lint: $(VENV)/.dev
	@echo "Style …"
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check --quiet .

types: $(VENV)/.dev
	@echo "Types …"
	@$(VENV)/bin/mypy

contracts: $(VENV)/.dev
	@echo "Import contracts …"
	@$(VENV)/bin/lint-imports --no-cache

migrations: $(VENV)/.dev
	@echo "Migrations …"
	@export WAARBORG_VAR=var/tests LOG_LEVEL=ERROR; $(PY) -m integrity.embedded start; \
		trap '$(PY) -m integrity.embedded stop' EXIT; \
		$(PY) -W error::RuntimeWarning manage.py makemigrations --check --dry-run

unit: $(VENV)/.dev $(VENV)/.translated $(VENV)/.browser
	@echo "Tests …"
	@$(PY) -m pytest -n $(WORKERS) --dist worksteal -q $(TESTS)

screens: $(VENV)/.dev $(VENV)/.translated $(VENV)/.browser ## Take the pictures in docs/screens
	@$(PY) -m pytest -q -n0 -p no:randomly tests/e2e/take_screens.py

# The posts on which it is fitted how far each reader is trusted; sets 1, 6 and 7 and the development posts are not among them.
FITTED := $(foreach n,2 3 4 5,tests/data/screening_posts_$(n).jsonl)

train: $(VENV)/.dev ## Train the screening's shipped weights by their own recipe (CPU, under an hour)
	@$(PY) -m integrity.classifiers.voting_procedure.training
	@$(PY) -m integrity.classifiers.voting_procedure.claims.train
	@$(PY) -m integrity.classifiers.voting_procedure.encoder.train
	@$(PY) -m integrity.classifiers.voting_procedure.training.gist
	@$(PY) manage.py fit_screening $(FITTED)
	@$(PY) -m integrity.classifiers.checkworthy.train

# Each bench has a database of its own, so that a million jobs never meet the demo's.
AT_BENCH = export WAARBORG_VAR=var/$@ LOG_LEVEL=ERROR; $(PY) -m integrity.embedded start; \
	trap '$(PY) -m integrity.embedded stop' EXIT; $(PY) -m integrity.entrypoint migrate >/dev/null;

evaluate-screening: setup ## Precision, recall and F1 of the screening: POSTS= FACTS=
	@$(PY) manage.py evaluate_screening $(or $(POSTS),../shared/data/claims/dev_posts.jsonl) \
		--facts $(or $(FACTS),../shared/data/claims/facts.json)

bench-screening: $(VENV)/.dev ## Speed of the screening beside MiniLM and TF-IDF on the same posts: TALK= COUNT=
	@$(PY) manage.py bench_screening $(if $(TALK),--talk $(TALK)) $(if $(COUNT),--count $(COUNT))

bench-quality: setup ## Minimal pairs, hidden words, hard negatives, calibration: POSTS=
	@$(PY) manage.py report_screening $(or $(POSTS),$(wildcard tests/data/screening_posts*.jsonl))

bench-intake: setup ## Labelled posts through the running house's own API: POSTS= FACTS= JSON=
	@exec $(PY) -m integrity.running bench \
		$(or $(POSTS),../shared/data/claims/dev_posts.jsonl ../shared/data/voting_procedure_dev.jsonl) \
		--facts $(or $(FACTS),../shared/data/claims/facts.json) $(if $(JSON),--json $(JSON))

bench-take-next: setup ## How fast the next job is taken from a million: JOBS=
	@$(AT_BENCH) $(PY) manage.py bench_take_next $(if $(JOBS),--jobs $(JOBS))

bench-desk: setup ## How long from a decision to the next job's page, over HTTP: JOBS=
	@$(AT_BENCH) $(PY) manage.py bench_desk $(if $(JOBS),--jobs $(JOBS))

bench-rescreen: setup ## How fast posts follow a corrected fact: ITEMS=
	@$(AT_BENCH) $(PY) manage.py bench_rescreen $(if $(ITEMS),--items $(ITEMS))

bench-claim-index: setup ## How fast and how truly the nearest of a million claims are found: CLAIMS=
	@$(AT_BENCH) $(PY) manage.py bench_claim_index $(if $(CLAIMS),--claims $(CLAIMS))

bench-checkworthy: $(VENV)/.dev ## Check-worthiness on ../shared/data and on own sentences held out
	@$(PY) manage.py bench_checkworthy

bench-center: setup ## How many voters' pages a second a running house answers: URL=
	@$(PY) manage.py bench_center $(if $(URL),--url $(URL))

bench-pages: $(VENV)/.dev $(VENV)/.translated $(VENV)/.browser ## The voters' pages on a cheap phone: speed, accessibility, findability
	@$(PY) -m pytest -q -n0 -p no:randomly tests/e2e/measure_pages.py

clean: ## Remove what building and testing left; the demo's data stays
	@rm -rf .mypy_cache .ruff_cache .hypothesis .import_linter_cache .pytest_cache var/tests var/check
	@find . -name __pycache__ -type d -not -path './$(VENV)/*' -prune -exec rm -rf {} +

bench-matching: $(VENV)/.dev ## Measure claim matching beside BM25 on ../shared/data
	$(PY) manage.py bench_matching
