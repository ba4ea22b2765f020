"""The box to type into."""

import ipywidgets

from lstm_course.explore import TypedText


def test_it_follows_the_text_and_the_controls():
    times = ipywidgets.IntSlider(1, min=1, max=3)
    typed = TypedText(lambda text, times: f"<b>{text.upper() * times}</b>", "ab", {"times": times})
    assert typed.html == "<b>AB</b>"
    typed.box.value, times.value = "c", 3
    assert typed.html == "<b>CCC</b>"


def test_readers_without_a_kernel_see_the_last_text():
    typed = TypedText(lambda text: f"<i>{len(text)}</i>", "<script>")
    shown = typed._repr_mimebundle_()
    assert "<i>8</i>" in shown["text/html"] and "&lt;script&gt;" in shown["text/html"]
    assert "application/vnd.jupyter.widget-view+json" in shown


def test_long_texts_are_cut_and_errors_are_shown():
    def answer(text):
        if text == "bad":
            raise ValueError("<too bad>")
        return str(len(text))

    typed = TypedText(answer, "")
    typed.box.value = "x" * 10_000
    assert typed.html == "400"
    typed.box.value = "bad"
    assert "&lt;too bad&gt;" in typed.html
