"""Names for files about students: safe on every system, and never shared by two."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lstm_course.classroom.reports.file_names import file_name

# What people may be called, and what somebody might choose to be called.
NAMES = st.one_of(
    st.text(st.characters(codec=None), max_size=150),
    st.text("aAäßıİéeE\u0301._-~ /\\:0", max_size=6),
    st.sampled_from(["con", "CON", "nul.txt", "com1", "com¹", "..", ".", "-", "~", "--", "", "a--04_gates", "a"]),
)
ASSIGNMENTS = st.one_of(st.sampled_from(["04_gates", "", "05_lstm_from_scratch"]), NAMES)


def as_a_system_sees_it(name):
    """What a system that ignores capitals and the Unicode form compares."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())


@pytest.mark.parametrize(
    "student, name",
    [
        ("ada", "ada--04_gates.html"),
        ("ada_l-2", "ada_l-2--04_gates.html"),
        ("陳", "陳--04_gates.html"),
        ("आदि", "आदि--04_gates.html"),
        ("a.l", "a.l--04_gates.html"),
    ],
)
def test_a_plain_name_is_used_as_it_is(student, name):
    assert file_name(student, "04_gates", ".html") == name


@pytest.mark.parametrize("student, start", [("Ada L", "Ada-L~"), ("../../etc", "etc~"), ("con", "con~"), ("", "x~")])
def test_what_was_changed_carries_a_hash(student, start):
    name = file_name(student, "04_gates", ".html")
    assert re.fullmatch(re.escape(start) + r"[0-9a-f]{10}--04_gates\.html", name)


@given(NAMES, ASSIGNMENTS)
def test_a_name_is_safe_on_every_system(student, assignment):
    name = file_name(student, assignment, ".html")
    assert len(name.encode()) <= 100 and name.endswith(".html")
    assert not re.search(r'[<>:"/\\|?*\s\x00-\x1f\x7f]', name) and ".." not in name
    assert not re.match(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)", name, re.IGNORECASE)
    assert not name.startswith((".", "-", " "))
    assert all(unicodedata.category(letter) not in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp") for letter in name)


@given(NAMES, ASSIGNMENTS, NAMES, ASSIGNMENTS)
def test_two_submissions_never_share_a_file(student, assignment, other, other_assignment):
    if (student, assignment) != (other, other_assignment):
        one = file_name(student, assignment, ".html")
        two = file_name(other, other_assignment, ".html")
        assert as_a_system_sees_it(one) != as_a_system_sees_it(two)


@given(NAMES, ASSIGNMENTS)
def test_nobody_can_choose_the_name_of_anothers_file(student, assignment):
    name = file_name(student, assignment, "")
    if name != student:
        assert as_a_system_sees_it(file_name(name, "", "")) != as_a_system_sees_it(name)
