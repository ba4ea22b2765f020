"""One process that runs a submission, listened to from its start to its end.

What it says may be forged: it can claim results only for questions that were asked, in the form in which answers come.
"""

import contextlib
import time
from dataclasses import replace

import numpy as np

from lstm_course.probes import Failure, Kind, Returned, unpack
from lstm_course.probes.transport import MOST_RESULTS

from . import wire
from .endings import CellProblem, Ending

SAID_BESIDES = 1 << 20  # bytes that a process may say for each question besides its results, and in all for itself
SAID_OF_A_CELL = 4096
FROM_INSIDE = (Kind.BLANK, Kind.FORM, Kind.ERROR, Kind.SLOW)  # what a process can say of its own answers


class Attempt:
    """How far a process got.

    Parameters
    ----------
    cells : set of int
        Places of the cells that it runs.
    asked : dict of str to (Probe, int)
        For each question's id how its answer is called, and the number of cases.
    run : Run
        Results go into it as they come.

    Attributes
    ----------
    finished : bool
        Whether all answers were called.
    in_cell : int or None
    in_question : (str, str) or None
        Where it was when it ended, or had to be ended: a cell, or a question and whether that was at its ``check`` or
        at the ``end``.
    problem : CellProblem
        How it ended.
    """

    def __init__(self, cells, asked, run):
        self._cells, self._asked, self._run = cells, asked, run
        self.finished, self.in_cell, self.in_question = False, None, None
        self.problem: CellProblem  # known once `watch` has returned
        self._exhausted = None

    def watch(self, child, seconds, step_seconds):
        """Take in what a process says, and end it when it ends, takes too long or takes too much.

        Parameters
        ----------
        child : Child or PipedChild
        seconds : float
            For the whole process.
        step_seconds : float
            For each cell, and for each call of an answer that has no longer limit of its own.
        """
        try:
            ended = self._listen(child, seconds, step_seconds)
        finally:
            status = child.end()
        how = f"was ended by signal {-status}" if status < 0 else f"ended with status {status}"
        self.problem = ended or CellProblem(Ending.DIED, how)

    def _listen(self, child, seconds, step_seconds):
        decoder = wire.Decoder(
            2 * len(self._asked) * (MOST_RESULTS + SAID_BESIDES) + len(self._cells) * SAID_OF_A_CELL + SAID_BESIDES
        )
        since = time.monotonic()
        deadline = since + seconds
        while not self.finished:
            allowed = step_seconds
            if self.in_question is not None:
                # No answer may use up the time of all others.
                allowed = min(max(allowed, self._asked[self.in_question[0]][0].seconds), seconds / 2)
            # A second more: what can be stopped from within has ended by then.
            piece = child.read(min(deadline, since + allowed + 1) - time.monotonic())
            if piece == b"":
                return None
            if piece is None:
                return CellProblem(Ending.SLOW, f"did not finish within {min(seconds, allowed):.0f} seconds")
            try:
                for content, arrays in decoder.feed(piece):
                    since = time.monotonic()
                    self._take(content, arrays)
                    if self._exhausted:
                        return self._exhausted
            except wire.BadMessage:
                return CellProblem(Ending.GARBLED, "sent results that cannot be read")
        return None

    def _take(self, event, arrays):
        """Take one message in. A learner's code can send messages as well: what was not asked for, or is broken in one
        of the endless ways there are, counts as not said."""
        with contextlib.suppress(Exception):
            if event.get("state") == "end":
                self.finished = all(question in self._run.at_end for question in self._asked)
            elif type(event.get("cell")) is int and event["cell"] in self._cells:
                self._take_cell(event["cell"], event["state"], event.get("problem"))
            elif event.get("question") in self._asked:
                self._take_answer(event["question"], event["when"], event["state"], event.get("outcomes"), arrays)

    def _take_cell(self, place, state, problem):
        self.in_cell = place
        if state == "done":
            self._run.problems.pop(place, None)
            if problem:
                problem = CellProblem(
                    Ending(problem["ending"]), str(problem["text"])[:500], str(problem["raised"])[:200]
                )
                if problem.ending is Ending.MEMORY:  # what the cell holds would be missing to all that follow
                    self._exhausted = replace(problem, text=f"ran out of memory ({problem.text[:200]})")
                    return
                self._run.problems[place] = problem
            self.in_cell = None

    def _take_answer(self, question, when, state, forms, arrays):
        results = {"check": self._run.outcomes, "end": self._run.at_end}[when]
        if state == "same":
            self._run.at_end[question] = None
        else:
            self.in_question = question, when
        if state == "done":
            results[question] = _outcomes(forms, arrays, *self._asked[question])
            self.in_question = None


def _outcomes(forms, arrays, probe, wanted):
    outcomes = [
        Returned(unpack(form["values"], arrays), form["printed"], tuple(form["borrowed"]))
        if "values" in form
        else Failure(Kind(form["failure"]), form["message"][:2000], form["printed"], tuple(form["raised"]))
        for form in forms
    ]
    complete = len(outcomes) == wanted or (len(outcomes) > 0 and isinstance(outcomes[-1], Failure))
    if not complete or not all(_well_formed(outcome, probe) for outcome in outcomes):
        raise ValueError("results in another form than call_answer gives them")
    return outcomes


def _well_formed(outcome, probe):
    if isinstance(outcome, Failure):
        texts = (outcome.message, outcome.printed, *outcome.raised)
        return outcome.kind in FROM_INSIDE and all(isinstance(text, str) for text in texts)
    if not isinstance(outcome.printed, str) or not set(outcome.borrowed) <= set(probe.forbids):
        return False
    if not probe.returns:
        return list(outcome.values) == ["answer"] and isinstance(outcome.values["answer"], str)
    return tuple(outcome.values) == probe.returns and all(
        isinstance(value, np.ndarray) for value in outcome.values.values()
    )
