"""The reader of folk songs, and how they are divided."""

import numpy as np
import pytest

from lstm_course.tasks import melodies

FOX = "T: FUCHS\nM: 2/4\nL: 1/8\nK: {key}\n{body}\n"


@pytest.fixture(scope="module")
def songs():
    return melodies.songs()


def read(body, key="C"):
    return melodies.read(FOX.format(key=key, body=body))


def test_pitches_and_lengths_of_the_notation():
    assert read("CDE2 | G,c'z/ C").notes == ((0, 0.5), (2, 0.5), (4, 1.0), (-5, 0.5), (24, 0.5), (None, 0.25), (0, 0.5))
    assert read("(3CDE F").notes == ((0, 1 / 3), (2, 1 / 3), (4, 1 / 3), (5, 0.5))
    assert read("C-C E").notes == ((0, 1.0), (4, 0.5))  # tied
    assert read("C/ C3/2").notes == ((0, 0.25), (0, 0.75))


def test_keys_and_accidentals():
    assert read("DFA", key="D").notes == ((0, 0.5), (4, 0.5), (7, 0.5))  # F is sharp in D major
    assert read("^FF|F").notes == ((6, 0.5), (6, 0.5), (5, 0.5))  # until the end of the bar
    assert read("=FF", key="D").notes == ((3, 0.5), (3, 0.5))
    assert read("CD", key="Am") is None


def test_lines_are_joined_and_final_rests_are_dropped():
    tune = read("CD\nEF\nGzz")
    assert len(tune.notes) == 5 and tune.notes[-1][0] == 7
    assert (tune.title, tune.metre) == ("FUCHS", "2/4")


def test_the_reader_agrees_with_music21(songs):
    """An independent reader, on a few songs with sharps, flats, triplets and ties."""
    music21 = pytest.importorskip("music21")
    from lstm_course.tasks.common import installed_file

    text = installed_file("music21", "corpus/essenFolksong/erk10.abc").read_text(encoding="latin-1").replace("\r", "")
    compared = 0
    for block in text.split("\nX:")[1:7]:
        tune = melodies.read(block)
        if tune is None:
            continue
        score = music21.converter.parseData("X:" + block, format="abc").stripTies()
        theirs = [note for note in score.flatten().notes if note.duration.quarterLength]
        tonic = score.flatten().getElementsByClass(music21.key.KeySignature)[0].asKey("major").tonic.midi
        ours = [(pitch, quarters) for pitch, quarters in tune.notes if pitch is not None]
        assert len(theirs) == len(ours)
        assert {(note.pitch.midi - tonic - pitch) % 12 for note, (pitch, _) in zip(theirs, ours, strict=True)} == {0}
        assert np.allclose([float(note.duration.quarterLength) for note in theirs], [q for _, q in ours])
        compared += 1
    assert compared > 3


def test_the_collection(songs):
    assert 3600 < len(songs) < 3800 and len({song.notes for song in songs}) == len(songs)
    assert all(melodies.SHORTEST <= len(song.notes) <= melodies.LONGEST for song in songs)


def test_no_title_and_no_opening_stands_on_two_sides(songs):
    parts = melodies.parts(songs)
    assert sum(map(len, parts)) == len(songs) and min(map(len, parts)) > 300
    openings = [{tuple(p for p, _ in song.notes[:8]) for song in part} for part in parts]
    titles = [{song.title.upper() for song in part} - {""} for part in parts]
    for signs in (openings, titles):
        assert not (signs[0] & signs[1] or signs[0] & signs[2] or signs[1] & signs[2])
    assert melodies.parts(songs)[2] == parts[2]


def test_notes_as_numbers(songs):
    notes = melodies.Notes(songs[:300])
    tune = songs[0].notes
    assert melodies.END not in notes.encode(tune)
    known = [note for note in tune if note in notes.pairs]
    assert notes.decode([*notes.encode(known), melodies.END, 3]) == known
    pitch, _ = notes.pairs[notes.encode([(7, 17.3)])[0]]
    assert pitch == 7  # a length that never occurs becomes the nearest one
    assert notes.pairs[notes.encode([(None, 99.0)])[0]][0] is None


STRANGE = ("", "   ", "???", "今日", "(((9", "C99999999999", "C////////////", "|\n|\n", "-" * 50)


@pytest.mark.parametrize("text", STRANGE)
def test_an_opening_of_ones_own_may_be_anything(text):
    for pitch, quarters in melodies.own(text):
        assert pitch is None or -60 < pitch < 100
        assert 0 < quarters < 100


def test_tones_have_the_pitch_that_was_asked_for():
    sound = melodies.tones([(7, 2.0), (None, 1.0)], tonic=65, quarter=0.5, rate=8000)
    assert abs(len(sound) - 12_000) < 3 and np.abs(sound).max() <= 1 and not sound[8100:].any()
    spectrum = np.abs(np.fft.rfft(sound[:8000] * np.hanning(8000)))
    assert abs(spectrum.argmax() - 440 * 2 ** (3 / 12)) < 1.5  # Hz, as the piece lasts a second
