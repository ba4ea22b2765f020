"""The translator that looks things up."""

import pytest

from lstm_course.baselines import ExampleBased
from lstm_course.baselines.example_based import dictionary

PAIRS = [("a", "red", "cat"), ("a", "black", "dog"), ("a", "red", "dog")]
ANSWERS = [("un", "chat", "rouge"), ("un", "chien", "noir"), ("un", "chien", "rouge")]


def test_the_dictionary_holds_probabilities_and_finds_the_words():
    found = dictionary(PAIRS, ANSWERS)
    for row in found.values():
        assert sum(row.values()) == pytest.approx(1)
    best = {word: max(row, key=row.get) for word, row in found.items() if word not in (None, "a")}
    assert best == {"red": "rouge", "cat": "chat", "black": "noir", "dog": "chien"}


def test_it_takes_the_order_from_the_nearest_pair_and_the_words_from_the_dictionary():
    model = ExampleBased(PAIRS, ANSWERS)
    assert model.translate(("a", "black", "cat")) == ("un", "chat", "noir")
    for source, target in zip(PAIRS, ANSWERS, strict=True):
        assert model.translate(source) == target


def test_without_a_source_of_that_length_it_gives_up():
    model = ExampleBased(PAIRS, ANSWERS)
    assert model.nearest(("a", "cat")) is None and model.translate(("a", "cat")) == ()


def test_a_word_that_it_has_never_seen_leaves_the_old_one():
    assert ExampleBased(PAIRS, ANSWERS).translate(("a", "red", "fox")) in [
        ("un", "chat", "rouge"),
        ("un", "chien", "rouge"),
    ]


def test_no_pairs_are_refused():
    for sources, targets in (([], []), (PAIRS, ANSWERS[:2])):
        with pytest.raises(ValueError, match="^sources: wanted"):
            ExampleBased(sources, targets)
