# What people and CI type. Needs Python 3.11 or later (with venv), make and git; nothing else.
#
#   make run            the room, on http://localhost:8000 (DEMO=1: with a rehearsed
#                       crisis; PORT=8001: on another port)
#   make test           every test; parts this machine lacks are skipped, each saying how to get it
#   make check          format, style, imports, types, migrations, translations, documentation
#   make bench          the measured claims (but the soak, which takes an hour: quivive bench soak)
#   make docs           the documentation site, in site/
#   make format         put the code in the house style
#   make messages       collect the sentences to translate
#   make networks       the Bluesky network that some tests talk to (needs Node and npm)
#   make lock           choose and pin new versions of what we depend on
#
# Files called .venv/.done-* only remember that an installation step was done.

SHELL := /bin/sh
VENV := .venv
PYTHON := $(VENV)/bin/python
PIP := $(PYTHON) -m pip install --quiet --disable-pip-version-check
HASHED := $(PIP) --require-hashes
TESTS ?=
# Django's own tools, with a data folder that holds nobody's rows.
DJANGO := QUIVIVE_DATA=$(CURDIR)/$(VENV)/check-data $(CURDIR)/$(PYTHON) -m django
export DJANGO_SETTINGS_MODULE := quivive.web.settings

.NOTPARALLEL:
.PHONY: run test check check-format check-imports check-types check-migrations check-map \
	check-docs bench docs format messages lock install install-dev networks assets clean

run: install
	@exec $(VENV)/bin/quivive up $(if $(PORT),--port $(PORT)) $(if $(filter 1 yes true,$(DEMO)),--demo)

test: install-dev
	$(PYTHON) -m pytest --numprocesses auto --dist loadfile --no-loadscope-reorder $(TESTS)

check: check-format check-imports check-types check-migrations check-map check-docs

check-format: install-dev
	$(VENV)/bin/ruff format --check --quiet .
	$(VENV)/bin/ruff check .

check-imports: install-dev
	$(VENV)/bin/lint-imports

check-types: install-dev
	$(VENV)/bin/mypy

check-migrations: install-dev
	$(DJANGO) makemigrations --check --dry-run

check-map: install-dev
	$(PYTHON) -m pytest --quiet tests/the_map

check-docs: docs

bench: install-dev
	@for claim in $(filter-out bench/soak.py,$(wildcard bench/[a-z]*.py)); do \
		echo "== $$claim"; $(PYTHON) -m "bench.$$(basename "$$claim" .py)" || exit 1; \
	done

docs: install-dev
	NO_MKDOCS_2_WARNING=1 $(VENV)/bin/mkdocs build --strict
	@echo "Open site/index.html"

format: install-dev
	$(VENV)/bin/ruff format .
	$(VENV)/bin/ruff check --fix .

# The sentences of core, command line and pages land in one catalogue.
messages: install-dev
	cd src/quivive && $(DJANGO) makemessages --locale fr

# Hashes and no address, so that any mirror will do.
PIN := $(VENV)/bin/uv pip compile --quiet --generate-hashes --no-header --no-annotate \
	--universal --python-version 3.11 $(if $(UPGRADE),--upgrade)
lock: install-dev
	$(PIN) pyproject.toml -o requirements.txt
	$(PIN) --group node -o requirements-node.txt
	$(PIN) --group postgres -c requirements.txt -o requirements-postgres.txt
	$(PIN) --group build -c requirements.txt -o requirements-build.txt
	$(PIN) --group test --group check --group build --extra postgres \
		-c requirements.txt -c requirements-build.txt -c requirements-postgres.txt \
		pyproject.toml -o requirements-dev.txt

install: $(VENV)/.done-install

install-dev: $(VENV)/.done-install $(VENV)/.done-dev

assets: $(VENV)/.done-run
	@$(PYTHON) build_assets.py

# A real Bluesky network for the tests of the collector; a minute, for one part of it is compiled.
networks: tests/networks/node_modules/.done

tests/networks/node_modules/.done: tests/networks/package-lock.json
	cd tests/networks && npm ci --ignore-scripts --silent && npm rebuild --silent better-sqlite3 \
		$(if $(wildcard /usr/include/node/node.h),--nodedir=/usr)
	@touch $@

$(VENV)/.done-venv:
	@for name in python3.13 python3.12 python3.11 python3.14 python3; do \
		if "$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
			found=$$name; break; \
		fi; \
	done; \
	if [ -z "$$found" ]; then \
		echo "Qui-vive needs Python 3.11 or later, and this machine has none on its PATH." >&2; \
		echo "Install it (Debian: apt install python3 python3-venv; Mac: brew install python)," \
			"then run the same command again." >&2; \
		exit 1; \
	fi; \
	if ! "$$found" -c 'import ensurepip, venv' 2>/dev/null; then \
		echo "$$found has no venv module. Install it (Debian: apt install python3-venv)," \
			"then run the same command again." >&2; \
		exit 1; \
	fi; \
	if ! "$$found" -c 'import sys; sys.exit(sys.version_info >= (3, 14))' && ! command -v c++ >/dev/null; then \
		echo "With Python 3.14 one part has to be compiled, and this machine has no C++ compiler." >&2; \
		echo "Install Python 3.13, or a compiler (Debian: apt install g++ python3-dev)," \
			"then run the same command again." >&2; \
		exit 1; \
	fi; \
	if [ "$$(uname -sm)" = "Darwin x86_64" ] && ! command -v cargo >/dev/null; then \
		echo "For Macs with an Intel processor some parts are no longer published compiled." >&2; \
		echo "Install what compiles them (brew install rust cmake openssl@3)," \
			"then run the same command again." >&2; \
		exit 1; \
	fi; \
	echo "Preparing $(VENV) with $$found; the first time takes a minute or two."; \
	"$$found" -m venv $(VENV)
	@touch $@

$(VENV)/.done-run: $(VENV)/.done-venv requirements.txt requirements-build.txt
	@$(HASHED) -r requirements.txt -r requirements-build.txt
	@touch $@

$(VENV)/.done-dev: $(VENV)/.done-venv requirements-dev.txt
	@echo "Installing what tests and checks need."
	@$(HASHED) -r requirements-dev.txt
	@touch $@

$(VENV)/.done-install: $(VENV)/.done-run pyproject.toml hatch_build.py | assets
	@$(PIP) --no-deps --no-build-isolation --no-index --editable .
	@touch $@

clean:
	rm -rf $(VENV) node_modules site dist src/quivive/web/room/static/vendor
