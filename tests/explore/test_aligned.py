"""The table of attention weights, without a front end."""

import numpy as np

from lstm_course.explore.aligned import table


def test_the_table_has_a_row_for_each_word_written_and_says_its_weights():
    page = table(("two", "<b>"), ("zwei",), np.array([[0.75, 0.25]]))
    assert page.count("<tr>") == 2 and page.count("<td title=") == 2
    assert "zwei from two: 0.75" in page and "<b>" not in page and "&lt;b&gt;" in page
    assert "nothing" in table(("two",), (), np.zeros((0, 1)))
