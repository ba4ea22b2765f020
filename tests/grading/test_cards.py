"""Cards: the HTML and the plain text say the same, in words, and nothing that a learner writes is taken for HTML."""

import dataclasses
import re
from html.parser import HTMLParser

import pytest

from lstm_course import lessons, questions
from lstm_course.grading.cards import HEADINGS, Card, Choices, plain
from lstm_course.grading.judge import Verdict

WRONG = Verdict(
    "99-gate",
    "wrong",
    0,
    2,
    "You *always* use `tanh(z) * 2`, **never** the sigmoid: a < b & c.",
    mistake="tanh instead of sigmoid",
    comparison=(("f[0, 1]", "-0.5", "0.25"),),
    call="x = np.array([[1.0]])\ngate(x)",
    printed="said <b>this</b>\n",
)
RIGHT = Verdict("99-gate", "right", 2, 2, "Each unit decides for itself.", printed="noise")
BLANK = Verdict("99-gate", "blank", 0, 2, "Not written yet.")


class Page(HTMLParser):
    """The elements and the text of a piece of HTML; complains of elements that are not closed."""

    EMPTY = ("br", "hr", "img")

    def __init__(self, html):
        super().__init__()
        self.open, self.elements, self.texts = [], [], []
        self.feed(html)
        self.close()
        assert not self.open, f"never closed: {self.open}"

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))
        if tag not in self.EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open and self.open.pop() == tag, f"</{tag}> closes nothing"

    def handle_data(self, data):
        self.texts.append(data)

    @property
    def text(self):
        return "".join(self.texts)

    def tags(self, name):
        return [attributes for tag, attributes in self.elements if tag == name]


def both(card):
    """The two forms of a card: plain text, and the text of its HTML."""
    return str(card), Page(card._repr_html_()).text


# --- what a card says -------------------------------------------------------------------------------------------


def test_both_forms_say_verdict_message_values_and_next_step():
    for form in both(Card(WRONG, hint=2)):
        assert "99-gate" in form
        assert "Not yet: tanh instead of sigmoid · 0 of 2 points" in form
        assert "You always use tanh(z) * 2, never the sigmoid: a < b & c." in form
        for value in ("f[0, 1]", "-0.5", "0.25", "gate(x)", "said <b>this</b>"):
            assert value in form
        assert "open hint 2" in form


def test_both_forms_of_a_right_answer():
    for form in both(Card(RIGHT)):
        assert "Right · 2 of 2 points" in form and "Each unit decides for itself." in form
        assert "lstm-course solution 99-gate" in form
        assert "noise" not in form and "hint" not in form


def test_both_forms_of_a_blank_are_kind_and_short():
    for form in both(Card(BLANK)):
        assert form.count("Not written yet") == 1
        assert "Write your answer in the cell above, run it, and run this cell again." in form
        assert "✗" not in form and "hint" not in form


@pytest.mark.parametrize("kind", sorted(HEADINGS))
def test_every_verdict_has_a_heading_in_words(kind):
    verdict = Verdict("99-gate", kind, 0, 1, "Because.")
    for form in both(Card(verdict, hint=1)):
        assert HEADINGS[kind][1] in form and "0 of 1 point" in form and "points" not in form


def test_the_note_about_an_outdated_copy_comes_last():
    for form in both(Card(WRONG, note="The exercises have changed; `lstm-course reset 99` fetches them.")):
        assert form.rstrip().endswith("The exercises have changed; lstm-course reset 99 fetches them.")


def test_a_front_end_without_html_shows_the_plain_form():
    assert repr(Card(WRONG)) == str(Card(WRONG))


# --- how a card is read -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("verdict", [WRONG, RIGHT, BLANK], ids=lambda verdict: verdict.verdict)
def test_a_screen_reader_finds_its_way(verdict):
    page = Page(Card(verdict, hint=1)._repr_html_())
    assert page.tags("section")[0]["aria-label"] == "Check of 99-gate"
    assert page.elements[0][0] == "section"
    # The tick is said by the words beside it.
    assert [span for span in page.tags("span") if span.get("aria-hidden") == "true"]
    assert all(head["scope"] in ("row", "col") for head in page.tags("th"))


def test_what_is_folded_can_be_opened_by_keyboard():
    """In JupyterLab a single key is a command, unless an element says that it wants it for itself."""
    page = Page(Card(WRONG, hint=1)._repr_html_())
    assert len(page.tags("summary")) == len(page.tags("details")) == 2
    assert all(summary.get("data-lm-suppress-shortcuts") == "true" for summary in page.tags("summary"))


def test_a_card_loads_nothing_and_runs_nothing():
    for card in (Card(WRONG, hint=1), Choices(CHOICE)):
        html = card._repr_html_()
        assert not re.search(r"https?:|url\(|src=|<script|\bon\w+=", html)


# --- what must not be taken for HTML ----------------------------------------------------------------------------

NASTY = "<script>alert(1)</script> & <img src=x onerror=alert(1)> \"quoted\" 'too' ]]> &lt;"


@pytest.mark.parametrize(
    "change",
    [
        dict(message=NASTY),
        dict(message=f"`{NASTY}`"),
        dict(printed=NASTY),
        dict(call=NASTY),
        dict(mistake=NASTY),
        dict(comparison=((NASTY, "1", "2"),)),
    ],
    ids=["message", "code in the message", "printed", "call", "mistake", "place"],
)
def test_whatever_a_learner_writes_is_text(change):
    page = Page(Card(dataclasses.replace(WRONG, **change), hint=1)._repr_html_())
    assert not page.tags("script") and not page.tags("img")
    assert NASTY in page.text


def test_a_note_is_text():
    page = Page(Card(WRONG, note=NASTY)._repr_html_())
    assert not page.tags("script") and NASTY in page.text


# --- marks ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "marked, text, html",
    [
        ("use `tanh`", "use tanh", "use <code>tanh</code>"),
        ("**not** this", "not this", "<strong>not</strong> this"),
        ("an *important* word", "an important word", "an <em>important</em> word"),
        # A star that multiplies is no mark.
        ("`h = o * tanh(c)`", "h = o * tanh(c)", "<code>h = o * tanh(c)</code>"),
        ("`f * c` and `i * g`", "f * c and i * g", "<code>f * c</code> and <code>i * g</code>"),
        ("c' = f * c + i * g", "c' = f * c + i * g", "c' = f * c + i * g"),
        (
            "`1 - g**2` or `1 - c**2`",
            "1 - g**2 or 1 - c**2",
            "<code>1 - g**2</code> or <code>1 - c**2</code>",
        ),
        ("`i*(1-i)*f*(1-f)`", "i*(1-i)*f*(1-f)", "<code>i*(1-i)*f*(1-f)</code>"),
        ("`f(*args, **more)`", "f(*args, **more)", "<code>f(*args, **more)</code>"),
        ("1 < 2 & 3", "1 < 2 & 3", "1 &lt; 2 &amp; 3"),
        ("`a < b`", "a < b", "<code>a &lt; b</code>"),
        ("a lonely ` or *", "a lonely ` or *", "a lonely ` or *"),
    ],
)
def test_marks_are_replaced_and_products_are_kept(marked, text, html):
    assert plain(marked) == text
    shown = Card(dataclasses.replace(WRONG, message=marked))._repr_html_()
    assert f'<p style="margin: 0.4em 0">{html}</p>' in shown


def every_text():
    for lesson in lessons.LESSONS:
        for question in questions.of_lesson(lesson):
            if isinstance(question, questions.Choice):
                yield question.id, question.text
                for letter, option in question.options.items():
                    yield f"{question.id} {letter}", f"{option.text} {option.why}"
            else:
                yield question.id, question.explain_right
                for mistake in question.mistakes:
                    yield f"{question.id}, {mistake.name}", mistake.message


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in every_text()])
def test_no_mark_is_left_over_in_the_texts_of_the_course(text):
    said = plain(text)
    assert "`" not in said
    outside = re.sub(r"`[^`]*`", "", text)
    assert "**" not in plain(outside), "a power outside of code would make words bold"
    assert Page(Card(dataclasses.replace(WRONG, message=text))._repr_html_()).text.count(said) == 1


# --- choices to think about -------------------------------------------------------------------------------------

CHOICE = questions.Choice(
    id="99-predict",
    text="Is 1 < 2, and `f * c` *small*?",
    options={
        "a": questions.Option("yes & no", "Half of it: <b>look</b> again."),
        "b": questions.Option("yes", "Yes: both."),
        "c": questions.Option("no", "Both are."),
    },
    right="b",
)


def test_a_choice_gives_each_answer_with_its_reason_folded():
    page = Page(Choices(CHOICE)._repr_html_())
    assert len(page.tags("details")) == 3 and not any("open" in details for details in page.tags("details"))
    assert all(summary.get("data-lm-suppress-shortcuts") == "true" for summary in page.tags("summary"))
    assert "Is 1 < 2, and f * c small?" in page.text and not page.tags("b")
    for option in CHOICE.options.values():
        assert option.text in page.text and option.why in page.text
    assert page.text.count("✗ No.") == 2 and page.text.count("✓") == 1


def test_a_choice_in_plain_text_does_not_give_itself_away():
    said = str(Choices(CHOICE))
    assert said.splitlines() == ["Is 1 < 2, and f * c small?", "  a) yes & no", "  b) yes", "  c) no"]
    assert repr(Choices(CHOICE)) == said
