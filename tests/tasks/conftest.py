"""Fixtures for the tests of learners' own files."""

import pytest

from lstm_course.tasks import series


@pytest.fixture
def read(tmp_path):
    """Writes a text, or bytes, to a file and reads the series in it."""

    def write_and_read(text, **options):
        path = tmp_path / "own.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
        return series.read(path, **options)

    return write_and_read


@pytest.fixture
def refused(read, tmp_path):
    """The sentence with which a file is refused, "own.csv" for its path."""

    def write_and_refuse(text, **options):
        with pytest.raises(ValueError) as raised:
            read(text, **options)
        sentence = str(raised.value)
        assert "\n" not in sentence
        return sentence.replace(str(tmp_path / "own.csv"), "own.csv")

    return write_and_refuse
