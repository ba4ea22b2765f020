"""Reads ``choices.md``, the multiple-choice questions and predictions of a lesson.

The file is Markdown that can be read on its own. The text before the first ``##`` is for editors and is ignored. Each
question then looks like this, in the order in which they are asked::

    ## 04-main-role

    - name: main_role
    - points: 1

    What is the main role of the **cell state**?

    - [ ] a. It decides which inputs are important.
      > Deciding is what the gates do.
    - [x] b. It carries information along the sequence.
      > Yes. It stays as it is unless a gate says otherwise.

    ### Hints

    1. Which parts of the cell still know what happened long ago?
    2. Which quantity is handed on as it is?
    3. It is the quantity on both sides of the equation.

``[x]`` marks the right answer, of which there is exactly one. The quotation under an answer is shown to readers who
chose it. A prediction has no name, no points and no hints. A line without any of these marks continues the previous
line.
"""

import re
from pathlib import Path

from .question import Choice, Option

SETTING = re.compile(r"- (name|points): *(.*)$")
OPTION = re.compile(r"- \[(.?)\] *(.*)$")
LETTER = re.compile(r"([a-z])\. *(.*)$")
HINT = re.compile(r"\d+\. +(.*)$")
HINTS = 3
ANSWER_FORM = "an answer must begin with '- [ ]', or with '- [x]' if it is the right one"


class UnreadableChoices(ValueError):
    """Raised for a file that does not have the form above; the message names the file, the line and the reason."""


def read_choices(path, number):
    """Read the multiple-choice questions and predictions of a lesson.

    Parameters
    ----------
    path : path
        A ``choices.md``.
    number : str
        The number of the lesson, such as ``"04"``, with which every id begins.

    Returns
    -------
    dict of str to Choice
        The questions by id, in the order of the file.

    Raises
    ------
    UnreadableChoices
        If the file does not have the form that is described above.
    OSError
        If the file cannot be read.
    """
    path = Path(path)
    sections, section = {}, None
    for line, text in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if text.startswith("## "):
            section = _Section(path, line, text[3:].strip(), number)
            if section.id in sections:
                raise section.wrong(f"{section.id!r} is already used in line {sections[section.id].line}")
            sections[section.id] = section
        elif section is not None:
            section.add(line, text.rstrip())
    return {section.id: section.choice() for section in sections.values()}


def _letter(k):
    return chr(ord("a") + k)


class _Section:
    """The part of a file with one question, which is filled line by line."""

    def __init__(self, path, line, name, number):
        self.path, self.line, self.id = path, line, name
        self.text, self.settings, self.hints, self.options = [], {}, [], []
        self.in_hints = False
        if not re.fullmatch(rf"{re.escape(number)}(-[a-z0-9]+)+", name):
            raise self.wrong(f"the id {name!r} does not have the form '{number}-some-words', with small letters")

    def wrong(self, reason, line=None):
        return UnreadableChoices(f"{self.path.parent.name}/{self.path.name}, line {line or self.line}: {reason}")

    def add(self, line, text):
        if text.startswith("#"):
            if text != "### Hints":
                raise self.wrong(f"the heading {text!r} is not allowed here; wanted '### Hints' or '## id'", line)
            self.in_hints = True
        elif self.in_hints:
            self._add_hint(line, text)
        elif match := OPTION.match(text):
            self._add_option(line, match[1], match[2])
        elif self.options:
            self._add_to_option(line, text)
        elif not any(self.text) and (match := SETTING.match(text)):
            self.settings[match[1]] = line, match[2].strip()
        else:
            self.text.append(text)

    def _add_hint(self, line, text):
        if match := HINT.match(text):
            self.hints.append(match[1])
        elif text and not self.hints:
            raise self.wrong(f"a hint must begin with its number, as in '1. {text.strip()}'", line)
        elif text:
            self.hints[-1] += " " + text.strip()

    def _add_option(self, line, mark, text):
        letter, match = _letter(len(self.options)), LETTER.match(text)
        if mark not in (" ", "x", "X"):
            raise self.wrong(f"{ANSWER_FORM}, not with '- [{mark}]'", line)
        if not match or match[1] != letter:
            raise self.wrong(f"wanted the letter {letter!r} here, as in '- [{mark}] {letter}. ...'", line)
        self.options.append({"line": line, "right": mark != " ", "text": match[2], "why": ""})

    def _add_to_option(self, line, text):
        option, text = self.options[-1], text.strip()
        if text.startswith("- "):
            raise self.wrong(ANSWER_FORM, line)
        part = "why" if text.startswith(">") or option["why"] else "text"
        option[part] = f"{option[part]} {text.removeprefix('>').strip()}".strip()

    def choice(self):
        """The question, once all of its lines have been added."""
        text = "\n".join(self.text).strip()
        if not text:
            raise self.wrong(f"{self.id} has no text; wanted a question between its heading and its answers")
        self._check_options()
        name, points = self._name_and_points()
        options, right = {}, ""
        for k, option in enumerate(self.options):
            letter = _letter(k)
            options[letter] = Option(option["text"], option["why"])
            right = letter if option["right"] else right
        return Choice(self.id, text, options, right, name, points, tuple(self.hints))

    def _check_options(self):
        if len(self.options) < 2:
            raise self.wrong(f"{self.id} has fewer than two answers to choose from")
        for k, option in enumerate(self.options):
            for part, description in (("text", "text"), ("why", "reason; wanted a line '  > ...' under it")):
                if not option[part]:
                    raise self.wrong(f"answer {_letter(k)} of {self.id} has no {description}", option["line"])
        right = [option["line"] for option in self.options if option["right"]]
        if not right:
            raise self.wrong(f"{self.id} has no right answer; mark one with '- [x]'")
        if len(right) > 1:
            raise self.wrong(
                f"{self.id} already has a right answer in line {right[0]}; only one can be right", right[1]
            )

    def _name_and_points(self):
        """Name and points; an empty string and 0 for a prediction."""
        line, points = self.settings.get("points", (self.line, "0"))
        if not re.fullmatch(r"\d{1,3}", points):
            raise self.wrong(f"points must be a whole number, not {points!r}", line)
        line, name = self.settings.get("name", (self.line, ""))
        if int(points) and not name.isidentifier():
            raise self.wrong(f"{self.id} has points, so it needs '- name: ...' with a Python name; got {name!r}", line)
        if int(points) and len(self.hints) != HINTS:
            raise self.wrong(f"{self.id} has points, so it needs {HINTS} hints; got {len(self.hints)}")
        if not int(points) and (name or self.hints):
            raise self.wrong(f"{self.id} has a name or hints, so it needs points, as in '- points: 1'", line)
        return name, int(points)
