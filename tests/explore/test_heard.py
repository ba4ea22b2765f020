"""Sound, notes and curves as HTML, without a front end."""

import base64
import io
import re
import wave

import numpy as np

from lstm_course.explore import heard


def test_the_player_holds_the_sound():
    sound = np.sin(np.arange(800))
    page = heard.player(sound, 8000, "a <tone>")
    data = base64.b64decode(re.search("base64,([^']+)'", page)[1])
    with wave.open(io.BytesIO(data)) as file:
        assert (file.getframerate(), file.getnframes(), file.getsampwidth()) == (8000, 800, 1)
    assert "a &lt;tone&gt;" in page


def test_a_roll_has_a_bar_for_each_note_but_not_for_rests():
    page = heard.roll([(0, 1.0), (None, 1.0), (7, 2.0), (-5, 0.5)], opened=1)
    bars = re.findall(r"<rect x='([\d.]+)' y='(\d+)' width='([\d.]+)'", page)
    assert len(bars) == 3 and page.count("#999999") == 1
    heights = [int(y) for _, y, _ in bars]
    assert heights[1] < heights[0] < heights[2]  # higher notes stand higher
    assert float(bars[1][2]) > 1.9 * float(bars[0][2])
    assert "4 notes" in page and "No notes" in heard.roll([])


def test_curves_carry_their_names_at_each_peak():
    page = heard.curves([np.array([0.0, 1.0, 0.0]), np.array([0.5, 0.0, 0.7])], ["a", "<"], "Two curves.")
    assert page.count("<polyline") == 2 and page.count("&lt;") == 2 and "Two curves." in page
    assert abs(float(re.search(r"<text x='([\d.]+)'", page)[1]) - 350) < 1
