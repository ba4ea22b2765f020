"""The line to type into: each change is answered, and the stored view needs no kernel."""

import ipywidgets
import pytest

from lstm_course.authoring.notebooks import WIDGET_VIEW
from lstm_course.explore import TypedText


def test_it_follows_the_text_and_the_controls():
    times = ipywidgets.IntSlider(1, min=1, max=3)
    typed = TypedText(lambda text, times: f"<b>{text.upper() * times}</b>", "ab", {"times": times})
    assert typed.html == "<b>AB</b>"
    typed.box.value, times.value = "c", 3
    assert typed.html == "<b>CCC</b>"


def test_only_the_last_characters_of_a_long_text_are_passed_on():
    seen = []
    typed = TypedText(lambda text: seen.append(text) or "", longest=4)
    typed.box.value = "a" * 10_000 + "xyz"
    assert seen == ["", "axyz"]
    assert len(typed._repr_mimebundle_()["text/html"]) < 100


@pytest.mark.parametrize(
    "error, shown", [(ValueError("<a>: wanted b"), ">&lt;a&gt;: wanted b<"), (KeyError(3), ">KeyError: 3<")]
)
def test_an_error_is_shown_and_the_next_text_is_answered_again(error, shown):
    def answer(text):
        if text == "bad":
            raise error
        return text

    typed = TypedText(answer, "bad")
    assert shown in typed.html
    typed.box.value = "good"
    assert typed.html == "good"


def test_without_a_kernel_text_and_answer_are_there():
    bundle = TypedText(lambda text: f"<i>{len(text)}</i>", "1 < 2", label="sum")._repr_mimebundle_()
    assert bundle["text/html"] == "<p>sum: <code>1 &lt; 2</code></p><i>5</i>"
    assert WIDGET_VIEW in bundle


def test_it_wants_a_function():
    with pytest.raises(ValueError, match="^answer: wanted a function of a text, got 'text'$"):
        TypedText("text")
