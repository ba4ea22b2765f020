"""17-alarms: wake words missed and false alarms, counted as a user would."""

import numpy as np

from lstm_course.results import wake_word
from lstm_course.tasks import speech

from ..edits import edit
from ..question import Mistake, Output, Question


def _cases(rng):
    def case(T, words, deaf, late, level=0.5):
        begins = np.sort(rng.choice(T // 8, words, replace=False)) * 8
        wakes = np.stack([begins, begins + rng.integers(2, 5, words)], axis=1)
        p = rng.choice([0.1, 0.3, 0.5, 0.7, 0.9], T, p=[0.5, 0.2, 0.12, 0.1, 0.08])
        return dict(p=p, level=level, wakes=wakes, deaf=deaf, late=late)

    p, wakes = np.array([0.1, 0.9, 0.9, 0.1, 0.1, 0.8, 0.1, 0.1, 0.5]), np.array([[0, 1], [7, 8]])
    small = dict(p=p, level=0.5, wakes=wakes, deaf=3, late=1)
    cases = [small, case(60, 4, 5, 2), case(90, 6, 3, 3), case(80, 5, 12, 1), case(64, 1, 7, 2, 0.95)]
    early = dict(p=np.repeat([0.8, 0.2], [1, 9]), level=0.5, wakes=np.array([[4, 5]]), deaf=2, late=1)
    return cases + [early, case(100, 8, 1, 2, 0.3), case(70, 5, 9, 0, 0.7), case(40, 3, 2, 3)]


def _by_the_run(p, level, wakes, deaf, late):
    stream = speech.Stream(np.zeros((len(p), 1)), wakes, np.zeros((0, 2), int))
    settings = wake_word.SETTINGS | {"deaf": deaf, "late": late}
    missed, per_hour, *_ = wake_word.judge(p, stream, level, settings)
    return round(missed * len(wakes)), round(per_hour * len(p) / speech.FRAMES_A_SECOND / 3600)


ALARMS = Question(
    id="17-alarms",
    name="count_alarms",
    points=3,
    outputs=(Output("missed", ()), Output("false", ())),
    cases=_cases,
    reference=_by_the_run,
    mistakes=(
        Mistake(
            "never deaf",
            "You count every frame above the level as an alarm. After an alarm, the device is deaf for `deaf` frames.",
            edit(" and t >= free", ""),
        ),
        Mistake(
            "deaf as long as it hears something",
            "Your device becomes deaf again at each frame above the level, even at one that raised no alarm. Only an "
            "alarm makes it deaf.",
            edit("if p[t] > level and t >= free:", "if p[t] > level and (t >= free or (free := t + deaf) < 0):"),
        ),
        Mistake(
            "never late",
            "You accept an alarm only up to the last frame of the word. It may come up to `late` frames after that.",
            edit("b + late for t in alarms", "b for t in alarms", "b + late for a, b in wakes", "b for a, b in wakes"),
        ),
        Mistake(
            "at the level",
            "An alarm is raised only *above* the level. You raise one at the level itself, too.",
            edit("p[t] > level", "p[t] >= level"),
        ),
        Mistake(
            "only one alarm for a word",
            "You count a second alarm within the same word as false. Both lie in the word's span, so neither is false.",
            edit("sum(not any(a <= t <= b + late for a, b in wakes) for t in alarms)", "len(alarms) - sum(heard)"),
        ),
        Mistake(
            "deaf for a frame too long",
            "Your device is deaf for one frame too long. After an alarm at frame t, the next can come at t + `deaf`.",
            edit("t >= free", "t > free", "alarms, free = [], 0", "alarms, free = [], -1"),
        ),
        Mistake(
            "the two numbers swapped",
            "You return the false alarms first. The words that were missed come first.",
            edit("return len(wakes) - sum(heard), false", "return false, len(wakes) - sum(heard)"),
        ),
        Mistake(
            "a share",
            "You return the share of the words that were missed. How many were missed?",
            edit("len(wakes) - sum(heard)", "1 - sum(heard) / len(wakes)"),
        ),
        Mistake(
            "heard words counted",
            "Your first number counts the words that were heard. How many were missed?",
            edit("len(wakes) - sum(heard)", "sum(heard)"),
        ),
    ),
    hints=(
        "Do it in two steps: first the frames at which an alarm is raised, without looking at the words.",
        "Go through the frames and remember the first one at which the device can hear again. Then check for each word "
        "whether an alarm lies in its span, and for each alarm whether it lies in any span.",
        "`if p[t] > level and t >= free: alarms.append(t); free = t + deaf`. A word from a to b is heard if "
        "`any(a <= t <= b + late for t in alarms)`; an alarm is false if it lies in no word's span.",
    ),
    explain_right="The lesson's curve shows these two numbers, as a share and per hour, with one point for each level.",
)
