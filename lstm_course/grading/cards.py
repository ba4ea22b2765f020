"""Cards for learners: a verdict, or the options of a multiple-choice question, as HTML and as plain text.

Both forms say everything in words, so nothing depends on the colours, which follow the front end's theme.
"""

import html
import re

# While the focus is in a cell's output, JupyterLab treats single keys as commands. This leaves Enter and the space bar
# to the focused element.
KEEP_KEYS = 'data-lm-suppress-shortcuts="true"'

HEADINGS = {
    "right": ("✓", "Right"),
    "wrong": ("✗", "Not yet"),
    "blank": ("○", "Not written yet"),
    "error": ("✗", "Not yet: it raised an error"),
    "form": ("✗", "Not yet: it is not what was asked for"),
    "slow": ("✗", "Not yet: it took too long"),
    "crashed": ("✗", "Not yet: it ended the process"),
    "borrowed": ("✗", "Right values, but not your own code"),
    "unjudged": ("?", "Could not be judged"),
}
COLOURS = {"right": "#009E73", "blank": "#777777", "unjudged": "#777777"}  # all others are the palette's vermilion
OTHER_COLOUR = "#D55E00"


class Card:
    """The card of a verdict.

    Parameters
    ----------
    verdict : Verdict
    hint : int
        Number of the hint to open next; 0 for none.
    note : str
        A sentence about the exercise as a whole.
    """

    def __init__(self, verdict, hint=0, note=""):
        self.verdict, self.note = verdict, note
        self.next_step = _next_step(verdict, hint)

    @property
    def heading(self):
        """The first line of the card, without its symbol."""
        verdict = self.verdict
        points = f" · {verdict.earned} of {verdict.possible} point{'s' * (verdict.possible != 1)}"
        mistake = f": {verdict.mistake}" if verdict.mistake else ""
        return HEADINGS[verdict.verdict][1] + mistake + points

    @property
    def folded(self):
        """The details that can be opened, as pairs of a summary and a text."""
        verdict = self.verdict
        details = (("A call that shows it", verdict.call), ("What your code printed", verdict.printed))
        return [] if verdict.right else [(summary, text) for summary, text in details if text]

    def __str__(self):
        verdict = self.verdict
        lines = [f"{HEADINGS[verdict.verdict][0]} {verdict.question}: {self.heading}"]
        if verdict.verdict != "blank":
            lines.append(plain(verdict.message))
        lines += [f"  {entry}: yours {value}, wanted {wanted}" for entry, value, wanted in verdict.comparison]
        for summary, text in self.folded:
            lines += [f"{summary}:", *(f"  {line}" for line in text.rstrip().splitlines())]
        lines += [plain(text) for text in (self.next_step, self.note) if text]
        return "\n".join(lines)

    __repr__ = __str__  # a front end without HTML shows this

    def _repr_html_(self):
        verdict = self.verdict
        colour, question = COLOURS.get(verdict.verdict, OTHER_COLOUR), html.escape(verdict.question)
        symbol = HEADINGS[verdict.verdict][0]
        parts = [
            f'<section aria-label="Check of {question}" style="border-left: 0.4em solid {colour}; '
            'padding: 0.4em 1em; margin: 0.4em 0; max-width: 46em">',
            f'<p style="margin: 0.2em 0"><strong><span aria-hidden="true">{symbol}</span> {inline(self.heading)}'
            f"</strong> <span style='opacity: 0.75'>{question}</span></p>",
        ]
        if verdict.verdict != "blank":
            parts.append(f'<p style="margin: 0.4em 0">{inline(verdict.message)}</p>')
        if verdict.comparison:
            rows = "".join(
                f'<tr><th scope="row" style="text-align: left"><code>{html.escape(entry)}</code></th>'
                f"<td>{html.escape(value)}</td><td>{html.escape(wanted)}</td></tr>"
                for entry, value, wanted in verdict.comparison
            )
            parts.append(
                '<table style="margin: 0.4em 0"><thead><tr><th scope="col" style="text-align: left">entry</th>'
                f'<th scope="col">yours</th><th scope="col">wanted</th></tr></thead><tbody>{rows}</tbody></table>'
            )
        for summary, text in self.folded:
            parts.append(
                f'<details style="margin: 0.4em 0"><summary {KEEP_KEYS} style="cursor: pointer; min-height: 24px">'
                f'{summary}</summary><pre tabindex="0">{html.escape(text)}</pre></details>'
            )
        parts += [f'<p style="margin: 0.4em 0">{inline(text)}</p>' for text in (self.next_step, self.note) if text]
        return "".join(parts) + "</section>"


class Choices:
    """A multiple-choice question to think about; each option opens to show whether it is right, and why.

    Parameters
    ----------
    choice : Choice
    """

    def __init__(self, choice):
        self.choice = choice

    def __str__(self):
        options = [f"  {letter}) {plain(option.text)}" for letter, option in self.choice.options.items()]
        return "\n".join([plain(self.choice.text), *options])

    __repr__ = __str__

    def _repr_html_(self):
        options = "".join(
            f'<details style="margin: 0.3em 0"><summary {KEEP_KEYS} style="cursor: pointer; min-height: 24px">'
            f"<strong>{letter})</strong> {inline(option.text)}</summary>"
            f'<p style="margin: 0.2em 0 0.6em 1.6em">{self._explanation(letter)}</p></details>'
            for letter, option in self.choice.options.items()
        )
        return (
            f'<section aria-label="A question to think about" style="border-left: 0.4em solid #0072B2; '
            f'padding: 0.4em 1em; margin: 0.4em 0; max-width: 46em"><p style="margin: 0.2em 0">'
            f"{inline(self.choice.text)} <em>Open the answer you would give.</em></p>{options}</section>"
        )

    def _explanation(self, letter):
        verdict = "✓" if letter == self.choice.right else "✗ No."  # the reason for the right one begins with Yes
        return f"<strong>{verdict}</strong> {inline(self.choice.options[letter].why)}"


def plain(text):
    """Markdown without its markup, for terminals and screen readers; code is left unchanged."""
    return _marked(text, code=r"\1", strong=r"\1", emphasis=r"\1")


def inline(text):
    """HTML for one paragraph with `code`, **strong** and *emphasis*."""
    text = html.escape(text, quote=False)
    return _marked(text, code=r"<code>\1</code>", strong=r"<strong>\1</strong>", emphasis=r"<em>\1</em>")


def _marked(text, code, strong, emphasis):
    """The text with each kind of markup replaced; a star within code, or with a space on either side, is a product."""
    parts = re.split(r"(`[^`]+`)", text)
    for k, part in enumerate(parts):
        if part.startswith("`"):
            parts[k] = re.sub(r"^`(.*)`$", code, part)
        else:
            part = re.sub(r"\*\*(?=\S)([^*]+)(?<=\S)\*\*", strong, part)
            parts[k] = re.sub(r"(?<![\w*])\*(?=\S)([^*]+)(?<=\S)\*(?![\w*])", emphasis, part)
    return "".join(parts)


def _next_step(verdict, hint):
    if verdict.verdict == "right":
        return f"To compare yours with the course's own answer, run `lstm-course solution {verdict.question}`."
    if verdict.verdict == "blank":
        return "Write your answer in the cell above, run it, and run this cell again."
    return f"If you are stuck, open hint {hint} below." if hint else ""
