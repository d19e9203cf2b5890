# make demo: install, screen the sample drafts, file a ticket.   make test: everything that is checked.
PYTHON ?= python3
BIN := .venv/bin
DEMO := .demo
SAMPLES := data/samples

.PHONY: demo test docs clean

.venv/installed: setup.cfg pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	touch $@

.venv/installed-test: .venv/installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[test]'
	touch $@

# a draft with findings makes screening exit with 1: that is the demonstration, not a failure
demo: .venv/installed
	@mkdir -p $(DEMO)
	@echo "== 审查示例稿件 =="
	@$(BIN)/screening --home $(DEMO) check $(SAMPLES)/*.* || test $$? -eq 1
	@$(BIN)/screening --home $(DEMO) check $(SAMPLES)/*.* --format html --output $(DEMO)/report.html || test $$? -eq 1
	@echo
	@echo "== 送审：登记审批单 =="
	@$(BIN)/screening --home $(DEMO) submit $(SAMPLES)/校园开放日.docx --account jidian-wechat --editor 李示例 || test $$? -eq 1
	@$(BIN)/screening --home $(DEMO) ticket list
	@echo
	@echo "网页报告：$(CURDIR)/$(DEMO)/report.html"

test: .venv/installed-test
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest

docs: .venv/installed-test
	$(BIN)/python tools/build_docs.py
	$(BIN)/python tools/build_walkthrough.py

clean:
	rm -rf .venv $(DEMO) build dist *.egg-info
