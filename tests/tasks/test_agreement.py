"""The made-up language: its verbs agree with their subjects, judged by a parser of its own."""

import numpy as np
import pytest

from lstm_course.tasks import agreement


def parsed(words):
    """Whether the subject is a plural, the place of the main verb, and the numbers of the other nouns."""
    nouns = [(t, word in {noun + "s" for noun in agreement.NOUNS}) for t, word in enumerate(words)
             if word.removesuffix("s") in agreement.NOUNS]  # fmt: skip
    forms = {form: plural for pair in agreement.VERBS for plural, form in enumerate(pair)}
    verbs = [t for t, word in enumerate(words) if word in forms]
    assert len(verbs) == 1 and bool(forms[words[verbs[0]]]) == nouns[0][1]
    for t, word in enumerate(words):  # the verb of a clause agrees with the noun before it
        for pair in agreement.OTHER_VERBS:
            if word in pair:
                assert (word == pair[1]) == dict(nouns)[t - 1]
    return nouns[0][1], verbs[0], [plural for _, plural in nouns[1:]]


@pytest.mark.parametrize("hard", [False, True])
@pytest.mark.parametrize("distractors", [0, 3, 8])
def test_every_verb_agrees_with_its_own_noun(distractors, hard):
    made = agreement.sentences(200, distractors, seed=1, hard=hard)
    subjects = []
    for row, at, right, wrong in zip(*made, strict=True):
        words = agreement.text_of(row).split()
        plural, verb, others = parsed(words)
        assert verb + 1 == at and row[0] == 0 and row[at] == right != wrong  # the beginning comes first
        assert {agreement.WORDS[right], agreement.WORDS[wrong]} in [set(pair) for pair in agreement.VERBS]
        assert len(others) == distractors and not (hard and plural in others) and words[-1] == "."
        subjects.append(plural)
    assert 0.35 < np.mean(subjects) < 0.65


def test_the_number_of_distractors_is_drawn_from_a_sequence():
    made = agreement.sentences(300, [0, 2], seed=0)
    counts = {len(parsed(agreement.text_of(row).split())[2]) for row in made.x}
    assert counts == {0, 2}


def test_accuracy_counts_the_right_form_and_half_of_a_tie():
    made = agreement.sentences(40, 1, seed=2)
    scores = np.zeros((40, len(agreement.WORDS)))
    assert agreement.accuracy(scores, made) == 0.5
    scores[np.arange(40), made.right] = 1
    assert agreement.accuracy(scores, made) == 1
    scores[:10, :] = 0
    scores[np.arange(10), made.wrong[:10]] = 2
    assert agreement.accuracy(scores, made) == 0.75


def test_bad_arguments_are_refused():
    for arguments in ((0, 1, 0), (3, -1, 0), (3, 1.5, 0), (3, 1, -1)):
        with pytest.raises(ValueError):
            agreement.sentences(*arguments)
    with pytest.raises(ValueError, match="scores"):
        agreement.accuracy(np.zeros((2, 3)), agreement.sentences(2, 1, 0))
