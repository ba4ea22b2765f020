"""The teacher's page: its numbers are those of the grades, its fields lead on, and nothing in it runs."""

import re
from collections import Counter
from urllib.parse import unquote

import pytest
from graded import ASKED, EVIL, WHEN, ReadPage, answer, assert_harmless, chosen, grade, mistaken, unread

from lstm_course.classroom.copies.near_copies import NearCopy
from lstm_course.classroom.records import Batch
from lstm_course.classroom.reports.file_names import file_name
from lstm_course.classroom.reports.findings import shared_mistakes, tallies
from lstm_course.classroom.reports.next_time import topics
from lstm_course.classroom.reports.page import KINDS, kind
from lstm_course.classroom.reports.report import report_page
from lstm_course.classroom.reports.write_all import write_all
from lstm_course.lessons import course_root
from lstm_course.palette import INKS

STYLE = (course_root() / "lstm_course" / "classroom" / "reports" / "page.css").read_text(encoding="utf-8")
NAMES = "ada boris chen dalia emre fatou goran hana ivo jana kofi lena".split()


def a_class():
    """Twelve: two without a mistake, five with the same, and one of everything else."""
    forget = [mistaken("04-forget-gate", 3)] * 5 + [mistaken("04-forget-gate", 1)]
    forget += [answer("04-forget-gate", verdict) for verdict in ("blank", "slow", "error", "unjudged")]
    grades = [
        grade(
            name, own, chosen("04-main-role", "ab"[k % 2]), status="review" if own.verdict == "unjudged" else "graded"
        )
        for k, (name, own) in enumerate(zip(NAMES, forget, strict=False))
    ]
    given = answer("04-run-cell", "wrong", override=1.5, comment="Half.")
    return [*grades, grade("kofi"), grade("lena", given), unread("mina")]


def read(grades, **details):
    return ReadPage(report_page(grades, WHEN, "full", **details))


def fields(page):
    """The classes of the fields of the grid, in rows."""
    letters = {shown.style for shown in KINDS.values()}
    return [attributes["class"] for attributes in page.tags("td") if attributes.get("class") in letters]


# --- the grid ---------------------------------------------------------------------------------------------------


def test_the_grid_has_a_field_for_each_student_and_question():
    grades = a_class()
    found = fields(read(grades))
    assert len(found) == len(grades) * len(ASKED)
    wanted = Counter(KINDS[kind(own)].style for own in (q for one in grades for q in one.questions))
    wanted[KINDS["unjudged"].style] += len(ASKED)  # of the one that could not be read
    assert Counter(found) == wanted


def test_rows_are_sorted_by_score_and_each_field_leads_to_its_answer():
    grades = a_class()
    page = read(grades)
    links = [unquote(attributes["href"]) for attributes in page.tags("a")]
    order = list(dict.fromkeys(link.split("#")[0] for link in links if link.startswith("feedback/")))
    ranked = sorted(grades, key=lambda one: (one.status == "unreadable", -one.score, one.student))
    assert order == [f"feedback/{file_name(one.student, one.assignment, '.html')}" for one in ranked]
    for one in grades:
        for own in one.questions:
            assert f"feedback/{file_name(one.student, one.assignment, '.html')}#{own.id}" in links


def test_the_foot_of_the_grid_says_how_many_are_right():
    grades = a_class()
    judged = [
        own for one in grades for own in one.questions if own.id == "04-forget-gate" and own.verdict != "unjudged"
    ]
    right = sum(own.verdict == "right" for own in judged)
    foot = read(grades).within("tfoot").replace("\N{NO-BREAK SPACE}", " ")
    assert foot.startswith(f"right{100 * right / len(judged):.0f} %100 %")


def test_a_field_says_what_the_learner_was_told():
    titles = [attributes.get("title", "") for attributes in read(a_class()).tags("a")]
    mistake = ASKED["04-forget-gate"].mistakes[3]
    assert sum(title.startswith(f"Not yet: {mistake.name}. You put x before h.") for title in titles) == 5


def luminance(colour):
    parts = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one, other):
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def schemes():
    """The custom colours of the light page and of the dark one."""
    blocks = re.findall(r":root \{(.*?)\}", STYLE, re.DOTALL)
    return [dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", block)) for block in blocks[:2]]


@pytest.mark.parametrize("scheme", schemes(), ids=["light", "dark"])
def test_signs_and_words_stand_out_from_their_ground(scheme):
    for shown in KINDS.values():
        ground, ink = re.search(rf"^\.{shown.style} \{{ background: (.*?); color: (.*?);", STYLE, re.MULTILINE).groups()
        ground, ink = (scheme[value[6:-1]] if value.startswith("var(") else value for value in (ground, ink))
        assert contrast(ground, ink) >= 4.5, shown
    for ground in ("ground", "raised", "tint"):
        for ink in ("ink", "soft", "link"):
            assert contrast(scheme[ground], scheme[ink]) >= 4.5, (ground, ink)


def test_the_colours_are_the_courses_and_every_sign_is_its_own():
    for name, symbol in {"right": "i", "wrong": "f", "error": "g", "slow": "c", "borrowed": "o"}.items():
        assert f".{KINDS[name].style} {{ background: {INKS[symbol].colour};" in STYLE
    signs = [shown.sign for shown in KINDS.values()]
    assert len(set(signs)) == len(signs)


# --- numbers ----------------------------------------------------------------------------------------------------


def test_counts_are_those_of_the_grades():
    grades = a_class()
    page = read(grades)
    statuses = Counter(one.status for one in grades)
    for words in (
        "13 students",
        "13 submissions",
        f"{statuses['graded']} graded",
        f"{statuses['review']} graded, to be reviewed",
        f"{statuses['unreadable']} not judged",
    ):
        assert words in page.text
    assert "20 November 2026, 18:35 UTC" in page.text and "full (" in page.text


def test_mistakes_are_counted_among_those_who_could_be_judged():
    grades = a_class()
    found = {(m.question, m.name): (m.students, m.judged) for m in shared_mistakes(grades, ASKED)}
    mistakes = ASKED["04-forget-gate"].mistakes
    assert found["04-forget-gate", mistakes[3].name] == (5, 11)
    assert ("04-forget-gate", mistakes[1].name) not in found, "one of twelve is no common mistake"
    assert {count for (key, _), count in found.items() if key == "04-main-role"} == {(5, 12)}, "wrong letters count"
    assert f"5 of 11{mistakes[3].name} · forget gateYou put x before h." in read(grades).text


def test_in_a_small_class_one_mistake_is_worth_a_word():
    few = [grade("ada", mistaken("04-forget-gate")), *(grade(name) for name in NAMES[1:9])]
    assert len(shared_mistakes(few, ASKED)) == 1
    assert not shared_mistakes([*few, grade("jana")], ASKED)


def test_a_teachers_points_count_as_right_and_the_unjudged_count_nowhere():
    full = grade("ada", answer("04-forget-gate", "wrong", override=2.0))
    none = grade("boris", answer("04-forget-gate", "unjudged"))
    given = grade("chen", answer("04-forget-gate", "unjudged", override=0.0))
    tally = tallies([full, none, given])[0]
    assert (tally.question, tally.judged, tally.right) == ("04-forget-gate", 2, 1)


def test_what_to_talk_about_has_its_reasons_in_numbers():
    grades = a_class()
    first, second = topics(grades, ASKED)
    assert {first.question, second.question} == {"04-forget-gate", "04-main-role"}
    forget = first if first.question == "04-forget-gate" else second
    said = forget.sentence.replace("\N{NO-BREAK SPACE}", " ")
    assert "of 11 answers, only 2 are right (18 %); 5 show “[x, h] instead of [h, x]” (45 %)" in said
    assert forget.opening == ASKED["04-forget-gate"].hints[0]
    assert "teaching/04_gates.md" in read(grades).text


@pytest.mark.parametrize(
    "verdict, words",
    [("blank", "are blank"), ("error", "raise an error"), ("slow", "take too long"), ("crashed", "take too long")],
)
def test_blanks_errors_and_slow_answers_of_many_are_worth_talking_about(verdict, words):
    grades = [grade(name, *([answer("04-run-cell", verdict)] if k < 4 else [])) for k, name in enumerate(NAMES)]
    (topic,) = topics(grades, ASKED)
    assert topic.question == "04-run-cell" and words in topic.sentence and "only" not in topic.sentence


def test_what_few_did_is_no_topic():
    few = [mistaken("04-run-cell")] * 2 + [answer("04-cell-state", "blank")] * 2
    grades = [grade(name, *few[k : k + 1]) for k, name in enumerate(NAMES)]
    assert len(shared_mistakes(grades, ASKED)) == 1 and topics(grades, ASKED) == []


def test_there_are_at_most_five_topics_and_none_where_all_is_well():
    lost = [grade(name, *(answer(question_id, "blank") for question_id in ASKED)) for name in NAMES]
    assert len(topics(lost, ASKED)) == 5
    well = [grade(name) for name in NAMES]
    assert topics(well, ASKED) == [] and "Nothing stands out" in read(well).text


# --- lists ------------------------------------------------------------------------------------------------------


def test_all_that_must_be_looked_at_is_listed_with_its_reason():
    ended = grade("olga", answer("04-run-cell", "crashed"), status="review")
    settled = grade("pavel", answer("04-run-cell", "crashed", override=3.0), status="review")
    page = read([*a_class(), ended, settled, grade("nils", notes=("It is the later of two files.",))])
    text = page.text
    (jana,) = [one for one in a_class() if one.student == "jana"]
    assert f"jana ({jana.score:g} points so far)" in text
    assert "forget gate: Could not be judged. So." in text
    assert "mina (not judged): It is empty. mina/04_gates.ipynb" in text
    assert f"olga ({ended.score:g} points so far): run cell: Not yet: it ended the process. So." in text
    assert f"pavel ({settled.score:g} points so far): This has been settled." in text
    assert "Notes on 1 other submission" in text and "It is the later of two files." in text


def test_near_copies_are_shown_with_care_and_all_of_them():
    grades = a_class()
    copies = [NearCopy(("ada", "boris"), "04_gates", 0.934, ("04-run-cell", "cell 7"), k == 0) for k in range(12)]
    text = read(grades, copies=copies).text.replace("\N{NO-BREAK SPACE}", " ")
    assert "look for yourself before you speak to anyone" in text
    assert text.count("ada and boris") == 12 and text.count("93 %") == 12 and "2 more" in text
    assert text.count("Both equal the published solution") == 1
    assert "Near copies" not in read(grades).text


def test_near_copies_stand_with_their_own_assignment():
    other = grade("ada", assignment="my_own", questions=(answer("04-forget-gate"),), possible=2)
    page = read([*a_class(), other], copies=[NearCopy(("ada", "boris"), "04_gates", 0.9, ("04-run-cell",), False)])
    assert "Near copies" in page.within("section", id="assignment-1")
    assert "Near copies" not in page.within("section", id="assignment-2")


def test_answers_that_call_what_they_were_to_write_are_listed():
    text = read([grade("ada", borrowed=("04-forget-gate: lstm_course.scratch.lstm_step",))]).text
    assert "04-forget-gate: lstm_course.scratch.lstm_step" in text


def test_it_says_whom_a_platform_will_not_find():
    known = grade("ada", identity={"canvas_id": "1", "moodle_id": "2"})
    text = read([known, grade("boris", identity={"moodle_id": "3"})]).text
    assert "do not contain the number of boris, who will be looked up by name instead" in text
    assert "skipped by Moodle" not in text


def test_several_assignments_follow_one_another_below_a_list_of_contents():
    other = grade("ada", assignment="my_own", questions=(answer("04-forget-gate"),), possible=2)
    page = read([*a_class(), other, unread("boris", assignment="")])
    ids = {attributes.get("id") for _, attributes in page.elements}
    links = [attributes["href"] for attributes in page.tags("a") if attributes["href"].startswith("#")]
    assert len(page.tags("table")) == 2 and len(links) >= 3
    assert {link[1:] for link in links} <= ids
    assert "Unknown assignment" in page.text


# --- safety, size, files ----------------------------------------------------------------------------------------


def test_nothing_that_was_handed_in_becomes_html():
    own = [
        answer(question_id, "wrong", message=EVIL, mistake=EVIL, printed=EVIL, comment=EVIL) for question_id in ASKED
    ]
    lost = answer("04-forget-gate", "unjudged", message=EVIL)
    details = dict(source=EVIL, notes=(EVIL,), borrowed=(EVIL,), identity={"name": EVIL})
    grades = [
        grade(EVIL, *own, status="review", **details),
        grade(f"{EVIL}2", lost, status="review", **details),
        grade(f"{EVIL}3", assignment=EVIL, **details),
        unread(f"{EVIL}4", **details),
    ]
    page = read(grades, copies=[NearCopy((EVIL, f"{EVIL}9"), "04_gates", 0.9, (EVIL,), False)], questions={})
    assert_harmless(page)
    assert page.text.count("<script>alert(1)</script>") > 15


def test_an_empty_batch_and_one_that_nobody_could_read_have_a_report():
    assert "0 submissions" in read([]).text
    text = read([unread("ada"), unread("boris")]).text
    assert "none of which could be judged" in text


def test_a_thousand_students_fit_into_a_page_of_two_megabytes():
    grades = [
        grade(f"student {k:04d}", mistaken("04-forget-gate", k % 6), mistaken("04-run-cell")) for k in range(1000)
    ]
    text = report_page(grades, WHEN, "full")
    assert len(text.encode()) < 2_500_000
    assert text.count("<td class='w'>") == 2000


def test_all_files_are_written_and_hold_together(tmp_path):
    grades = a_class()
    report = write_all(Batch(tuple(grades), WHEN, "full", 7), tmp_path / "out")
    assert report == tmp_path / "out" / "report.html"
    for attributes in ReadPage(report.read_text(encoding="utf-8")).tags("a"):
        page, _, question_id = unquote(attributes["href"]).partition("#")
        if page:
            text = (report.parent / page).read_text(encoding="utf-8")
            assert not question_id or f'<article id="{question_id}">' in text
    written = {str(path.relative_to(report.parent)) for path in report.parent.rglob("*") if path.is_file()}
    assert {"grades.csv", "grades.json", "canvas.csv", "report.html"} < written
    assert sum(path.startswith("feedback") for path in written) == len(grades)
    assert sum(path.startswith("gradescope") for path in written) == len(grades) - 1
    assert sum(path.startswith("moodle") for path in written) == 1
    before = {path: (report.parent / path).read_bytes() for path in written}
    write_all(Batch(tuple(grades), WHEN, "full", 7), tmp_path / "out")
    assert {path: (report.parent / path).read_bytes() for path in written} == before, "a regrade replaces"
    assert (report.parent / "grades.csv").read_bytes().count(b"\r\n") == len(grades) + 1


def test_a_question_that_an_older_exercise_lacked_leaves_a_gap_and_counts_nowhere():
    older = grade("ada", questions=(answer("04-forget-gate"),))
    page = read([older, grade("boris")])
    assert len(fields(page)) == 1 + len(ASKED)
    assert {tally.question: tally.judged for tally in tallies([older, grade("boris")])}["04-run-cell"] == 1
