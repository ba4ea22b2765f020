"""The reader's own text file: split without overlap, and one sentence for each kind of bad file."""

import pytest

from lstm_course.tasks import own_text

PARAGRAPHS = [f"Paragraph {k} is about the number {k * k}.\nIt has two lines." for k in range(400)]


@pytest.fixture
def file(tmp_path):
    def write(content):
        path = tmp_path / "mine.txt"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def test_parts_join_to_the_text_and_share_no_paragraph(file):
    text = "\n\n".join(PARAGRAPHS)
    parts = own_text.load(file(text))
    assert parts.train + parts.validation + parts.held_out == text
    kept = [set(part.strip().split("\n\n")) for part in parts[:3]]
    assert not kept[0] & kept[1] and not kept[0] & kept[2] and not kept[1] & kept[2]
    assert [len(part) / len(text) for part in parts[:3]] == pytest.approx([0.8, 0.1, 0.1], abs=0.06)
    assert parts.characters == "".join(sorted(set(text)))


@pytest.mark.parametrize("text", ["line\n" * 2000, "no line ends at all " * 500, "日本語の文章。" * 1000, "a" * 6000])
def test_texts_without_paragraphs_are_cut_too(file, text):
    parts = own_text.load(file(text))
    assert "".join(parts[:3]) == text and all(parts[:3])


def test_a_mark_at_the_beginning_and_line_ends_of_other_systems_are_removed(file):
    text = own_text.read(file("\ufeffone\r\ntwo\rthree".encode()))
    assert text == "one\ntwo\nthree"


@pytest.mark.parametrize(
    ("content", "wanted"),
    [
        (b"", "which is empty"),
        (b" \n\t\n", "which is empty"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "which is binary"),
        (b"%PDF-1.7\n\xe2\xe3\xcf\xd3", "which is binary"),
        (b"text\x00more", "which is binary"),
        ("Grüße".encode("latin-1") * 2000, "another encoding"),
        ("text".encode("utf-16") * 2000, "UTF-16"),
        ("Too short." * 10, "which has 100"),
    ],
)
def test_a_bad_file_gets_one_sentence_that_names_it(file, content, wanted):
    path = file(content)
    with pytest.raises(ValueError, match=r"^path: wanted ") as raised:
        own_text.load(path)
    message = str(raised.value)
    assert wanted in message and str(path) in message and "\n" not in message


@pytest.mark.parametrize("path", ["no/such/file.txt", ".", None, "a\0b"])
def test_no_file_gets_the_sentence_too(path):
    with pytest.raises(ValueError, match="^path: wanted a text file, got "):
        own_text.load(path)


def test_of_a_huge_file_the_beginning_is_read(file, monkeypatch):
    monkeypatch.setattr(own_text, "LONGEST", 6000)
    assert len("".join(own_text.load(file("word " * 3000))[:3])) == 6000
