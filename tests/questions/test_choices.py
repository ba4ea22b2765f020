"""Reading ``choices.md``, and the messages about files that cannot be read."""

import os
import shutil
import subprocess
import sys

import pytest

from lstm_course import lessons
from lstm_course.questions import Choice, Option, read_choices

GOOD = """# Choices

What stands here is for whoever edits the file: - [x] not read.

## 04-main-role

- name: main_role
- points: 1

What is it **for**?

- one thing
- another

Say which.

- [ ] a. The first,
  which goes on.
  > Not this
  > one.
- [x] b. The second: $c_t$ [sic].
  > Yes.

### Hints

1. One,
   which goes on.
2. Two.
3. Three.

## 04-predict-it

And then?

- [x] a. This.
  > Yes: > 0.
- [ ] b. That.
  > No.
"""


@pytest.fixture
def read(tmp_path):
    def read(text):
        folder = tmp_path / "gates"
        folder.mkdir(exist_ok=True)
        (folder / "choices.md").write_text(text, encoding="utf-8")
        return read_choices(folder / "choices.md", "04")

    return read


def test_a_file_becomes_its_choices_in_order(read):
    asked = Choice(
        id="04-main-role",
        name="main_role",
        points=1,
        text="What is it **for**?\n\n- one thing\n- another\n\nSay which.",
        options={
            "a": Option("The first, which goes on.", "Not this one."),
            "b": Option("The second: $c_t$ [sic].", "Yes."),
        },
        right="b",
        hints=("One, which goes on.", "Two.", "Three."),
    )
    options = {"a": Option("This.", "Yes: > 0."), "b": Option("That.", "No.")}
    prediction = Choice(id="04-predict-it", text="And then?", options=options, right="a")
    assert list(read(GOOD).values()) == [asked, prediction]
    assert list(read(GOOD)) == ["04-main-role", "04-predict-it"]


def test_a_file_without_questions_has_none(read):
    assert read("# Choices\n\nNone yet.\n") == {}


@pytest.mark.parametrize(
    "old, new, line, reason",
    [
        ("- [x] b.", "- [ ] b.", 5, "04-main-role has no right answer; mark one with '- [x]'"),
        (
            "- [ ] a. The",
            "- [x] a. The",
            21,
            "04-main-role already has a right answer in line 17; only one can be right",
        ),
        ("  > Yes.\n", "", 21, "answer b of 04-main-role has no reason; wanted a line '  > ...' under it"),
        ("The second: $c_t$ [sic].", "", 21, "answer b of 04-main-role has no text"),
        ("## 04-main-role", "## 05-main-role", 5, "the id '05-main-role' does not have the form '04-some-words'"),
        ("## 04-main-role", "## 04_main_role", 5, "the id '04_main_role' does not have the form"),
        ("## 04-main-role", "## Main role", 5, "the id 'Main role' does not have the form"),
        ("## 04-predict-it", "## 04-main-role", 31, "'04-main-role' is already used in line 5"),
        ("- [x] b.", "- [x] c.", 21, "wanted the letter 'b' here, as in '- [x] b. ...'"),
        ("- [x] b.", "- [x]", 21, "wanted the letter 'b' here"),
        (
            "- [x] b.",
            "- [*] b.",
            21,
            "an answer must begin with '- [ ]', or with '- [x]' if it is the right one, not",
        ),
        ("- [x] b.", "- b.", 21, "an answer must begin with '- [ ]', or with '- [x]' if it is the right one"),
        ("points: 1", "points: one", 8, "points must be a whole number, not 'one'"),
        (
            "main_role\n- points",
            "main role\n- points",
            7,
            "04-main-role has points, so it needs '- name: ...' with a Python name; got 'main role'",
        ),
        ("- name: main_role\n", "", 5, "04-main-role has points, so it needs '- name: ...' with a Python name; got ''"),
        ("- points: 1\n", "", 7, "04-main-role has a name or hints, so it needs points, as in '- points: 1'"),
        ("3. Three.\n", "", 5, "04-main-role has points, so it needs 3 hints; got 2"),
        ("1. One,", "One,", 26, "a hint must begin with its number, as in '1. One,'"),
        ("### Hints", "### Hint", 24, "the heading '### Hint' is not allowed here"),
        ("And then?", "", 31, "04-predict-it has no text"),
        ("- [ ] b. That.\n  > No.\n", "", 31, "04-predict-it has fewer than two answers to choose from"),
    ],
)
def test_a_problem_is_reported_with_its_line(old, new, line, reason, read):
    assert GOOD.count(old) == 1
    with pytest.raises(ValueError) as problem:
        read(GOOD.replace(old, new))
    message = str(problem.value)
    assert message.startswith(f"gates/choices.md, line {line}: ") and reason in message
    assert "\n" not in message


def test_line_ends_of_windows_make_no_difference(read, tmp_path):
    wanted = read(GOOD)
    (tmp_path / "gates" / "choices.md").write_bytes(GOOD.replace("\n", "\r\n").encode())
    assert read_choices(tmp_path / "gates" / "choices.md", "04") == wanted


@pytest.mark.slow
def test_the_command_says_what_is_wrong_in_one_sentence(tmp_path):
    for folder in ("lstm_course", "solutions"):
        shutil.copytree(lessons.course_root() / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    path = tmp_path / "lstm_course" / "questions" / "primer" / "choices.md"
    path.write_text(path.read_text(encoding="utf-8").replace("- [x]", "- [ ]", 1), encoding="utf-8")
    command = [sys.executable, "-m", "lstm_course.cli", "build", "--check"]
    environment = os.environ | {"PYTHONPATH": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert done.returncode and " ".join(done.stderr.split()).startswith("primer/choices.md, line 5: ")
    assert "has no right answer" in done.stderr and "Traceback" not in done.stderr
