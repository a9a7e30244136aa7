# Everything is done by bootstrap.py; `make test ARGS="-k ties"` passes arguments on, WHEELS=DIR installs offline.
PYTHON ?= python3
BOOTSTRAP = $(PYTHON) bootstrap.py

.NOTPARALLEL:
.PHONY: report test lab environment lock

report test lab:
	@$(BOOTSTRAP) $@ $(if $(WHEELS),--wheels "$(WHEELS)") -- $(ARGS)

environment:
	@$(BOOTSTRAP) environment

# needs uv; keeps the pins that still fit, `make lock ARGS=--upgrade` renews them
lock: environment
	uv pip compile --universal --generate-hashes --no-annotate --no-header --extra cluster --extra publish \
		--group test --group build \
		$(ARGS) pyproject.toml -o requirements.lock
