"""The map and the routes on the start page tell the same as the lessons themselves."""

import re

import pytest

from lstm_course import lessons
from lstm_course.authoring import notebooks
from lstm_course.authoring.course_map import arrows, course_map, places

ROOT = lessons.course_root()
NUMBERS = [lesson.number for lesson in lessons.LESSONS]


@pytest.mark.parametrize("lesson", lessons.LESSONS, ids=lambda lesson: lesson.stem)
def test_a_lesson_builds_on_those_to_which_its_first_cell_leads(lesson):
    first = notebooks.read(ROOT / "notebooks" / f"{lesson.stem}.ipynb").cells[0].source
    (needs,) = re.findall(r"^\| needs \| (.+) \|$", first, flags=re.MULTILINE)
    linked = set(re.findall(r"\]\((\w+)\.ipynb\)", needs))
    assert {other.number for other in lessons.LESSONS if other.stem in linked} == set(lesson.builds_on)
    assert all(number < lesson.number for number in lesson.builds_on)


def test_the_arrows_of_the_map_lead_from_everything_a_lesson_needs_and_none_says_what_others_say():
    def reached(number, along):
        before = {a for a, b in along if b == number}
        return before.union(*(reached(each, along) for each in before))

    for lesson in lessons.LESSONS:
        assert set(lesson.builds_on) <= reached(lesson.number, arrows())
    for arrow in arrows():
        others = [each for each in arrows() if each != arrow]
        assert arrow[0] not in reached(arrow[1], others), arrow


def test_no_two_lessons_are_drawn_in_one_place_and_arrows_lead_to_the_right():
    at = places()
    assert sorted(at) == NUMBERS and len(set(at.values())) == len(at)
    assert all(at[before][0] < at[number][0] for before, number in arrows())
    picture = course_map()
    assert picture.image.startswith(b"\x89PNG") and "05 needs 04" in picture.alt


def test_the_parts_are_in_the_order_of_the_lessons():
    parts = [lesson.part for lesson in lessons.LESSONS]
    assert [lessons.PARTS[number] for number in sorted(lessons.PARTS) if number <= NUMBERS[-1]] == list(
        dict.fromkeys(parts)
    )


@pytest.mark.parametrize("route", lessons.ROUTES, ids=lambda route: route.name)
def test_a_route_goes_through_lessons_in_their_order(route):
    assert list(route.numbers) == sorted(set(route.numbers)) and set(route.numbers) <= set(NUMBERS)
    assert f"**{route.name}:**" in (ROOT / "notebooks" / "start.ipynb").read_text(encoding="utf-8")


@pytest.mark.parametrize("lesson", lessons.LESSONS, ids=lambda lesson: lesson.number)
def test_a_lesson_has_the_words_of_what_it_is_said_to_cover(lesson):
    paths = [*ROOT.glob(f"notebooks/{lesson.number}_*.ipynb"), ROOT / "exercises" / f"{lesson.stem}.ipynb"]
    text = " ".join(cell.source for path in paths for cell in notebooks.read(path).cells).lower()
    words = {word for topic in lesson.covers for word in re.findall(r"[\w-]{4,}", topic.lower())}
    assert len(lesson.covers) >= 3 and not {word for word in words if word.rstrip("s") not in text}
