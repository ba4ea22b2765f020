"""What `make lint` and pre-commit look at is said once, and they look at the same with the same tools."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
RUFF = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["ruff"]


def pins():
    text = (ROOT / "requirements-test.txt").read_text(encoding="utf-8")
    return dict(re.findall(r"^([\w-]+)==([\d.]+)", text, re.MULTILINE))


def test_pre_commit_runs_the_pinned_linters():
    config = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    versions = {repo["repo"].rpartition("/")[2]: repo["rev"] for repo in config["repos"]}
    assert versions["ruff-pre-commit"] == f"v{pins()['ruff']}"
    assert versions["mirrors-oxlint"] == f"v{pins()['oxlint']}"
    hooks = {hook["id"] for repo in config["repos"] for hook in repo["hooks"]}
    assert {"ruff-check", "ruff-format", "end-of-file-fixer", "oxlint"} <= hooks


def test_the_rules_that_find_faults_are_on():
    assert {"E", "F", "I", "B", "UP", "C4"} <= set(RUFF["lint"]["select"])
    assert RUFF["extend-exclude"] == ["exercises"]  # built from solutions/, which are looked at


@pytest.mark.parametrize("pattern", RUFF["lint"]["per-file-ignores"])
def test_no_exception_covers_the_whole_tree(pattern):
    assert pattern.startswith(("notebooks/", "solutions/", "lstm_course/questions", "lstm_course/plots", "tests/"))


def test_continuous_integration_lints_first():
    commands = re.findall(
        r"^(?:exec )?make ([\w-]+)$", (ROOT / ".ci" / "run").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert commands[0] == "lint" and {"test", "test-kernels", "test-grading"} <= set(commands)
