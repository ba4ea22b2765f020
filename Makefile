# The commands for working with the course. `make` alone lists them.

# The Python to use: the one you name (make lab PYTHON=python3.13), or the first of these that runs and is recent
# enough. The first round also requires venv, which some systems include with one Python and not with another.
PYTHON ?=
PYTHONS := $(or $(PYTHON),python3 python3.14 python3.13 python3.12 python3.11 python)
BIN := .venv/$(if $(filter Windows_NT,$(OS)),Scripts,bin)
NOTEBOOKS := notebooks exercises solutions

define set_up
@for condition in 'import ensurepip, venv' pass; do for python in $(PYTHONS); do \
  if "$$python" -c "$$condition; import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))" \
    >/dev/null 2>&1; then exec "$$python" tools/set_up.py $(1); fi; \
done; done; \
echo "The course needs Python 3.11 to 3.14, and none was found (tried: $(PYTHONS)). You can get it at https://www.python.org/downloads/" >&2; \
exit 1
endef

.DEFAULT_GOAL := help
.PHONY: help lab teach hub lint test test-fast test-kernels test-grading build notebooks site bench bench-grading results clean

help:  ## this list
	@echo "make COMMAND, where COMMAND is one of these; each first installs what it needs:"
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  \1	\2/p' Makefile | expand -t 16

lab:  ## open the course in JupyterLab; make lab ARGS="--no-browser --port 8899"
	$(call set_up)
	@$(BIN)/lstm-course lab $(ARGS)

# This opens nothing, because nbgrader looks for source/, submitted/ and gradebook.db where JupyterLab is started.
teach:  ## for teachers: add nbgrader (Validate, formgrader) and jupyterlab-deck (slides); says how to open them
	$(call set_up,--teach)
	@echo "In the folder of your class: $(CURDIR)/$(BIN)/jupyter lab"

hub:  ## for a class: add JupyterHub and nbgrader, and say how to start it; teaching/jupyterhub.md explains it
	$(call set_up,--teach --hub)
	@echo "With your copy of hub/jupyterhub_config.py: $(CURDIR)/$(BIN)/jupyterhub --config YOUR_COPY"

# pyproject.toml and .oxlintrc.json say what each linter checks. Where pip has no oxlint, npm has it.
lint:  ## check the style of Python, lessons and JavaScript, and the types of the records that parts exchange
	$(call set_up,--test)
	@$(BIN)/python -m ruff check .
	@$(BIN)/python -m ruff format --check .
	@$(BIN)/python -m mypy
	@if [ -x $(BIN)/oxlint ] || [ -x $(BIN)/oxlint.exe ]; then oxlint=$(BIN)/oxlint; \
	else oxlint="npx --yes oxlint@$$(sed -n 's/^oxlint==\([0-9.]*\).*/\1/p' requirements-test.txt)"; fi; \
	$$oxlint lstm_course/explore

# A worker runs a whole file, since the cells of a notebook share a kernel. The time limit only ends what hangs.
TEST_NOTEBOOKS := --nbval-lax --nbval-current-env --nbval-cell-timeout 900
# LESSON=04 keeps what belongs to one lesson: its notebooks, its questions, its page, and the parts it uses.
ONE_LESSON := $(if $(LESSON),--lesson $(LESSON))
test:  ## everything: unit tests, every notebook, the lessons in a browser; of one lesson with LESSON=04
	$(call set_up,--test)
	@$(BIN)/python -m pytest tests $(NOTEBOOKS) -q -n 2 --dist loadfile --no-loadscope-reorder -m "not grading" \
	  $(TEST_NOTEBOOKS) $(ONE_LESSON) $(ARGS)

test-fast:  ## between edits: unit tests, without the browser, notebooks and slow tests
	$(call set_up,--test)
	@$(BIN)/python -m pytest tests -q -n 2 --dist loadfile -m "not slow and not browser and not grading" \
	  --ignore tests/browser $(ONE_LESSON) $(ARGS)

test-kernels:  ## the numeric tests and the lessons, computed as on another processor
	$(call set_up,--test)
	@$(BIN)/python tools/other_kernel.py $(BIN)/python -m pytest tests/results tests/scratch tests/nets notebooks -q \
	  -n 2 --dist loadfile -m "not grading" $(TEST_NOTEBOOKS) $(ONE_LESSON) $(ARGS)

test-grading:  ## every question: no wrong answer is accepted and no right one rejected, also when graded from files
	$(call set_up,--test)
	@$(BIN)/python -m pytest tests -q -n 2 --dist loadgroup -m grading --ignore tests/browser $(ONE_LESSON) $(ARGS)

build:  ## build exercises/ from solutions/ and the questions, and lay out the slides of the lessons
	$(call set_up)
	@$(BIN)/lstm-course build

notebooks:  ## run every lesson and store its outputs
	$(call set_up)
	@$(BIN)/python -m lstm_course.authoring.notebooks run $(ARGS)

site:  ## build the website into build/site/html, from what is stored; runs nothing
	$(call set_up,--site)
	@$(BIN)/python site/build.py -q $(ARGS)
	@echo "Open build/site/html/index.html"

bench:  ## measure speed, side by side
	$(call set_up,--test)
	@$(BIN)/python -m benchmarks

bench-grading:  ## grade a class, and compare with nbgrader on the same notebooks; takes five minutes
	$(call set_up,--test)
	@$(BIN)/python -m benchmarks.grading

results:  ## repeat the stored runs
	$(call set_up)
	@$(BIN)/python -m lstm_course.results $(ARGS)

clean:  ## remove .venv and caches; never touches work/
	rm -rf .venv .pytest_cache .hypothesis .mypy_cache .ruff_cache build *.egg-info
	find . -path ./work -prune -o \( -name __pycache__ -o -name .ipynb_checkpoints \) -type d -exec rm -rf {} +
