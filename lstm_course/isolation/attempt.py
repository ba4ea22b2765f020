"""One process that runs a submission, and what the judge makes of its messages.

A learner's code can forge these messages. It can claim results only for questions that were asked, and only in the form
that `call_answer` produces.
"""

import contextlib
import time
from dataclasses import asdict, replace

import numpy as np

from lstm_course.probes import Failure, Kind, Returned, unpack
from lstm_course.probes.transport import MOST_RESULTS

from . import wire
from .children import TooLarge
from .endings import CellProblem, Ending

OVERHEAD = 1 << 20  # bytes that a process may send besides arrays: for each call of an answer, and once in addition
CELL_OVERHEAD = 4096  # the same for each cell
REPORTED_KINDS = (Kind.BLANK, Kind.FORM, Kind.ERROR, Kind.SLOW)  # failures that a process can report itself


class Attempt:
    """One process's work on a submission.

    Parameters
    ----------
    cells : list of Cell
        The cells to run.
    asked : dict of str to (Probe, int)
        By the id of each question that has no final outcome yet, how to call its answer, and the number of cases.
    run : Run
        Receives the results as they arrive.
    step_seconds : float
        Time for each cell, and for each call of an answer whose probe does not allow more.

    Attributes
    ----------
    finished : bool
        Whether all answers were called.
    in_cell : int or None
        Index of the cell during which the process ended.
    in_question : (str, str) or None
        The question whose answer was being called when the process ended, and whether that was at its ``check`` or at
        the ``end``.
    problem : CellProblem
        How the process ended.
    """

    def __init__(self, cells, asked, run, step_seconds):
        self._cells, self._asked, self._run, self._step_seconds = cells, asked, run, step_seconds
        self._indices = {cell.index for cell in cells}
        self.finished, self.in_cell, self.in_question = False, None, None
        self.problem: CellProblem  # known once `watch` has returned
        self._out_of_memory = None

    def job(self):
        """The job for `runner.run`."""
        return {
            "cells": [asdict(cell) for cell in self._cells],
            "questions": list(self._asked),
            "checked": [question for question in self._asked if question in self._run.outcomes],
            "cell_seconds": self._step_seconds,
        }

    def watch(self, child, seconds):
        """Receive messages until the process ends, and kill it if it takes longer or sends more than allowed.

        Parameters
        ----------
        child : Child or PipedChild
        seconds : float
            Time for the whole process.
        """
        try:
            problem = self._receive(child, seconds)
        finally:
            status = child.end()
        exit_text = f"was ended by signal {-status}" if status < 0 else f"ended with status {status}"
        self.problem = problem or CellProblem(Ending.DIED, exit_text)

    def assign_blame(self):
        """Record the end of the process as the failure of the answer or the cell that was running.

        Returns
        -------
        bool
            False if neither was running, so that nobody knows why the process ended.
        """
        if self.in_question is not None:
            question, when = self.in_question
            kind = Kind.SLOW if self.problem.ending is Ending.SLOW else Kind.CRASHED
            failure = Failure(kind, f"The process that ran this answer {self.problem.text}.")
            self._results(when)[question] = [failure]
        elif self.in_cell is not None:
            self._run.problems[self.in_cell] = self.problem
        else:
            return False
        return True

    def _receive(self, child, seconds):
        decoder = wire.Decoder(
            2 * len(self._asked) * (MOST_RESULTS + OVERHEAD) + len(self._cells) * CELL_OVERHEAD + OVERHEAD,
            largest_head=OVERHEAD,
        )
        last_message = time.monotonic()
        deadline = last_message + seconds
        while not self.finished:
            allowed = self._step_seconds
            if self.in_question is not None:
                # No answer may use up the time of all the others.
                allowed = min(max(allowed, self._asked[self.in_question[0]][0].seconds), seconds / 2)
            # The process gets one second more than allowed, so that it can stop a slow step itself.
            try:
                data = child.read(min(deadline, last_message + allowed + 1) - time.monotonic())
            except TooLarge:
                return CellProblem(Ending.MEMORY, "ran out of memory")
            if data == b"":
                return None
            if data is None:
                return CellProblem(Ending.SLOW, f"did not finish within {min(seconds, allowed):.0f} seconds")
            try:
                for content, arrays in decoder.feed(data):
                    last_message = time.monotonic()
                    self._take(content, arrays)
                    if self._out_of_memory:
                        return self._out_of_memory
            except wire.BadMessage:
                return CellProblem(Ending.GARBLED, "sent results that cannot be read")
        return None

    def _take(self, message, arrays):
        """Process one message. It may come from the learner's code: a message that was not asked for, or that is broken
        in any of countless ways, is ignored."""
        with contextlib.suppress(Exception):
            if message.get("state") == "end":
                self.finished = all(question in self._run.at_end for question in self._asked)
            elif type(message.get("cell")) is int and message["cell"] in self._indices:
                self._take_cell(message["cell"], message["state"], message.get("problem"))
            elif message.get("question") in self._asked:
                self._take_answer(**message, arrays=arrays)

    def _take_cell(self, index, state, problem):
        self.in_cell = index
        if state == "done":
            self._run.problems.pop(index, None)
            if problem:
                problem = CellProblem(
                    Ending(problem["ending"]), str(problem["text"])[:500], str(problem["raised"])[:200]
                )
                if problem.ending is Ending.MEMORY:  # the cell's data still fill the memory that later cells need
                    self._out_of_memory = replace(problem, text=f"ran out of memory ({problem.text[:200]})")
                    return
                self._run.problems[index] = problem
            self.in_cell = None

    def _take_answer(self, question, when, state, arrays, outcomes=()):
        results = self._results(when)
        if state == "same" and question in self._run.outcomes:
            self._run.at_end[question] = None
        elif state == "called":
            self.in_question = question, when
        elif state == "done":
            self.in_question = question, when  # in case the outcomes cannot be read
            results[question] = _outcomes(outcomes, arrays, *self._asked[question])
            self.in_question = None

    def _results(self, when):
        return {"check": self._run.outcomes, "end": self._run.at_end}[when]


def _outcomes(forms, arrays, probe, case_count):
    outcomes = [
        Returned(unpack(form["values"], arrays), form["printed"], tuple(form["borrowed"]))
        if "values" in form
        else Failure(Kind(form["failure"]), form["message"][:2000], form["printed"], tuple(form["raised"]))
        for form in forms
    ]
    complete = len(outcomes) == case_count or (len(outcomes) > 0 and isinstance(outcomes[-1], Failure))
    if not complete or not all(_well_formed(outcome, probe) for outcome in outcomes):
        raise ValueError("the results do not have the form that call_answer gives them")
    return outcomes


def _well_formed(outcome, probe):
    if isinstance(outcome, Failure):
        texts = (outcome.message, outcome.printed, *outcome.raised)
        return outcome.kind in REPORTED_KINDS and all(isinstance(text, str) for text in texts)
    if not isinstance(outcome.printed, str) or not set(outcome.borrowed) <= set(probe.forbids):
        return False
    if not probe.returns:
        return list(outcome.values) == ["answer"] and isinstance(outcome.values["answer"], str)
    return tuple(outcome.values) == probe.returns and all(
        isinstance(value, np.ndarray) for value in outcome.values.values()
    )
