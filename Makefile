# make run    the app: sets up what is missing, and opens it
# make test   the same set-up, and the tests
# make check  lint, and the tests of what has changed since the last commit
PYTHON ?= python3.11 python3.12 python3.13 python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/installed

.PHONY: setup run test check lint package installer lock resources translations samples starter clean

setup: $(STAMP)
	@sh tools/qt_libraries.sh

$(STAMP): pyproject.toml setup.py constraints.txt
	@sh tools/python_venv.sh $(VENV) $(PYTHON)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt setuptools PySide6-Essentials
	PYTHONWARNINGS=ignore $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation -c constraints.txt -e ".[dev]"
	@touch $@

resources: $(STAMP)
	@$(BIN)/python setup.py --quiet build_resources
	@$(BIN)/python -m trainer.inference.engine_selection
	@$(BIN)/python -m trainer.models.shipped_weights

run: setup resources
ifeq ($(shell uname -s)$(DISPLAY)$(WAYLAND_DISPLAY),Linux)
	@echo "There is no display, so here are the sample pictures, labelled in the terminal:"
	@$(BIN)/python -m trainer predict assets/samples
else
	@$(BIN)/python -m fruitgui $(ARGS)
endif

test: setup resources
	$(BIN)/python -m pytest -n 2 --dist loadfile --max-worker-restart=0 $(ARGS)

check: lint
	@tests=$$($(BIN)/python -m tools.changed_tests) || exit 1; \
	if [ -z "$$tests" ]; then echo "No tests are of what has changed."; \
	else $(BIN)/python -m pytest -n 2 --dist loadfile $$tests $(ARGS); fi

lint: setup resources
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# FRUITGUI_FLAVOUR=gpu for NVIDIA cards: see docs/releasing.md.
package: setup resources
	$(BIN)/pyinstaller --noconfirm --clean --log-level WARN build.spec

# What users install. On Linux a Debian package; on the other systems see docs/releasing.md.
installer: package
	sh installers/linux/build_deb.sh dist $(COMPRESSION)

# The versions that it is built and tested with, for all systems. ARGS=--upgrade for newer ones.
lock: setup
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	UV_CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/uv pip compile --quiet --universal --python-version 3.11 \
		--all-extras --no-annotate $(ARGS) pyproject.toml -o constraints.txt

# For those who change texts: collect them for the translators.
SENTENCES := build/trainer_sentences.py
TEXTS = $$(find fruitgui -name '*.py' ! -name resources_rc.py) $(SENTENCES)
translations: setup
	@mkdir -p build
	$(BIN)/python -m tools.trainer_sentences $(SENTENCES)
	$(BIN)/pyside6-lupdate -no-obsolete -locations none $(TEXTS) -ts assets/translations/fruitgui_ko.ts
	$(BIN)/pyside6-lupdate -no-obsolete -locations none -pluralonly $(TEXTS) -ts assets/translations/fruitgui_en.ts

samples: setup
	$(BIN)/python -m trainer.synthetic samples assets/samples

# DATA: the photos, in train/ and val/; BACKGROUND: a folder of photos of other things.
# Goes on where it was cut off. The variables keep glibc from giving memory back after every batch.
starter: setup resources
	OMP_WAIT_POLICY=PASSIVE MALLOC_MMAP_MAX_=0 MALLOC_TRIM_THRESHOLD_=17179869184 \
		$(BIN)/python -m tools.train_starter "$(DATA)" "$(BACKGROUND)"

clean:
	rm -rf build dist $(VENV) fruitgui/resources_rc.py assets/translations/*.qm assets/engines assets/pretrained
