"""Simulated patients, in whom an early symptom decides whether a pattern hours later is an emergency.

A patient is watched for 24 hours, with four measurements every quarter of an hour: heart rate, blood pressure,
temperature and breathing rate, in standard deviations from the patient's usual values. Between hours 1 and 10, the
temperature and the breathing rate rise for a while, one after the other. In the patients at risk the temperature rises
first; in the others, the breathing rate. Between hours 13 and 22, once or twice, the heart rate climbs while the blood
pressure falls. In a patient at risk, this pattern is an emergency; in the others it is harmless. The pattern itself
looks the same in both.

Nothing here is medicine. It is a puzzle whose answer we know.
"""

from typing import NamedTuple

import numpy as np

from ..scratch import arguments
from . import common

STEPS, SIGNS, STEPS_AN_HOUR = 96, ("heart rate", "blood pressure", "temperature", "breathing rate"), 4
HEART, PRESSURE, TEMPERATURE, BREATHING = range(4)


class Patients(NamedTuple):
    """What `patients` returns, for N patients.

    Attributes
    ----------
    x : (N, 96, 4) array of float32
    at_risk : (N,) array of bool
    pattern : (N, 96) array of bool
        True at the step at which a pattern is complete: this is where the question is asked.
    symptom : (N,) array of int
        The step at which the first of the two rises begins.
    """

    x: np.ndarray
    at_risk: np.ndarray
    pattern: np.ndarray
    symptom: np.ndarray


def patients(count, seed):
    """Draw patients, half of them at risk on average.

    Parameters
    ----------
    count : int
    seed : int or numpy.random.Generator

    Returns
    -------
    Patients

    Raises
    ------
    ValueError
        If an argument is not as described.
    """
    N, rng = arguments.size("count", count), common.generator(seed)
    x = np.zeros((N, STEPS, 4))
    for t in range(1, STEPS):
        x[:, t] = 0.7 * x[:, t - 1] + rng.normal(0, 0.35, (N, 4))
    hours = np.arange(STEPS) / STEPS_AN_HOUR
    x += rng.normal(0, 0.3, (N, 1, 4)) + 0.4 * np.sin(2 * np.pi * hours / 24)[:, None]
    at_risk, pattern = rng.random(N) < 0.5, np.zeros((N, STEPS), bool)
    symptom = rng.integers(4, 40, N)
    for n, (start, risk) in enumerate(zip(symptom, at_risk, strict=True)):
        first, second = (TEMPERATURE, BREATHING) if risk else (BREATHING, TEMPERATURE)
        x[n, start : start + 3, first] += 3.5
        x[n, start + 4 : start + 7, second] += 3.5
        for at in rng.choice(np.arange(52, 88, 12), rng.integers(1, 3), replace=False) + rng.integers(0, 6):
            x[n, at : at + 5, HEART] += (1, 2, 3, 3, 2)
            x[n, at : at + 5, PRESSURE] -= (0, 1, 2, 3, 3)
            pattern[n, at + 4] = True
    return Patients(x.astype(np.float32), at_risk, pattern, symptom)
