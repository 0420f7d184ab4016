# What one does with Paraph. `make` alone lists it.
.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
unexport PYTHONDONTWRITEBYTECODE # which some images set: each program would compile itself anew at every start

# ---------------------------------------------------------------- tools
UV := $(shell uv --version >/dev/null 2>&1 && echo uv || echo .paraph/uv/bin/uv)
RUN = $(UV) run --no-sync
PROJECTS := uv.lock pyproject.toml $(wildcard */pyproject.toml)
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard server/paraph_server/locale/*/LC_MESSAGES/*.po))

# PROGRAM:PACKAGE, as Debian names them; a path stands for a file of the package.
JUDGES := pdfsig:poppler-utils qpdf:qpdf openssl:openssl xmlsec1:xmlsec1 unzip:unzip jq:jq softhsm2-util:softhsm2
BROWSER := chromium:chromium /usr/sbin/nginx:nginx-light /usr/share/fonts/truetype/dejavu/DejaVuSans.ttf:fonts-dejavu-core
OFFICE := soffice:libreoffice-writer-nogui /usr/lib/libreoffice/program/libsclo.so:libreoffice-calc-nogui \
	/usr/lib/libreoffice/program/libsdlo.so:libreoffice-impress-nogui
FRANCECONNECT := testing/paraph_testing/franceconnect/node_modules/.package-lock.json
CARDS := pcscd:pcscd /etc/reader.conf.d/vpcd:vsmartcard-vpcd opensc-tool:opensc Xvfb:xvfb
JUDGES_IN_JAVA := $(patsubst %,conformance/%/target/classes/Judge.class,dss verapdf)
JAVA := javac:openjdk-17-jdk-headless mvn:maven

define debian # (PROGRAM:PACKAGE …) installs what is missing, or says what to install
	missing=""; for pair in $(1); do \
		command -v "$${pair%:*}" >/dev/null || [ -e "$${pair%:*}" ] || missing+=" $${pair#*:}"; done; \
	if [ -z "$$missing" ]; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "Installing$$missing …"; apt-get update -qq; \
		DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends $$missing >/dev/null; \
	else echo "Please install first: sudo apt-get install$$missing" >&2; exit 1; fi
endef

# ---------------------------------------------------------------- use
.PHONY: help
help: ## List what one can do
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: run
run: .venv/run $(CATALOGUES) ## Start the whole platform for demonstration
	@exec $(RUN) python -m paraph_testing.demo

.PHONY: shop
shop: .venv/run ## Open the example shop, whose orders are signed with the running demonstration
	@PARAPH_TOKEN=$$($(RUN) python -m json.tool .paraph/secrets/account.json | sed -n 's/.*"token": "\(.*\)".*/\1/p') \
		$(RUN) python docs/examples/shop/shop.py

.PHONY: doctor
doctor: .venv/run ## Say whether the running demonstration is well
	@$(RUN) python -m paraph_testing.demo doctor

# ---------------------------------------------------------------- develop
.PHONY: test
test: tools ## Run every test, those that wait for browsers and programs beside the others
	@$(MAKE) --no-print-directory -j4 --output-sync=line test-pages test-programs test-server test-library

.PHONY: test-pages test-programs test-server test-library
test-pages:
	$(RUN) pytest -q server/tests/browser
test-programs:
	$(RUN) pytest -q -m platform server testing
test-server:
	$(RUN) pytest -q -m "not platform" server --ignore=server/tests/browser
test-library:
	$(RUN) pytest -q -m "not platform" library testing agent gateway fuzz
	$(RUN) pytest -q trust

.PHONY: check
check: tools ## Everything that must hold before a change goes in: format, lint, types, layers, tests
	$(RUN) ruff format --check
	$(RUN) ruff check
	$(RUN) lint-imports
	$(RUN) mypy
	$(RUN) mypy --config-file trust/pyproject.toml
	$(MAKE) --no-print-directory test

.PHONY: format
format: .venv/develop ## Format the code and put right what ruff can
	$(RUN) ruff format
	$(RUN) ruff check --fix

.PHONY: bench
bench: .venv/develop ## Measure the speed of sealing against pyHanko and the bare primitive, and that of the REST API
	$(RUN) python -m benchmarks

.PHONY: conformance
conformance: tools $(JUDGES_IN_JAVA) ## Have independent programs judge what we sign
	$(RUN) python -m conformance

.PHONY: fuzz
fuzz: tools ## Feed every reader with nonsense for SECONDS=600 each
	$(RUN) python -m fuzz $(or $(SECONDS),600)

.PHONY: corpus
corpus: tools ## Sign the PDFs of public collections that lie below FOLDER=…
	$(RUN) python -m conformance.corpus $(FOLDER)

.PHONY: clients
clients: tools ## Have public clients of the reference product, below FOLDER=…, call the platform
	$(RUN) --with 'deno~=2.9' --with 'requests~=2.32' python -m conformance.clients $(FOLDER)

.PHONY: clean
clean: ## Remove what was built, and the demonstration with its data
	rm -rf .venv .paraph build dist conformance/*/target testing/paraph_testing/franceconnect/node_modules $(CATALOGUES)
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
	rm -rf .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

# ---------------------------------------------------------------- what the above needs
.PHONY: tools
tools: .venv/develop $(CATALOGUES) $(FRANCECONNECT)
	@$(call debian,$(JUDGES) $(BROWSER) $(OFFICE) $(CARDS))

.venv/run: $(PROJECTS) | $(UV)
	@$(UV) sync --quiet --locked --inexact --no-dev
	@touch $@

.venv/develop: $(PROJECTS) | $(UV)
	@$(UV) sync --quiet --locked --all-groups
	@touch $@ .venv/run

%/node_modules/.package-lock.json: %/package-lock.json | .venv/develop
	@$(RUN) npm --prefix $* ci --ignore-scripts --no-audit --no-fund --silent
	@touch $@

%.mo: %.po | .venv/run
	@$(RUN) pybabel --quiet compile --input-file $< --output-file $@

conformance/%/target/classes/Judge.class: conformance/%/pom.xml conformance/%/src/main/java/Judge.java
	@$(call debian,$(JAVA))
	@cd conformance/$* && mvn --batch-mode --quiet process-classes
	@touch $@

.PHONY: uv
uv:;@:

.paraph/uv/bin/uv:
	@$(call debian,python3:python3)
	@python3 -m venv .paraph/uv || { rm -rf .paraph/uv; $(call debian,ensurepip:python3-venv); python3 -m venv .paraph/uv; }
	@.paraph/uv/bin/pip install --quiet 'uv>=0.13'
