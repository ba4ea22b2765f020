"""The patient monitor on a page without a kernel: its numbers, its clock, and what the reader does to the patient."""

import numpy as np
import pytest
from a_monitor import ALL_EVENTS, a_monitor
from playwright.sync_api import expect
from small_pieces import SHOWN, set_in_model, show_with_model, state_of, text_of


@pytest.mark.parametrize("events", [[], *[[each] for each in ALL_EVENTS], ALL_EVENTS, [["weak", 4.0], ["early", 4.5]]])
def test_the_numbers_are_those_of_python(plain, events):
    plain.load("monitor_values.js")
    monitor = a_monitor(events=events, time=17)
    found = plain.page.evaluate(
        """patient => {
            const { x, places } = disturbed(patient, patient.events);
            const score = trailingMean(predictionErrors(patient, x), patient.window);
            const { rate, limits, threshold } = patient, now = patient.time * rate;
            const sounded = alarms(t => score[t] > threshold, now, rate), own = outcome(sounded, places, rate);
            const fixed = outcome(alarms(t => x[t] < limits[0] || x[t] > limits[1], now, rate), places, rate);
            return { x: [...x], score: [...score], places, sounded, own, fixed };
        }""",
        state_of(monitor),
    )
    values = monitor.values
    np.testing.assert_allclose(found["x"], values["pulse"], rtol=0, atol=1e-12)
    np.testing.assert_allclose(found["score"], values["score"], rtol=0, atol=1e-9)
    assert [(place["start"], place["end"]) for place in found["places"]] == values["places"]
    assert found["sounded"] == values["alarms"].tolist() and len(found["sounded"]) > 1
    for name, delays, false_alarms in (
        ("own", "delays", "false_alarms"),
        ("fixed", "limit_delays", "limit_false_alarms"),
    ):
        assert found[name]["delays"] == values[delays] and found[name]["falseAlarms"] == values[false_alarms]


def test_a_disturbance_of_a_stopped_patient_is_seen_at_once(plain):
    monitor = a_monitor(threshold=0.02)
    plain.show(monitor)
    before = plain.page.evaluate(SHOWN)
    button = plain.page.get_by_role("button", name="frozen sensor")
    button.focus()
    plain.page.keyboard.press("Enter")
    assert plain.states() == [state_of(monitor) | {"events": [["frozen", 8]], "time": 12}]
    assert plain.page.evaluate(SHOWN) != before
    expect(button).to_be_focused()
    monitor.events, monitor.time = [["frozen", 8]], 12
    (delay,) = monitor.values["delays"]
    expect(plain.page.locator(".sentence")).to_contain_text("Frozen sensor at 8.0\N{NO-BREAK SPACE}s: ")
    expect(plain.page.locator(".sentence")).to_contain_text(f"sounds after {delay:.2f}\N{NO-BREAK SPACE}s")
    expect(plain.page.get_by_role("status")).to_have_text(text_of(plain, ".sentence"))
    plain.page.get_by_role("button", name="Start again").click()
    assert plain.states() == [state_of(monitor) | {"events": [], "time": 8}]


def test_the_clock_runs_tells_python_now_and_then_and_stops(plain):
    plain.page.clock.install()
    show_with_model(plain, "patient_monitor.js", state_of(a_monitor()))
    play = plain.page.get_by_role("button", name="Run")
    play.click()
    plain.page.clock.run_for(3000)
    assert 10.5 <= plain.page.evaluate("model.get('time')") <= 11.1
    assert plain.page.evaluate("window.saved") <= 5
    plain.page.get_by_role("button", name="noise burst").click()
    plain.page.clock.run_for(1000)
    ((kind, time),) = plain.page.evaluate("model.get('events')")
    assert kind == "burst" and 10.9 <= time <= 11.2
    plain.page.get_by_role("button", name="Stop").click()
    stopped = plain.page.evaluate("model.get('time')")
    plain.page.clock.run_for(2000)
    assert plain.page.evaluate("model.get('time')") == stopped
    plain.page.get_by_role("button", name="Run").click()
    plain.page.clock.run_for(30_000)  # to the end of the recording, and no further
    assert plain.page.evaluate("model.get('time')") == 24
    expect(plain.page.get_by_role("button", name="Run")).to_have_attribute("aria-pressed", "false")
    expect(plain.page.locator(".sentence")).to_contain_text("start again")
    expect(plain.page.get_by_role("button", name="weak pulse")).to_have_attribute("aria-disabled", "true")
    plain.page.get_by_role("button", name="weak pulse").click(force=True)
    assert len(plain.page.evaluate("model.get('events')")) == 1


def test_a_clock_of_a_view_that_is_taken_away_stops(plain):
    plain.page.clock.install()
    show_with_model(plain, "patient_monitor.js", state_of(a_monitor()))
    plain.page.get_by_role("button", name="Run").click()
    plain.page.clock.run_for(500)
    plain.page.evaluate("end()")
    before = plain.page.evaluate("model.get('time')")
    plain.page.clock.run_for(5000)
    assert plain.page.evaluate("model.get('time')") == before


def test_the_threshold_moves_by_the_keyboard_and_what_python_sets_is_shown(plain):
    monitor = a_monitor(threshold=0.3)
    plain.show(monitor)
    slider = plain.page.get_by_role("slider", name="alarm threshold")
    slider.press("ArrowRight")
    slider.press("Shift+ArrowLeft")
    assert plain.states() == [state_of(monitor) | {"threshold": 0.282}]
    show_with_model(plain, "patient_monitor.js", state_of(monitor))
    set_in_model(plain, "threshold", "0.25")
    expect(plain.page.get_by_role("slider")).to_have_value("0.25")
    set_in_model(plain, "events", "[['weak', 3]]")
    expect(plain.page.locator(".sentence")).to_contain_text("Weak pulse at 3.0")


def test_bad_values_in_the_model_leave_what_was_shown(plain):
    state = state_of(a_monitor(events=[["frozen", 3.0]]))
    show_with_model(plain, "patient_monitor.js", state)
    before = plain.page.evaluate(SHOWN)
    bad = ["NaN", "null", "undefined", "'3'", "[[1]]", "{}", "-1"]
    more = {"events": ["[['asleep', 3]]", "[['frozen', 23]]"], "weights": ["[[1, 2]]"], "recording": ["[null]"]}
    for name in state:
        for value in [*bad, *more.get(name, [])]:
            set_in_model(plain, name, value)
            assert plain.page.evaluate(SHOWN) == before, (name, value)
        plain.page.evaluate("([name, value]) => model.set(name, value)", [name, state[name]])
