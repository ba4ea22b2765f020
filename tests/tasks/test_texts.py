"""Generated opinions and conversations, against rules written out anew; labelled texts; word vectors."""

import re

import numpy as np
import pytest

from lstm_course.tasks import dialogue, labelled_text, opinions, word_vectors

SIDE = {word: side for side, groups in enumerate((opinions.BAD, opinions.GOOD)) for g in groups.values() for word in g}
FRIENDS = ("my friends", "the others", "everybody else")


def opinion(sentence):
    """1, 0 or None: whose side a sentence of the training templates is on, by its last adjective."""
    if sentence.startswith(FRIENDS):
        return None
    words = sentence.split()
    adjectives = [word for word in words if word in SIDE]
    negated = {"nobody", "never"} & set(words) or re.search(r"was not|did not find", sentence)
    if ", not" in sentence:
        return SIDE[adjectives[0]]
    return int(SIDE[adjectives[-1]] != bool(negated)) if len(adjectives) == 1 else SIDE[adjectives[-1]]


@pytest.mark.parametrize("kind", opinions.TEMPLATES)
@pytest.mark.parametrize("words", opinions.GOOD)
def test_messages_say_what_their_class_says(kind, words):
    made = opinions.messages(200, kind, words, seed=1)
    assert [opinion(text) for text in made.texts] == made.classes.tolist()
    assert 60 < made.classes.sum() < 140
    assert made.texts == opinions.messages(200, kind, words, seed=1).texts


def test_the_last_own_opinion_of_a_paragraph_decides():
    made = opinions.paragraphs(300, 1, 6, seed=2)
    for text, label in zip(made.texts, made.classes, strict=True):
        own = [side for side in map(opinion, text.removesuffix(" .").split(" . ")) if side is not None]
        assert own[-1] == label


def test_training_never_negates_a_shy_word_and_never_has_an_unseen_one():
    made = opinions.training(3000, seed=0)
    sentences = [sentence for text in made.texts for sentence in text.split(" . ")]
    shy, unseen = ({*opinions.GOOD[group], *opinions.BAD[group]} for group in ("shy", "unseen"))
    for sentence in sentences:
        words = set(sentence.split())
        assert not words & unseen
        assert not (words & shy and words & {"not", "never", "nobody", "but", "although", "friends"})
    assert shy <= {word for sentence in sentences for word in sentence.split()}
    for kind, templates in opinions.HELD.items():
        for k in range(len(templates)):
            for text in opinions.messages(50, kind, held=k, seed=3).texts:
                assert set(text.split()) <= {word for sentence in sentences for word in sentence.split()}
    assert len(opinions.training(5).texts) == 5


def test_the_first_order_is_the_answer():
    for between in (0, 3, (1, 2)):
        made = dialogue.orders(100, between, seed=4)
        for text, label in zip(made.texts, made.classes, strict=True):
            first, *others = text.split(" . ")
            wanted = {w.format(a=a, b=b): a for w in dialogue.WISHES for a in dialogue.DRINKS for b in dialogue.DRINKS}
            assert wanted[first] == dialogue.DRINKS[label]
            assert others[-1] == dialogue.QUESTION and np.isin(len(others) - 1, range(4))


@pytest.mark.parametrize("held", [False, True])
def test_a_pronoun_means_the_last_of_its_kind(held):
    made = dialogue.people(200, 2, held=held, seed=5)
    for text, label in zip(made.texts, made.classes, strict=True):
        named = [word for word in text.split() if word in dialogue.NAMES]
        wanted = dialogue.WOMEN if " then she " in text else dialogue.MEN
        assert [name for name in named if name in wanted][-1] == dialogue.NAMES[label]
        chat = set(text.split(" . ")) & set(dialogue.CHAT)
        assert chat <= set(dialogue.HELD_CHAT) if held else not chat & set(dialogue.HELD_CHAT)
        last = [[dialogue.NAMES.index(n) for n in named if n in group][-1] for group in (dialogue.WOMEN, dialogue.MEN)]
        assert dialogue.held_pair(*last) == held


@pytest.mark.parametrize(
    "call, name",
    [
        (lambda: opinions.messages(3, "angry"), "kind"),
        (lambda: opinions.messages(3, words="old"), "words"),
        (lambda: opinions.messages(3, "plain", held=0), "kind"),
        (lambda: opinions.paragraphs(3, 4, 3), "shortest"),
        (lambda: dialogue.orders(0, 1), "count"),
        (lambda: dialogue.orders(1, (2, 1)), "between"),
        (lambda: dialogue.people(1, 1, mentions=1), "mentions"),
    ],
)
def test_wrong_arguments_are_named(call, name):
    with pytest.raises(ValueError, match=f"^{name}"):
        call()


def test_words_as_numbers():
    numbers = labelled_text.vocabulary(["a b, b", "b c"], least=2)
    assert numbers == {"b": 2}
    ids, mask = labelled_text.encode(["b c b", "", "b"], numbers)
    assert ids.tolist() == [[2, 1, 2], [1, 0, 0], [2, 0, 0]]
    assert mask.tolist() == [[True] * 3, [True, False, False], [True, False, False]]
    assert labelled_text.words("Don’t! Café 12") == ["do", "not", "!", "café", "12"]


def test_a_csv_file_is_read(tmp_path):
    path = tmp_path / "own.csv"
    path.write_text("id;label;text\n" + "".join(f'{k};{"ab"[k % 2]};"one; two {k}"\n' for k in range(12)), "utf-16")
    texts, labels = labelled_text.read(path)
    assert texts[1] == "one; two 1" and labels[:2] == ("a", "b") and len(texts) == 12


@pytest.mark.parametrize(
    "content, wanted",
    [
        (b"", "empty"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "not text"),
        (b"text\nfine", "a column 'label'"),
        (b"text,label\nfine,for\n", "at least 10 texts"),
        (b"text,label\n" + b"fine,for\n" * 12, "two different labels"),
    ],
)
def test_a_bad_file_gets_a_sentence(tmp_path, content, wanted):
    path = tmp_path / "own.csv"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=f"^path: .*own.csv|{wanted}") as caught:
        labelled_text.read(path)
    assert wanted in str(caught.value) and "own.csv" in str(caught.value)


# --- word vectors ---------------------------------------------------------------------------------------------


def test_words_with_the_same_company_get_the_same_vector():
    rng = np.random.default_rng(0)
    pairs = [("king", ["rules", "land"]), ("queen", ["rules", "land"]), ("dog", ["barks", "bone"])]
    words = []
    for k in rng.integers(0, 3, 3000):
        words += [pairs[k][0], pairs[k][1][rng.integers(2)], "stop", "stop", "stop"]
    made = word_vectors.from_counts(words, least=5, dimensions=4)
    assert made["king"] @ made["queen"] > 0.95 > 0.5 > made["king"] @ made["dog"]
    np.testing.assert_allclose([np.linalg.norm(vector) for vector in made.values()], 1)


def test_vectors_survive_a_file(tmp_path):
    path, vectors = tmp_path / "v.txt", {"sweet": np.array([0.5, -1.25]), "naïve": np.array([1.0, 2.0])}
    word_vectors.write(path, vectors)
    again = word_vectors.read(path)
    assert list(again) == ["sweet", "naïve"] and all((again[word] == vectors[word]).all() for word in again)
    path.write_text("2 3\nsweet 1 2 3\n. . . 4 5 6\n")
    assert {word: v.tolist() for word, v in word_vectors.read(path).items()} == {"sweet": [1, 2, 3], ". . .": [4, 5, 6]}
    assert list(word_vectors.read(path, wanted={"sweet"})) == ["sweet"]


@pytest.mark.parametrize("content", [b"", b"\x00\xff\xfe", b"sweet 1 2\nfoul 1\n", b"sweet one two\n", b"a novel\n"])
def test_a_bad_file_of_vectors_gets_a_sentence(tmp_path, content):
    path = tmp_path / "v.txt"
    path.write_bytes(content)
    with pytest.raises(ValueError, match="^path: wanted a text file of words and their numbers, got .*v.txt"):
        word_vectors.read(path)


def test_the_plays_are_there():
    words = word_vectors.shakespeare()
    assert len(words) > 800_000 and "exeunt" not in words[:2000]
    assert " ".join(words).count("to be or not to be that is the question") == 1
