# The whole vocabulary. CI says `make check test` and nothing else but what makes those quicker.

VENV := .venv
PYTHON := $(VENV)/bin/python
UV := UV_PYTHON_DOWNLOADS=never UV_PYTHON=$(PYTHON) $(VENV)/bin/uv
UV_VERSION := 0.13.9

# One more than there are cores, since tests that start processes mostly wait; each takes its share,
# and then of what another has left: a few files hold most of the time.
WORKERS := $(shell expr $$(nproc) + 1)
SUITE := $(PYTHON) -m pytest --numprocesses $(WORKERS) --dist worksteal

# Python keeps what it has compiled, whatever the surroundings say: a run of the suite starts it some
# hundred times.
export PYTHONDONTWRITEBYTECODE :=

# What checks need to read the settings of an installation that does not exist.
AS_PRODUCTION := PUBLIC_URL=https://gongkai.invalid LOG_ORIGIN=gongkai.invalid/log \
	SECRET_KEY=0123456789abcdefghijklmnopqrstuvwxyz-only-for-make-check \
	DJANGO_SETTINGS_MODULE=gongkai.config.settings

.PHONY: run test compiled test-ocr test-television check fmt messages crash bench gallery validate lighthouse

run: $(VENV)/.base
	@exec $(VENV)/bin/gongkai run

test: $(VENV)/.dev
	$(SUITE)
	$(PYTHON) -m tests.postgresql $(SUITE)

# In a new clone, so that the workers do not compile every test at the same time, each for itself.
compiled: $(VENV)/.dev
	@$(PYTHON) -m pytest --collect-only --quiet >/dev/null || true # what is wrong, the suite tells

# Reading scans needs a gigabyte that nobody else does, so it stands in surroundings of its own.
test-ocr: $(VENV)/.dev
	UV_PROJECT_ENVIRONMENT=$(VENV)-ocr $(UV) sync --quiet --locked --extra ocr
	$(VENV)-ocr/bin/python -m pytest tests/procedure/imports tests/surfaces/desk/test_importing.py

# So does making video: the program that does it is larger than all else.
test-television: $(VENV)/.dev
	UV_PROJECT_ENVIRONMENT=$(VENV)-television $(UV) sync --quiet --locked --extra television
	$(VENV)-television/bin/python -m pytest tests/surfaces/channels/television

check: $(VENV)/.dev
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check .
	$(AS_PRODUCTION) $(VENV)/bin/mypy
	$(VENV)/bin/lint-imports --no-cache
	home=$$(mktemp -d) && trap "rm -rf $$home" EXIT && export GONGKAI_HOME=$$home $(AS_PRODUCTION) && \
	$(PYTHON) -m django makemigrations --check --dry-run && \
	$(PYTHON) -m django check --deploy --fail-level WARNING
	@! grep -oE 'https?://[^/"]+' uv.lock | sort -u | \
		grep -vxE 'https://(pypi\.org|files\.pythonhosted\.org)' || \
		{ echo "uv.lock names a package host that others do not have."; exit 1; }

fmt: $(VENV)/.dev
	$(VENV)/bin/ruff format .
	$(VENV)/bin/ruff check --fix .

messages: $(VENV)/.dev
	$(PYTHON) tools/messages.py update
	$(PYTHON) tools/messages.py compile

# The base never removes what the development group brought; that one is exact.
$(VENV)/.base: $(VENV)/bin/uv pyproject.toml uv.lock
	@$(UV) sync --quiet --locked --no-dev --inexact
	@touch $@

$(VENV)/.dev: $(VENV)/bin/uv pyproject.toml uv.lock
	@$(UV) sync --quiet --locked
	@touch $@ $(VENV)/.base

$(VENV)/bin/uv:
	@python=$$(for name in python3 python3.14 python3.13 python3.12 python3.11; do \
		if command -v $$name >/dev/null && \
			$$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; \
		then echo $$name; break; fi; done); \
	test -n "$$python" || { echo \
		"需要 Python 3.11 以上，这里没有找到。 / Python 3.11 or newer is needed." >&2; exit 1; }; \
	test -x $(PYTHON) || $$python -m venv $(VENV) || { echo \
		"不能建立 $(VENV)：请安装 venv 和 pip（Debian：python3-venv）。 / venv and pip are needed." >&2; \
		exit 1; }
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check --root-user-action=ignore \
		uv==$(UV_VERSION)

crash: $(VENV)/.dev
	$(PYTHON) -m tests.journeys.full_disk
	$(PYTHON) -m tests.journeys.crash --kills 1000
	$(PYTHON) -m tests.postgresql $(PYTHON) -m tests.journeys.full_disk
	$(PYTHON) -m tests.postgresql $(PYTHON) -m tests.journeys.crash --kills 1000

bench: $(VENV)/.dev
	$(PYTHON) -m tests.bench

# Each looks at the demonstration: in GONGKAI_HOME if that is set, else in a home of its own.
gallery validate lighthouse: $(VENV)/.dev
	$(PYTHON) -m tools.$@
