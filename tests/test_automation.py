"""The files that other services read: they parse, have the form that their services ask for, and name what there is."""

import json
import os
import re
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
TARGETS = set(re.findall(r"^([a-z-]+):", MAKEFILE, re.MULTILINE))
PYTHONS = {line.rpartition(" ")[2] for line in PROJECT["classifiers"] if re.search(r":: 3\.\d+$", line)}
ACTIONS = {
    "actions/checkout@v4",
    "actions/setup-python@v5",
    "actions/configure-pages@v5",
    "actions/upload-pages-artifact@v3",
    "actions/deploy-pages@v4",
}
# The only jobs that may write, and what.
WRITERS = {
    ("release", "release"): {"contents": "write"},
    ("pages", "publish"): {"contents": "read", "pages": "write", "id-token": "write"},
}


def loaded(path):
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def jobs(path):
    return loaded(path)["jobs"]


def steps(path):
    return [step for job in jobs(path).values() for step in job.get("steps", ())]


@pytest.mark.parametrize(
    "path",
    [*sorted((ROOT / ".github").rglob("*.yml")), ROOT / ".pre-commit-config.yaml"],
    ids=lambda path: path.name,
)
def test_every_yaml_file_is_a_mapping(path):
    assert isinstance(loaded(path), dict)


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_names_what_there_is(path):
    triggers = loaded(path)[True]  # YAML 1.1 reads the key `on` as true
    assert triggers
    for name, job in jobs(path).items():
        assert "uses" in job or (job["runs-on"] and job["timeout-minutes"] and job["steps"]), name
        assert set([job["needs"]] if "needs" in job else []) <= jobs(path).keys(), name
        if "uses" in job:
            assert (ROOT / job["uses"]).is_file() and "workflow_call" in loaded(ROOT / job["uses"])[True]
    for step in steps(path):
        assert ("run" in step) != ("uses" in step), step
        assert step.get("uses", "actions/checkout@v4") in ACTIONS
        for target in re.findall(r"^make ([a-z-]+)", step.get("run", ""), re.MULTILINE):
            assert target in TARGETS, target
        for script in re.findall(r"^bash (\S+)", step.get("run", ""), re.MULTILINE):
            assert (ROOT / script).is_file(), script


def test_the_checks_run_on_every_python_and_system_that_the_course_names():
    checks = jobs(ROOT / ".github" / "workflows" / "ci.yml")
    matrix = checks["fast"]["strategy"]["matrix"]
    (everything,) = [
        step["with"]["python-version"]
        for step in checks["everything"]["steps"]
        if "python-version" in step.get("with", ())
    ]
    assert {everything, *matrix["python"]} == PYTHONS
    assert everything not in matrix["python"]
    assert {each["os"] for each in matrix["include"]} == {"windows-latest", "macos-latest"}
    assert {each["python"] for each in matrix["include"]} <= PYTHONS
    commands = {name: [step["run"] for step in job["steps"] if "run" in step] for name, job in checks.items()}
    assert commands["lint"] == ["make lint PYTHON=python"]
    assert commands["everything"] == ["bash .ci/run"]
    assert commands["fast"][-1] == "make test-fast PYTHON=python"
    fast = re.search(r"^test-fast:.*?-m (pytest .*?) \$\(", MAKEFILE, re.DOTALL | re.MULTILINE).group(1)
    assert commands["lowest"][-1].split() == ["python", "-m", *fast.replace("\\\n", "").split()]
    (lowest,) = [step["with"]["python-version"] for step in checks["lowest"]["steps"] if "with" in step]
    assert PROJECT["requires-python"] == f">={lowest}" and "lowest-direct" in commands["lowest"][1]


def test_only_the_release_and_the_website_may_write():
    writers = {}
    for path in WORKFLOWS:
        assert loaded(path)["permissions"] == {"contents": "read"}
        writers |= {(path.stem, name): job["permissions"] for name, job in jobs(path).items() if "permissions" in job}
    assert writers == WRITERS
    release = jobs(ROOT / ".github" / "workflows" / "release.yml")["release"]
    assert release["needs"] == "checks"  # nothing is released that was not checked


def test_dependabot_looks_after_the_pins_and_the_actions():
    updates = loaded(ROOT / ".github" / "dependabot.yml")["updates"]
    assert {each["package-ecosystem"] for each in updates} == {"pip", "github-actions"}
    assert all((ROOT / each["directory"].strip("/")).is_dir() for each in updates)


@pytest.mark.parametrize(
    "path", sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("[!c]*.yml")), ids=lambda path: path.name
)
def test_an_issue_form_has_what_github_asks_for(path):
    form = loaded(path)
    assert form["name"] and form["description"]
    fields = [field for field in form["body"] if field["type"] != "markdown"]
    assert fields and len({field["id"] for field in fields}) == len(fields)
    for field in fields:
        assert field["type"] in ("input", "textarea", "dropdown", "checkboxes") and field["attributes"]["label"]


def test_the_devcontainer_sets_up_what_the_tests_need():
    container = json.loads((ROOT / ".devcontainer" / "devcontainer.json").read_text(encoding="utf-8"))
    assert container["image"].rpartition(":")[2] in PYTHONS
    script, *options = re.search(r"python (\S+)((?: --\w+)*)$", container["postCreateCommand"]).groups()
    assert (ROOT / script).is_file() and options == [" --test"]


def test_the_container_of_the_hub_is_built_by_commands_that_there_are():
    text = (ROOT / "hub" / "Containerfile").read_text(encoding="utf-8")
    steps = [line.split(" ", 1) for line in text.splitlines() if line and not line.startswith("#")]
    assert steps[0][0] == "FROM" and re.search(r"/python:(3\.\d+)-", steps[0][1]).group(1) in PYTHONS
    assert {step for step, _ in steps} <= {"FROM", "RUN", "COPY", "WORKDIR", "VOLUME", "EXPOSE", "CMD"}
    assert set(re.findall(r"^make ([a-z-]+)", "\n".join(rest for _, rest in steps), re.MULTILINE)) == {"hub"} <= TARGETS
    page = (ROOT / "teaching" / "jupyterhub.md").read_text(encoding="utf-8")
    for name in {*re.findall(r"\bhub/[\w./]+\b", text + page), "hub/settings/everybody/nbgrader_config.py"}:
        assert (ROOT / name).is_file(), name
    for instruction, rest in steps:
        if instruction in ("VOLUME", "CMD"):
            assert all(isinstance(word, str) for word in json.loads(rest))
    for path in (ROOT / "hub").rglob("*.json"):
        assert isinstance(json.loads(path.read_text(encoding="utf-8")), dict)
    for path in (ROOT / "hub").rglob("*.py"):
        compile(path.read_text(encoding="utf-8"), str(path), "exec")


def test_binder_installs_the_pinned_versions():
    assert (ROOT / "binder" / "runtime.txt").read_text(encoding="utf-8").strip().removeprefix("python-") in PYTHONS
    lines = (ROOT / "binder" / "requirements.txt").read_text(encoding="utf-8").splitlines()
    assert "-r ../requirements.txt" in lines
    (torch,) = [line for line in lines if line.startswith("torch==")]
    assert torch.removesuffix("+cpu") in (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    if os.name == "posix":
        assert os.access(ROOT / "binder" / "postBuild", os.X_OK)
    assert "--editable ." in (ROOT / "binder" / "postBuild").read_text(encoding="utf-8")


def test_the_security_page_names_the_levels_that_the_sandbox_has():
    from lstm_course.isolation import support

    page = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    for level in set(support.LEVELS) - {"auto"}:
        assert f"| {level} |" in page
