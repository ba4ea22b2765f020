"""A text field and its answer: each change is answered, and the stored view needs no kernel."""

import pytest

from lstm_course.authoring.notebooks import WIDGET_VIEW
from lstm_course.explore.typed import LONGEST, Typed


def test_each_change_is_answered_with_the_last_characters():
    seen = []
    typed = Typed(lambda text: seen.append(text) or f"<i>{len(text)}</i>", "one")
    for text in ("", "a" * 2 * LONGEST + "z", "<b>ö\n"):
        typed.field.value = text
    assert seen[:2] == ["one", ""] and seen[2] == "a" * (LONGEST - 1) + "z"
    assert typed.shown.value == f"<i>{len(typed.field.value)}</i>"


def test_the_stored_view_holds_text_and_answer():
    bundle = Typed(lambda text: "<i>answer</i>", "1 < 2", "sum")._repr_mimebundle_()
    assert bundle["text/html"] == "<p>sum: <code>1 &lt; 2</code></p><i>answer</i>"
    assert WIDGET_VIEW in bundle


def test_it_wants_a_function():
    with pytest.raises(ValueError, match="^answer: wanted a function"):
        Typed("text")
