# make run: the demo. make test: everything. Both make what they need.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SETUP := $(VENV)/.setup
DEV := $(VENV)/.dev
JS_INTEGRATIONS := gtm react

# Dozens of tests start Swapboard; where the environment forbids to keep compiled code, each would compile all of it.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: setup run test lint debian node-checks check-tracker check-integrations tracker gallery-apps pictures pages plugin translations clients faults fuzz bench lock clean

setup: $(SETUP)

$(SETUP): requirements.lock pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --retries 10 --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --editable .
	touch $@

run: setup
	$(BIN)/swapboard demo

$(DEV): requirements-dev.lock $(SETUP)
	$(BIN)/python -m pip install --quiet --retries 10 --require-hashes -r requirements-dev.lock
	touch $@

tracker/node_modules/.setup: tracker/package-lock.json
	cd tracker && npm ci --silent --no-audit --no-fund --fetch-retries 5
	touch $@

integrations/%/node_modules/.setup: integrations/%/package-lock.json
	cd integrations/$* && npm ci --silent --no-audit --no-fund --fetch-retries 5
	touch $@

lint: $(DEV)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m integrations.generate --check
	$(BIN)/python -m integrations.translate_dashboard --check

# The Python client's types and methods, and the TypeScript types, from the API's OpenAPI document.
clients: $(DEV)
	$(BIN)/python -m integrations.generate

# The built tracker is committed, so that running needs Python only; building it must give the same bytes.
check-tracker: tracker/node_modules/.setup
	cd tracker && npm run --silent typecheck && npm run --silent build && npm run --silent size && npm test --silent
	git diff --exit-code -- src/swapboard/web/static/tracker.js src/swapboard/web/static/parts

tracker: tracker/node_modules/.setup
	cd tracker && npm run --silent build

# Tag Manager's template, and the package for React.
check-integrations: $(JS_INTEGRATIONS:%=integrations/%/node_modules/.setup)
	set -e; for each in $(JS_INTEGRATIONS); do (cd integrations/$$each && npm test --silent); done
	cd integrations/react && npm exec --silent -- tsc --noEmit --strict ../typescript/swapboard-api.d.ts

# Applications of many frameworks, for the gallery of pages that the tracker is tested on.
GALLERY_APPS := tests/browser/gallery/apps
gallery-apps: $(GALLERY_APPS)/dist/.built

$(GALLERY_APPS)/node_modules/.setup: $(GALLERY_APPS)/package-lock.json
	cd $(GALLERY_APPS) && npm ci --silent --no-audit --no-fund --fetch-retries 5
	touch $@

$(GALLERY_APPS)/dist/.built: $(GALLERY_APPS)/node_modules/.setup $(GALLERY_APPS)/build.mjs $(wildcard $(GALLERY_APPS)/src/*)
	cd $(GALLERY_APPS) && npm run --silent build
	touch $@

# The pictures of each step of an installation, in docs/installation.md, docs/walk-through.md and docs/wordpress.md.
pictures: $(DEV)
	SWAPBOARD_PICTURES=docs/images $(BIN)/pytest tests/browser/test_installation.py tests/browser/test_walk_through.py tests/browser/wordpress -k "not firefox"

# A picture of every page, in docs/pages.md, and what does not lie well in it. Takes five minutes.
pages: $(DEV)
	$(BIN)/python -m benchmarks.pictures docs

debian:
	.ci/install-debian-packages

# What needs Node, which is Debian's.
node-checks: debian
	$(MAKE) --no-print-directory check-tracker
	$(MAKE) --no-print-directory check-integrations
	$(MAKE) --no-print-directory gallery-apps

# As `tests/chance.py` says to pytest's workers, also to what tries again without them.
test: export PYTHONHASHSEED := 0
# After failures (1), and nothing else: what broke off tried less than everything, and its failures are of another day.
AGAIN := test $$? -eq 1 && $(BIN)/pytest --last-failed --last-failed-no-failures none
test:
	# Two at a time: mypy, which knows nothing yet on a fresh machine, beside what is unpacked and what needs Node.
	$(MAKE) --no-print-directory --jobs 2 --output-sync=target lint node-checks
	# Three on two cores: half of the time they wait for a disk or for PostgreSQL.
	# What failed gets one more try, alone: servers, proxies and browsers on two cores are late for one another at times.
	$(BIN)/pytest -n 3 --dist worksteal --ignore tests/browser || { $(AGAIN) --ignore tests/browser; }
	# Apart, because Playwright keeps an event loop running in the process that it drives a browser from: one for each.
	$(BIN)/pytest -n 2 tests/browser || { $(AGAIN) tests/browser; }

# The WordPress plugin, for a site whose server is entered by hand. Needs Python only.
plugin:
	PYTHONPATH=src $(PYTHON) -m swapboard.web.wordpress dist/swapboard.zip

# After a change of texts: the templates and every language, of the plugin (with Debian's package gettext) and of the
# dashboard. Tells what is not translated.
translations: $(DEV)
	$(BIN)/python integrations/translate_wordpress.py
	$(BIN)/python -m integrations.translate_dashboard

# Breaks everything that can break while calls go on, and writes what came of it to docs/reliability.md: a quarter
# of an hour. One after the other: make faults TRIALS="killed disk".
faults: $(DEV)
	$(BIN)/python -m tests.faults $(TRIALS)

# Schemathesis over the whole API of a demo: four minutes. Longer: make fuzz SECONDS=3600.
SECONDS ?= 240
fuzz: $(DEV)
	$(BIN)/python -m tests.fuzz --seconds $(SECONDS)

bench: $(DEV)
	$(BIN)/swapboard bench --full
	# How long the tracker keeps pages of many nodes busy: needs Chromium.
	$(BIN)/python -m benchmarks.busy_pages

lock: $(DEV)
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate --python-version 3.11 pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate --python-version 3.11 pyproject.toml --extra lines --extra mcp --extra parquet --extra transcribe --group dev -o requirements-dev.lock

clean:
	rm -rf $(VENV) tracker/node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis
