"""A new project: it runs, its tests pass, and each of them fails on the mistake that it is there for."""

import os
import subprocess
import sys

import pandas as pd
import pytest

from lstm_course.workspace.project import new_project

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A project whose tests run on fewer rows, which takes a second instead of several."""
    folder = new_project(tmp_path_factory.mktemp("home") / "mine")
    table = pd.read_csv(folder / "weather.csv")
    table[:400].to_csv(folder / "weather.csv", index=False)
    return folder


def run(folder, *arguments):
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "TQDM_DISABLE": "1", "PYTEST_ADDOPTS": ""}
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=600)


def outcome(folder, *choice):
    """How a project's own tests end, or those chosen."""
    return run(folder, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--tb=short", *choice).stdout


def test_training_compares_the_network_with_simple_methods_and_draws(project):
    ended = run(project, "train.py", "--seeds", "2", "--epochs", "2")
    assert ended.returncode == 0, ended.stderr
    scores = pd.read_csv(project / "results" / "scores.csv", index_col="method")
    assert list(scores.index) == ["last value", "ridge regression", "LSTM, seed 0", "LSTM, seed 1", "LSTMs averaged"]
    table = pd.read_csv(project / "weather.csv")
    changes = table["temp_max"].diff().abs()[int(0.8 * len(table)) :]
    assert scores["temp_max"]["last value"] == pytest.approx(changes.mean(), abs=1e-4)
    history = pd.read_csv(project / "results" / "history.csv")
    assert history["epoch"].tolist() == [1, 2, 1, 2] and (history["validation"] > 0).all()
    assert (project / "results" / "forecast.png").read_bytes().startswith(b"\x89PNG")


def test_the_tests_of_a_new_project_pass(project):
    output = outcome(project)
    assert output.splitlines()[-1].startswith("10 passed"), output


# A file of the project, a change that makes it wrong, and the beginning of the name of the test that notices.
MISTAKES = [
    ("data.py", "last = rows - HORIZON", "last = rows", "test_the_window_ends_before_the_target"),
    ("data.py", "np.arange(1 - WINDOW, 1)", "np.arange(2 - WINDOW, 2)", "test_the_window_ends_before_the_target"),
    ("data.py", "max(start + HORIZON - 1, ", "max(start - 5, ", "test_no_forecast_is_made"),
    ("data.py", "table[:end_of_training].mean()", "table.mean()", "test_training_knows_nothing_of_later_rows"),
    ("model.py", "batch_first=True", "batch_first=False", "test_each_sequence_is_read_on_its_own"),
    ("model.py", "h[:, -1]", "h[:, 0]", "test_every_row_of_the_window"),
    ("model.py", "h, _ = self.lstm(x)", "h, _ = self.lstm(x[:, -5:])", "test_every_row_of_the_window"),
    ("model.py", "    network.eval()\n", "", "test_two_predictions_are_the_same"),
    ("model.py", "    network.train(was_training)\n", "", "test_two_predictions_are_the_same"),
    ("train.py", "                loss.backward()\n", "", "test_it_can_learn_eight_examples_by_heart"),
    ("train.py", "    network.load_state_dict(best[1])\n", "", "test_it_ends_with_the_best_weights"),
    (
        "train.py",
        "copy.deepcopy(network.state_dict())",
        "network.state_dict()",
        "test_it_ends_with_the_best_weights",
    ),
]

# Runs a project's tests in several folders one after another; each needs a second, starting Python anew needs ten.
SEVERAL = """
import os, sys, pytest
for folder, choice in zip(sys.argv[1::2], sys.argv[2::2]):
    os.chdir(folder)
    paths = list(sys.path)
    pytest.main(["-q", "-p", "no:cacheprovider", "--tb=short", "--rootdir", folder, "-k", choice, folder])
    sys.path[:] = paths
    for name, module in list(sys.modules.items()):
        if (getattr(module, "__file__", None) or "").startswith(folder):
            del sys.modules[name]
"""


@pytest.fixture(scope="module")
def endings(project, tmp_path_factory):
    """The last line of the project's tests for each of the mistakes."""
    arguments = []
    for number, (file, right, wrong, caught) in enumerate(MISTAKES):
        folder = new_project(tmp_path_factory.mktemp("wrong") / f"mine{number}")
        (folder / "weather.csv").write_bytes((project / "weather.csv").read_bytes())
        text = (folder / file).read_text(encoding="utf-8")
        assert text.count(right) == 1
        (folder / file).write_text(text.replace(right, wrong), encoding="utf-8")
        arguments += [str(folder), caught]
    # Last, a project without a mistake, which must not suffer from what the others left behind.
    arguments += [str(new_project(tmp_path_factory.mktemp("right") / "mine")), MISTAKES[0][3]]
    output = run(project, "-c", SEVERAL, *arguments).stdout
    lines = [line for line in output.splitlines() if line.endswith("s") and (" failed" in line or " passed" in line)]
    assert len(lines) == len(MISTAKES) + 1 and lines[-1].startswith("1 passed"), output
    return lines


@pytest.mark.parametrize("number", range(len(MISTAKES)), ids=[f"{each[3]}-{each[1].strip()}" for each in MISTAKES])
def test_a_mistake_is_caught(endings, number):
    assert endings[number].startswith("1 failed"), endings[number]


def test_nothing_is_overwritten(tmp_path):
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(FileExistsError, match="folder: wanted a new or an empty folder, got"):
        new_project(tmp_path)
    with pytest.raises(NotADirectoryError, match="got the file"):
        new_project(tmp_path / "notes.txt")
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


@pytest.mark.parametrize(
    "change, sentence",
    [
        (lambda table: table.drop(columns="wind"), "no column 'wind'"),
        (lambda table: table.iloc[::-1], "in order of 'date'"),
        (lambda table: table.replace({"wind": {4.7: None}}), "rows have gaps"),
        (lambda table: table[:40], "40 rows are too few for windows of 30 and a horizon of 1"),
    ],
)
def test_a_file_that_does_not_fit_is_refused_in_a_sentence(project, tmp_path, change, sentence):
    folder = new_project(tmp_path / "mine")
    change(pd.read_csv(project / "weather.csv")).to_csv(folder / "weather.csv", index=False)
    ended = run(folder, "-c", "import data; data.load()")
    assert ended.returncode == 1 and sentence in ended.stderr.splitlines()[-1]
