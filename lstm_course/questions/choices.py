"""Reading ``choices.md``: the questions of a lesson that offer answers to choose from.

The file is Markdown that is nice to read on its own. What stands before its first ``##`` is for whoever edits it. Then
comes, for each question, in the order in which they are asked::

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

``[x]`` marks the one right answer, and what is quoted under an answer is said to whoever chose it. A prediction has
neither name nor points nor hints. A line that begins with none of these marks carries on the one before it.
"""

import re
from pathlib import Path

from .question import Choice, Option

SETTING = re.compile(r"- (name|points): *(.*)$")
OPTION = re.compile(r"- \[(.?)\] *(.*)$")
LETTER = re.compile(r"([a-z])\. *(.*)$")
HINT = re.compile(r"\d+\. +(.*)$")
HINTS = 3


class UnreadableChoices(ValueError):
    """A file that is not as described above; the message names the file, the line and what is wrong."""


def read_choices(path, number):
    """The choices of a lesson.

    Parameters
    ----------
    path : path
        A ``choices.md``.
    number : str
        Of the lesson, with which every id begins: ``"04"``.

    Returns
    -------
    dict of str to Choice
        By id, in the order of the file.

    Raises
    ------
    UnreadableChoices
        If something in the file is not as described above.
    OSError
        If the file cannot be read.
    """
    path = Path(path)
    sections, section = {}, None
    for line, text in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if text.startswith("## "):
            section = _Section(path, line, text[3:].strip(), number)
            if section.id in sections:
                raise section.wrong(f"{section.id!r} is there already, in line {sections[section.id].line}")
            sections[section.id] = section
        elif section is not None:
            section.add(line, text.rstrip())
    return {section.id: section.choice() for section in sections.values()}


class _Section:
    """One question while it is read."""

    def __init__(self, path, line, name, number):
        self.path, self.line, self.id = path, line, name
        self.text, self.settings, self.hints, self.options = [], {}, [], []
        self.in_hints = False
        if not re.fullmatch(rf"{re.escape(number)}(-[a-z0-9]+)+", name):
            raise self.wrong(f"the id {name!r} is not like '{number}-some-words', in small letters with hyphens")

    def wrong(self, reason, line=None):
        return UnreadableChoices(f"{self.path.parent.name}/{self.path.name}, line {line or self.line}: {reason}")

    def add(self, line, text):
        if text.startswith("#"):
            if text != "### Hints":
                raise self.wrong(f"the heading {text!r} has no place here; wanted '### Hints' or '## id'", line)
            self.in_hints = True
        elif self.in_hints:
            self._add_hint(line, text)
        elif found := OPTION.match(text):
            self._add_option(line, found[1], found[2])
        elif self.options:
            self._add_to_option(line, text)
        elif not any(self.text) and (found := SETTING.match(text)):
            self.settings[found[1]] = line, found[2].strip()
        else:
            self.text.append(text)

    def _add_hint(self, line, text):
        if found := HINT.match(text):
            self.hints.append(found[1])
        elif text and not self.hints:
            raise self.wrong(f"a hint begins with its number, as in '1. {text.strip()}'", line)
        elif text:
            self.hints[-1] += " " + text.strip()

    def _add_option(self, line, mark, text):
        wanted, found = chr(ord("a") + len(self.options)), LETTER.match(text)
        if mark not in (" ", "x", "X"):
            raise self.wrong(
                f"an answer begins with '- [ ]', or '- [x]' if it is the right one, not '- [{mark}]'", line
            )
        if not found or found[1] != wanted:
            raise self.wrong(f"wanted the letter {wanted!r} here, as in '- [{mark}] {wanted}. ...'", line)
        self.options.append({"line": line, "right": mark != " ", "text": found[2], "why": ""})

    def _add_to_option(self, line, text):
        option, text = self.options[-1], text.strip()
        if text.startswith("- "):
            raise self.wrong("an answer begins with '- [ ]', or '- [x]' if it is the right one", line)
        part = "why" if text.startswith(">") or option["why"] else "text"
        option[part] = f"{option[part]} {text.removeprefix('>').strip()}".strip()

    def choice(self):
        """The question, once all of its lines are known."""
        text = "\n".join(self.text).strip()
        if not text:
            raise self.wrong(f"{self.id} asks nothing; wanted a question between its heading and its answers")
        self._check_options()
        name, points = self._scored()
        options, right = {}, ""
        for k, option in enumerate(self.options):
            letter = chr(ord("a") + k)
            options[letter] = Option(option["text"], option["why"])
            right = letter if option["right"] else right
        return Choice(self.id, text, options, right, name, points, tuple(self.hints))

    def _check_options(self):
        if len(self.options) < 2:
            raise self.wrong(f"{self.id} has {len(self.options)} answers to choose from; wanted at least two")
        for k, option in enumerate(self.options):
            for part, called in (("text", "text"), ("why", "reason, in a line '  > ...' under it")):
                if not option[part]:
                    raise self.wrong(f"answer {chr(ord('a') + k)} of {self.id} has no {called}", option["line"])
        right = [option["line"] for option in self.options if option["right"]]
        if not right:
            raise self.wrong(f"{self.id} has no right answer; mark one with '- [x]'")
        if len(right) > 1:
            raise self.wrong(f"{self.id} has a right answer in line {right[0]} already; wanted one '- [x]'", right[1])

    def _scored(self):
        """Name and points, or an empty string and 0 for a prediction."""
        line, points = self.settings.get("points", (self.line, "0"))
        if not re.fullmatch(r"\d{1,3}", points):
            raise self.wrong(f"points are a whole number, not {points!r}", line)
        line, name = self.settings.get("name", (self.line, ""))
        if int(points) and not name.isidentifier():
            raise self.wrong(f"{self.id} gives points; wanted '- name: ...', a name for the answer, got {name!r}", line)
        if int(points) and len(self.hints) != HINTS:
            raise self.wrong(f"{self.id} gives points and has {len(self.hints)} hints; wanted {HINTS}")
        if not int(points) and (name or self.hints):
            raise self.wrong(f"{self.id} has no points, and then neither a name nor hints; wanted '- points: 1'", line)
        return name, int(points)
