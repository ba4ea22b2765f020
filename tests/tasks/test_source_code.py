"""Source code to be coloured: the tags, by reading a program in another way, and the definitions."""

import ast
import sysconfig
from pathlib import Path

import numpy as np
import pytest

from lstm_course.tasks import source_code

PROGRAM = """\
def f(a):  # "not a string"
    '''It isn't # a comment.'''
    return {'a': "b # c", "d": 'e\\'f'}[a]  # end

x = '\\\\'  # "
"""


def by_hand(text):
    """A scanner of the rules: quotes open and close, a number sign outside strings comments out the line."""
    tags, quote, k = [], "", 0
    while k < len(text):
        if quote and text[k] == "\\":
            tags += [1, 1]
            k += 2
        elif quote and text.startswith(quote, k):
            tags += [1] * len(quote)
            k, quote = k + len(quote), ""
        elif quote:
            tags.append(1)
            k += 1
        elif text[k] == "#":
            end = text.index("\n", k)
            tags += [2] * (end - k)
            k = end
        elif text[k] in "'\"":
            quote = text[k] * 3 if text.startswith(text[k] * 3, k) else text[k]
            tags += [1] * len(quote)
            k += len(quote)
        else:
            tags.append(0)
            k += 1
    return tags


def test_the_tags_are_those_of_a_scanner():
    assert source_code.tagged(PROGRAM).tolist() == by_hand(PROGRAM)


@pytest.mark.parametrize("text", ["f'a{b!r:>{c}}'", "f'{{{a}}}'", "f\"{a['b']} # c\"", "f'''a\n{\nb}'''", "rf'{a}\\n'"])
def test_all_of_an_f_string_is_string_in_every_version_of_python(text):
    assert source_code.tagged(f"x = {text}  # {text[:3]}").tolist()[4 : 4 + len(text)] == [1] * len(text)


def test_definitions_begin_where_python_has_one_and_do_not_overlap():
    made = source_code.definitions(["csv", "json/decoder"], 80)
    assert made.x.shape == made.tags.shape and made.x.shape[1] == 80
    texts = ["".join(source_code.CHARACTERS[k] for k in row) for row in made.x]
    assert texts == [source_code.text_of(row) for row in made.x] and len(set(texts)) == len(texts)
    whole = Path(sysconfig.get_path("stdlib"), "csv.py").read_text(encoding="utf-8")
    of_csv = [text for text in texts if text in whole]
    begins = [whole.index(text) for text in of_csv]
    lines = {node.lineno for node in ast.walk(ast.parse(whole)) if isinstance(node, (ast.FunctionDef, ast.ClassDef))}
    assert {whole[:begin].count("\n") + 1 for begin in begins} <= lines
    assert len(begins) > 10 and np.diff(begins).min() >= 80


def test_a_module_that_is_not_there_is_named():
    with pytest.raises(ValueError, match="no_such_module"):
        source_code.definitions(["no_such_module"], 80)
    with pytest.raises(ValueError, match="length"):
        source_code.definitions(["csv"], 10**6)
