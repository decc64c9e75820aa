# Targets for people and machines. `make` alone lists them.

PYTHON ?= python3
BIN := .venv/bin
PIP_INSTALL := install --quiet --no-input --disable-pip-version-check

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
.PHONY: help demo docs test test-all browser fmt faults campaigns stacks score bench agreement hostile bench-fuzz bench-docs wheel constraints clean

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/  \1|\2/p' Makefile | \
		while IFS='|' read -r target text; do printf '%-14s %s\n' "$$target" "$$text"; done

demo: .venv/.all ## fuzz the reference server of every provider; reports/index.html leads to the rest
	@list=$$($(BIN)/orderspec list --format json) || exit 2; \
	providers=$$(printf '%s' "$$list" | $(BIN)/python -c \
		'import json, sys; print(*(p["name"] for p in json.load(sys.stdin)["providers"]))'); \
	test -n "$$providers" || { echo "orderspec list names no provider"; exit 2; }; \
	unclean=; \
	for provider in $$providers; do \
		echo "== fuzz $$provider"; \
		$(BIN)/orderspec fuzz "$$provider" --report reports || unclean="$$unclean $$provider"; \
	done; \
	echo "== reports: reports/index.html"; \
	test -z "$$unclean" || { echo "Not found to conform:$$unclean"; exit 1; }

docs: .venv/.all ## pages of every contract, to read: site/index.html
	@$(BIN)/orderspec docs

# Many tests wait for a server: one process more than there are processors keeps these busy. Those
# that tests start would compile all modules each time where bytecode is not written.
test: .venv/.dev browser ## formatter, linter, types, import rules, spec lint, tests; stops at the first failure
test-all: .venv/.dev browser ## the same with the tests that are long, or one of many alike
test test-all:
	@echo "== ruff format --check"; $(BIN)/ruff format --check --quiet .
	@echo "== ruff check"; $(BIN)/ruff check --quiet .
	@echo "== mypy"; $(BIN)/mypy --no-error-summary
	@echo "== lint-imports"; $(BIN)/lint-imports --no-logo
	@echo "== orderspec lint"; $(BIN)/orderspec lint
	@echo "== pytest"; PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest $(if $(filter test,$@),-m "not long") \
		--numprocesses $$(($$(nproc) + 1)) --dist worksteal

browser: ## Chromium for the tests that open pages, where apt-get can bring it; else they are skipped
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || \
		command -v google-chrome >/dev/null || { \
		echo "== install chromium"; \
		timeout 600 sh -c 'apt-get -qq update && DEBIAN_FRONTEND=noninteractive \
			apt-get -qq install --yes --no-install-recommends chromium' >/dev/null 2>&1 || \
		echo "No Chromium, and apt-get cannot install it: tests that open a page are skipped."; }

fmt: .venv/.dev ## format the code and fix what the linter can fix
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

faults: .venv/.dev ## the table of seeded faults and what finds them; hours, and it can be interrupted
	@$(BIN)/python -m benchmarks.faults

campaigns: .venv/.dev ## fifty campaigns against servers that conform: what they find is false
	@$(BIN)/python -m benchmarks.clean

stacks: .venv/.dev .stacks/.made ## campaigns against mocks that Prism makes from the contracts
	@$(BIN)/python -m benchmarks.mocks .stacks

score: .venv/.all ## measure what each contract catches, and keep it beside the contract
	@for folder in spec/*/; do \
		$(BIN)/orderspec score "$$(basename "$$folder")" --save || exit 2; \
	done

bench: .venv/.all .venv-bench/.made ## compare the speed of validate with its peers
	@$(BIN)/python -m benchmarks.speed

agreement: .venv/.dev ## do jsonschema, jsonschema-rs and the kit agree on 100,000 changed payloads?
	@$(BIN)/python -m benchmarks.agreement

hostile: .venv/.dev ## what validate does with input that means harm: exit code, seconds, memory
	@$(BIN)/python -m benchmarks.hostile

bench-fuzz: .venv/.dev ## how fast campaigns are, and the time to find all faults, beside Schemathesis
	@$(BIN)/python -m benchmarks.fuzz_speed

bench-docs: .venv/.dev browser .venv-bench/.docs ## our page of Square beside Redoc's: weight, time, what is shown
	@$(BIN)/python -m benchmarks.docs

wheel: .venv/.dev ## build dist/ and try the wheel in an environment of its own
	@rm -rf dist .venv-wheel
	@$(BIN)/python -m build --outdir dist .
	@$(PYTHON) -m venv .venv-wheel
	@.venv-wheel/bin/python -m pip $(PIP_INSTALL) -c constraints.txt dist/*.whl
	@cd dist && ../.venv-wheel/bin/orderspec list
	@ls dist/*

constraints: ## write constraints.txt anew from the newest versions that fit
	@rm -rf .venv-constraints
	@$(PYTHON) -m venv .venv-constraints
	@.venv-constraints/bin/python -m pip $(PIP_INSTALL) -e '.[all,dev]'
	@{ echo '# Exact versions for `make`, written by `make constraints`.'; \
		.venv-constraints/bin/python -m pip freeze --disable-pip-version-check --exclude-editable; \
	} >constraints.new
	@mv constraints.new constraints.txt

clean: ## remove environments, caches, reports and builds
	@rm -rf .venv .venv-* .stacks .*_cache .hypothesis .schemathesis build dist reports site
	@find src -name '*.so' -delete
	@find . -name __pycache__ -prune -exec rm -rf {} +

# The environment. A stamp says which extras it holds; a stamp older than its sources is made anew.

# What mypyc compiles lies beside its source, and would be taken for it after a change.
COMPILED := $(shell sed -n 's|^ *"\(orderspec/.*\.py\)",|src/\1|p' pyproject.toml)

.venv/.all: .venv/.made pyproject.toml constraints.txt hatch_build.py $(COMPILED)
	@echo "== install orderspec[all]"
	@$(BIN)/python -m pip $(PIP_INSTALL) -c constraints.txt -e '.[all]'
	@touch $@

.venv/.dev: .venv/.made pyproject.toml constraints.txt hatch_build.py $(COMPILED)
	@echo "== install orderspec[all,dev]"
	@$(BIN)/python -m pip $(PIP_INSTALL) -c constraints.txt -e '.[all,dev]'
	@touch .venv/.all $@

.venv/.made:
	@command -v $(PYTHON) >/dev/null || { \
		echo "No $(PYTHON) here. Install Python 3.11 or later, or name one: make PYTHON=/path/to/python3"; \
		exit 2; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "orderspec needs Python 3.11 or later; $(PYTHON) is $$($(PYTHON) -V 2>&1)." \
			"Name a newer one: make PYTHON=python3.12"; \
		exit 2; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "$(PYTHON) cannot make environments: its venv or ensurepip module is missing." \
			"On Debian and Ubuntu: apt-get install python3-venv"; \
		exit 2; }
	@echo "== make .venv"
	@rm -rf .venv
	@$(PYTHON) -m venv .venv
	@touch $@

.venv-bench/.made: .venv/.made constraints.txt
	@rm -rf .venv-bench
	@$(PYTHON) -m venv .venv-bench
	@.venv-bench/bin/python -m pip $(PIP_INSTALL) -c constraints.txt check-jsonschema jsonschema
	@$(PYTHON) -m venv .venv-bench/sourcemeta
	@.venv-bench/sourcemeta/bin/python -m pip $(PIP_INSTALL) sourcemeta-jsonschema
	@touch $@

# The last CLI that gets Redoc 2 as a package of its own, and one of today: Redoc 3 is in it.
.venv-bench/.docs: .venv-bench/.made
	@command -v npm >/dev/null || { echo "No npm here. Install Node 20.19 or later."; exit 2; }
	@npm install --prefix .venv-bench --no-save --no-audit --no-fund --no-package-lock \
		--loglevel error @redocly/cli@2.33.2 redoc@2.5.3 redocly-3@npm:@redocly/cli@2.77.0
	@touch $@

.stacks/.made: benchmarks/prism/package.json
	@command -v npm >/dev/null || { echo "No npm here. Install Node 20 or later."; exit 2; }
	@mkdir -p .stacks
	@cp benchmarks/prism/package.json .stacks/
	@npm install --prefix .stacks --no-audit --no-fund --no-package-lock --loglevel error
	@touch $@
