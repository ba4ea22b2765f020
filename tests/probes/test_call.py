"""Calling an answer: whatever a learner writes, the result is arrays or one plain sentence."""

import contextlib
import linecache
import sys
import time
from collections import namedtuple

import numpy as np
import pytest
import torch

import lstm_course.scratch
from lstm_course.probes import Failure, Probe, Returned, call_answer
from lstm_course.probes.borrowing import Watch
from lstm_course.probes.call import LONGEST_ANSWER, PRINTED_AT_MOST

ONE, TWO = Probe("gate", ("f",)), Probe("step", ("h", "c"))
IMPATIENT = Probe("gate", ("f",), seconds=0.2)
INPUTS = {"a": np.array([[1.0, 2.0, 3.0]]), "b": np.array([[4.0, 5.0, 6.0]])}


def written(source, name="gate", **names):
    """The object that a notebook's cell with this source binds to `name`."""
    filename = f"<cell {abs(hash(source))}>"
    linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
    exec(compile(source, filename, "exec"), names)
    return names[name]


def failure(answer, probe=ONE):
    outcome = call_answer(probe, answer, INPUTS)
    assert isinstance(outcome, Failure), outcome
    return outcome


def values(answer, probe=ONE):
    outcome = call_answer(probe, answer, INPUTS)
    assert isinstance(outcome, Returned), outcome
    return outcome.values


# --- results that are accepted ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "result",
    [
        np.array([[1.0, 2.0]]),
        np.array([[1, 2]]),
        [[1, 2]],
        [np.array([1.0, 2.0])],
        (np.array([[1.0, 2.0]]),),
        torch.tensor([[1.0, 2.0]], requires_grad=True) * 1,
        [torch.tensor([1.0, 2.0])],
        (torch.tensor([[1.0, 2.0]]),),
        np.ma.array([[1.0, 2.0]]),
        np.array([[2.0, 1.0]])[:, ::-1],
    ],
    ids=repr,
)
def test_one_array_in_many_forms(result):
    assert values(lambda a, b: result)["f"].tolist() == [[1, 2]]


@pytest.mark.parametrize(
    "pack",
    [tuple, list, lambda pair: namedtuple("State", "h c")(*pair)],
    ids=["tuple", "list", "named tuple"],
)
def test_two_arrays_in_many_forms(pack):
    result = values(lambda a, b: pack([a, b]), TWO)
    assert list(result) == ["h", "c"]
    assert result["h"].tolist() == INPUTS["a"].tolist() and result["c"].tolist() == INPUTS["b"].tolist()


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.int64, bool])
def test_the_dtype_is_kept_for_the_judge(dtype):
    assert values(lambda a, b: a.astype(dtype))["f"].dtype == dtype


@pytest.mark.parametrize("number", [3, 2.5, np.float64(2.5), torch.tensor(2.5), True])
def test_a_single_number_is_an_array_without_axes(number):
    assert values(lambda a, b: number)["f"].shape == ()


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_numbers_that_are_not_finite_are_returned_to_the_judge(value):
    assert values(lambda a, b: a * value)["f"].shape == (1, 3)


def test_the_result_is_a_copy():
    kept = np.zeros(3)
    result = values(lambda a, b: kept)
    kept[:] = 1
    assert result["f"].tolist() == [0, 0, 0]


def test_an_answer_may_be_any_callable():
    class Gate:
        def __call__(self, a, b):
            return a

        def method(self, a, b):
            return b

    assert values(Gate())["f"].tolist() == INPUTS["a"].tolist()
    assert values(Gate().method)["f"].tolist() == INPUTS["b"].tolist()
    assert values(np.add)["f"].tolist() == [[5, 7, 9]]


def test_a_letter_is_not_called():
    assert call_answer(Probe("role"), "b", {}) == Returned({"answer": "b"})
    assert len(call_answer(Probe("role"), "b" * 10**7, {}).values["answer"]) == LONGEST_ANSWER
    assert call_answer(Probe("role"), 3, {}) == Returned({"answer": "3"})


# --- blanks -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("nothing", [None, ..., "", "  \n"], ids=repr)
@pytest.mark.parametrize("probe", [ONE, Probe("role")], ids=["function", "letter"])
def test_an_unbound_or_empty_answer_is_a_blank(nothing, probe):
    assert failure(nothing, probe).kind == "blank"


@pytest.mark.parametrize("raised", ["NotImplementedError", "NotImplementedError()"])
def test_the_stub_of_an_exercise_is_a_blank(raised):
    assert failure(written(f"def gate(a, b):\n    raise {raised}")).kind == "blank"


def test_an_operation_that_a_library_does_not_support_is_no_blank():
    """PyTorch raises NotImplementedError if an operation does not support a dtype."""
    failed = failure(written("def gate(a, b):\n    raise NotImplementedError('\"tanh\" not implemented for Half')"))
    assert failed.kind == "error"
    assert failed.message.startswith('`gate` raised NotImplementedError: "tanh" not implemented for Half, in line 2')


# --- results that cannot be compared ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "answer, described",
    [
        (np.zeros((2, 3)), "an array of shape (2, 3)"),
        ("abc", "an object of type str"),
        (3, "an object of type int"),
        ({}, "an object of type dict"),
        (torch.ones(2), "an object of type Tensor"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_an_answer_that_is_not_a_function(answer, described):
    failed = failure(answer)
    assert failed == Failure("form", f"`gate` is {described}, but it should be a function.")


@pytest.mark.parametrize(
    "result, message",
    [
        (None, "`gate` returns nothing (None), but it should return `f`. Is a `return` missing?"),
        (..., "`f` is Ellipsis, but it should be an array."),
        (["a"], "`f` contains text, but it should hold real numbers."),
        ([1j], "`f` has dtype complex128, but it should hold real numbers."),
        ([None], "`f` has dtype object, but it should hold real numbers."),
        ({"f": 1}, "`f` has dtype object, but it should hold real numbers."),
        ([[1, 2], [3]], "`f` is a list whose rows differ in length, but it should be an array."),
    ],
    ids=repr,
)
def test_one_result_in_a_wrong_form(result, message):
    assert failure(lambda a, b: result) == Failure("form", message)


@pytest.mark.parametrize(
    "result, message",
    [
        (None, "`step` returns nothing (None), but it should return `h` and `c`. Is a `return` missing?"),
        (np.zeros((3, 3)), "`step` returns an array of shape (3, 3), but it should return `h` and `c`."),
        (1.5, "`step` returns an object of type float, but it should return `h` and `c`."),
        ((1, 2, 3), "`step` returns 3 values, but it should return 2: `h` and `c`."),
        ((1,), "`step` returns 1 value, but it should return 2: `h` and `c`."),
        ((1, None), "`c` is None, but it should be an array."),
        ((1, "two"), "`c` contains text, but it should hold real numbers."),
    ],
    ids=repr,
)
def test_two_results_in_a_wrong_form(result, message):
    assert failure(lambda a, b: result, TWO) == Failure("form", message)


def test_names_of_many_results_are_listed():
    probe = Probe("step", ("dx", "dh", "dc"))
    assert failure(lambda a, b: None, probe).message.count("`dx`, `dh` and `dc`") == 1


# --- answers that raise -------------------------------------------------------------------------------------------


def test_an_error_names_the_learners_line():
    answer = written("import numpy as np\ndef gate(a, b):\n    z = a + b\n    return np.concatenate([z, z.T])\n")
    failed = failure(answer)
    assert failed.kind == "error"
    assert failed.message.startswith("`gate` raised ValueError: all the input array dimensions")
    assert failed.message.endswith("in line 4 of its cell: `return np.concatenate([z, z.T])`")


def test_an_error_in_a_helper_names_the_line_of_the_helper():
    failed = failure(written("def helper(z):\n    return z[9]\n\ndef gate(a, b):\n    return helper(a)\n"))
    assert "IndexError" in failed.message and failed.message.endswith("in line 2 of its cell: `return z[9]`")


def test_an_error_without_text_is_reported_without_a_gap():
    failed = failure(written("def gate(a, b):\n    assert a is b\n"))
    assert failed.message == "`gate` raised AssertionError, in line 2 of its cell: `assert a is b`"


@pytest.mark.parametrize(
    "parameters, text",
    [("a", "takes 1 positional argument but 2 were given"), ("a, b, c", "missing 1 required")],
)
def test_a_wrong_number_of_parameters(parameters, text):
    failed = failure(written(f"def gate({parameters}):\n    return a\n"))
    assert failed.message.startswith("`gate` raised TypeError: gate()") and text in failed.message


@pytest.mark.parametrize("leave", ["sys.exit(0)", "sys.exit()", "exit_with('words')", "raise SystemExit(3)"])
def test_exiting_is_a_mistake_like_any_other(leave):
    answer = written(f"import sys\ndef gate(a, b):\n    {leave}\n", exit_with=sys.exit)
    failed = failure(answer)
    assert failed.kind == "error" and failed.message.startswith("`gate` raised SystemExit")
    assert f"in line 3 of its cell: `{leave}`" in failed.message


def test_endless_recursion():
    failed = failure(written("def gate(a, b):\n    return gate(a, b)\n"))
    assert failed.kind == "error" and "RecursionError" in failed.message


def test_more_memory_than_the_machine_has():
    failed = failure(lambda a, b: np.ones((10**6, 10**6, 10**3)))
    assert failed == Failure("error", "`gate` ran out of memory.")


def test_a_long_error_is_cut():
    def answer(a, b):
        raise ValueError("x" * 100_000)

    assert len(failure(answer).message) < 500


def test_the_learner_can_interrupt():
    def answer(a, b):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        call_answer(ONE, answer, INPUTS)


# --- answers that take too long -----------------------------------------------------------------------------------

ENDLESS = {
    "a loop": """
    while True:
        pass
""",
    "a loop that does something": """
    n = 0
    while n >= 0:
        n += len(str(n))
""",
    "a generator": """
    return sum(0 for _ in iter(int, 1))
""",
    "errors caught": """
    while True:
        try:
            a[9]
        except Exception:
            pass
""",
    "everything caught, once": """
    try:
        while True:
            pass
    except BaseException:
        while True:
            pass
""",
    "prints": """
    while True:
        print('again')
""",
}


@pytest.mark.slow
@pytest.mark.parametrize("body", ENDLESS.values(), ids=ENDLESS)
def test_an_endless_loop_is_stopped(body):
    # A loop that catches BaseException in every round is not stopped from within. The grader kills its process.
    failed = failure(written("def gate(a, b):\n" + body), IMPATIENT)
    assert (failed.kind, failed.message) == ("slow", "`gate` did not finish within 0.2 seconds.")


@pytest.mark.slow
def test_the_time_limit_leaves_no_exception_behind():
    """The exception that stops an answer is raised by another thread. It must not arrive after the answer has ended."""
    assert failure(written("def gate(a, b):\n    while True:\n        pass\n"), IMPATIENT).kind == "slow"
    assert values(lambda a, b: a, Probe("gate", ("f",), seconds=1))
    deadline = time.monotonic() + 1.5
    while time.monotonic() < deadline:
        pass


def test_an_answer_that_catches_the_time_limit_is_judged_by_its_result():
    loop = "        while True:\n            pass\n"
    answer = written(f"def gate(a, b):\n    try:\n{loop}    except BaseException:\n        return a\n")
    assert values(answer, IMPATIENT)["f"].tolist() == INPUTS["a"].tolist()


# --- side effects of an answer ------------------------------------------------------------------------------------


def test_changed_arguments_do_not_reach_the_next_case():
    inputs = {"a": np.ones((2, 2)), "caches": [(np.ones(2), np.ones(2))]}

    def answer(a, caches):
        a *= 0
        for array in caches.pop():
            array[:] = 7
        return a

    for _ in range(2):
        assert call_answer(ONE, answer, inputs).values["f"].tolist() == [[0, 0], [0, 0]]
    assert inputs["a"].tolist() == [[1, 1], [1, 1]]
    assert [array.tolist() for array in inputs["caches"][0]] == [[1, 1], [1, 1]]


def test_prints_and_stderr_are_kept_and_warnings_are_not_shown(capfd, recwarn):
    source = (
        "import sys, warnings\nimport numpy as np\n"
        "def gate(a, b):\n    print('said')\n    print('loud', file=sys.stderr)\n"
        "    warnings.warn('careful')\n    np.log(np.zeros(1))\n    return a\n"
    )
    outcome = call_answer(ONE, written(source), INPUTS)
    assert outcome.printed == "said\nloud\n"
    assert capfd.readouterr() == ("", "")
    assert not recwarn.list


def test_output_before_an_error_is_kept():
    assert failure(written("def gate(a, b):\n    print('so far')\n    a[9]\n")).printed == "so far\n"


def test_long_output_is_cut_and_takes_no_memory():
    def answer(a, b):
        for _ in range(300):
            print("x" * 1_000_000)
        return a

    outcome = call_answer(Probe("gate", ("f",)), answer, INPUTS)
    assert outcome.printed == "x" * PRINTED_AT_MOST + " ..."


# --- names that the course lends ----------------------------------------------------------------------------------

LENDING = Probe("gate", ("f",), provides={"sigmoid": "lstm_course.scratch:sigmoid"})
USES = "def gate(a, b):\n    return sigmoid(a)\n"


@pytest.mark.parametrize("ending", ["return sigmoid(a)", "return sigmoid(a)[9]"], ids=["returns", "raises"])
def test_the_courses_version_stands_in_for_the_learners_and_leaves_again(ending):
    own = "def sigmoid(z):\n    return 0 * z\n\n"
    answer = written(own + f"def gate(a, b):\n    {ending}\n")
    before = answer.__globals__["sigmoid"]
    outcome = call_answer(LENDING, answer, INPUTS)
    if "9" not in ending:
        assert outcome.values["f"] == pytest.approx(lstm_course.scratch.sigmoid(INPUTS["a"]))
    assert answer.__globals__["sigmoid"] is before and before(1) == 0


def test_a_name_that_was_not_bound_is_not_bound_afterwards():
    answer = written(USES)
    assert isinstance(call_answer(LENDING, answer, INPUTS), Returned)
    assert "sigmoid" not in answer.__globals__


def test_lent_functions_reach_the_helpers_of_an_answer():
    answer = written("def helper(z):\n    return sigmoid(z)\n\ndef gate(a, b):\n    return helper(a)\n")
    assert isinstance(call_answer(LENDING, answer, INPUTS), Returned)


REACHED = {
    "plain": "def gate(a, b):\n    return sigmoid(a)",
    "under torch.no_grad": "import torch\n@torch.no_grad()\ndef gate(a, b):\n    return sigmoid(a)",
    "decorated, without wraps": "def loud(function):\n    return lambda *a: function(*a)\n"
    "@loud\ndef gate(a, b):\n    return sigmoid(a)",
    "a partial": "import functools\ndef own(k, a, b):\n    return sigmoid(a)\ngate = functools.partial(own, 1)",
    "the step in a partial": "import functools\ngate = functools.partial(lambda a, b, s: s(a), s=sigmoid)",
    "an object with __call__": "class Gate:\n    def __call__(self, a, b):\n        return sigmoid(a)\ngate = Gate()",
    "a bound method": "class Gate:\n    def run(self, a, b):\n        return sigmoid(a)\ngate = Gate().run",
    "an object that holds the step": "class Gate:\n    def __init__(self):\n        self.squash = sigmoid\n"
    "    def __call__(self, a, b):\n        return self.squash(a)\ngate = Gate()",
    "under a second name": "squash = sigmoid\ndef gate(a, b):\n    return squash(a)",
    "as a default": "def gate(a, b, squash=sigmoid):\n    return squash(a)",
    "as a keyword's default": "def gate(a, b, *, squash=sigmoid):\n    return squash(a)",
    "in a closure": "def made(squash):\n    def gate(a, b):\n        return squash(a)\n"
    "    return gate\ngate = made(sigmoid)",
    "in a cache": "import functools\n@functools.cache\ndef one():\n    return sigmoid\n"
    "def gate(a, b):\n    one.cache_clear()\n    return one()(a)",
    "in a lambda within": "def gate(a, b):\n    return (lambda z: sigmoid(z))(a)",
    "vectorised": "import numpy as np\ngate = np.vectorize(lambda a, b: sigmoid(a))",
    "through helpers": "def one(z):\n    return sigmoid(z)\ndef two(z):\n    return one(z)\n"
    "def gate(a, b):\n    return two(a)",
}
STUB = "def sigmoid(z):\n    raise NotImplementedError\n"


@pytest.mark.parametrize("source", REACHED.values(), ids=REACHED)
def test_lent_functions_reach_every_kind_of_answer(source):
    names = {"__name__": "__main__"}
    exec(compile(STUB + source, "<cell>", "exec"), names)
    before = dict(names)
    outcome = call_answer(LENDING, names["gate"], INPUTS, names)
    np.testing.assert_allclose(outcome.values["f"], lstm_course.scratch.sigmoid(INPUTS["a"]))
    assert names == before
    assert call_answer(Probe("gate", ("f",)), names["gate"], INPUTS, names).kind == "blank"  # everything is restored


def test_lent_functions_reach_a_module_of_the_learners(monkeypatch, tmp_path):
    (tmp_path / "own_steps.py").write_text(STUB + "def squash(z):\n    return sigmoid(z)\n", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    for source in (
        "from own_steps import *\ndef gate(a, b):\n    return squash(a)",
        "import own_steps\ndef gate(a, b):\n    return own_steps.sigmoid(a)",
    ):
        names = {"__name__": "__main__"}
        exec(source, names)
        assert isinstance(call_answer(LENDING, names["gate"], INPUTS, names), Returned)
    sys.modules.pop("own_steps")


def test_an_answer_that_fits_only_the_learners_own_function_is_called_with_that():
    names = {"__name__": "__main__"}
    exec("def sigmoid(z, steep):\n    return z * steep\ndef gate(a, b):\n    return sigmoid(a, steep=2)", names)
    outcome = call_answer(LENDING, names["gate"], INPUTS, names)
    np.testing.assert_allclose(outcome.values["f"], 2 * INPUTS["a"])


def test_objects_with_strange_attributes_are_called_all_the_same():
    class Strange:
        def __getattr__(self, name):
            raise RuntimeError(name)

        def __call__(self, a, b):
            return a

    assert isinstance(call_answer(LENDING, Strange(), INPUTS, {}), Returned)


def test_an_answer_without_globals_is_called_all_the_same():
    assert isinstance(call_answer(LENDING, np.add, INPUTS), Returned)


# --- answers that call forbidden functions ------------------------------------------------------------------------

FORBIDDEN = ("lstm_course.scratch:sigmoid", "torch.nn:LSTM")
IMPORT = "from lstm_course.scratch import sigmoid\n"
GATE = "def gate(a, b):\n    "
BORROWED = {
    "imported": IMPORT + GATE + "return sigmoid(a)",
    "under another name": "from lstm_course.scratch import sigmoid as s\n" + GATE + "return s(a)",
    "from the module it is written in": "from lstm_course.scratch.lstm import sigmoid\n" + GATE + "return sigmoid(a)",
    "as the answer": "from lstm_course.scratch import sigmoid as gate",
    "as the answer, by assignment": IMPORT + "gate = sigmoid",
    "in a lambda": IMPORT + "gate = lambda a, b: sigmoid(a)",
    "in a comprehension": IMPORT + GATE + "return [sigmoid(row) for row in a]",
    "in a helper": IMPORT + "def own(z):\n    return sigmoid(z)\n" + GATE + "return own(a)",
    "imported within": GATE + "from lstm_course.scratch import sigmoid\n    return sigmoid(a)",
    "imported within under another name": GATE + "from lstm_course.scratch.lstm import sigmoid as s\n    return s(a)",
    "of a module": "import lstm_course.scratch\n" + GATE + "return lstm_course.scratch.sigmoid(a)",
    "of a module with another name": "import lstm_course.scratch.lstm as own\n" + GATE + "return own.sigmoid(a)",
    "of a module within": GATE + "import lstm_course.scratch as own\n    return own.sigmoid(a)",
    "under the name of the answer": "from lstm_course import scratch\n"
    "def sigmoid(a, b):\n    return scratch.sigmoid(a)\ngate = sigmoid",
    "under torch.no_grad": "import torch\n" + IMPORT + "@torch.no_grad()\n" + GATE + "return sigmoid(a)",
    "in a decorated function": IMPORT
    + "def loud(function):\n    def wrapper(*a):\n        return function(*a)\n    return wrapper\n@loud\n"
    + GATE
    + "return sigmoid(a)",
    "in an object with __call__": IMPORT
    + "class Gate:\n    def __call__(self, a, b):\n        return sigmoid(a)\ngate = Gate()",
    "held by an object": IMPORT + "class Gate:\n    squash = staticmethod(sigmoid)\n" + GATE + "return Gate.squash(a)",
    "in a partial": IMPORT + "import functools\ngate = functools.partial(lambda s, a, b: s(a), sigmoid)",
    "as a default": IMPORT + "def gate(a, b, squash=sigmoid):\n    return squash(a)",
    "in a dictionary": IMPORT + "table = dict(s=sigmoid)\n" + GATE + "return table['s'](a)",
    "by getattr": "import lstm_course.scratch as own\n" + GATE + "return getattr(own, 'sig' + 'moid')(a)",
    "by importlib": "import importlib\n" + GATE + "return importlib.import_module('lstm_course.scratch').sigmoid(a)",
    "by eval": IMPORT + GATE + "return eval('sigmoid(a)')",
    "by map": IMPORT + GATE + "return list(map(sigmoid, a))",
    "in a cache": IMPORT
    + "import functools\n@functools.lru_cache\ndef own():\n    return sigmoid\n"
    + GATE
    + "return own()(a)",
    "in a generator": IMPORT
    + "def rows(a):\n    for row in a:\n        yield sigmoid(row)\n"
    + GATE
    + "return [*rows(a)]",
    "in a thread": IMPORT
    + "import threading\n"
    + GATE
    + "out = []\n    t = threading.Thread(target=lambda: out.append(sigmoid(a)))\n    t.start()\n    t.join()\n"
    + "    return out[0]",
    "in a copy of the module": "import importlib.util, lstm_course.scratch.lstm as known\n"
    + GATE
    + "spec = importlib.util.spec_from_file_location('lstm_course.scratch.again', known.__file__)\n"
    + "    module = importlib.util.module_from_spec(spec)\n    spec.loader.exec_module(module)\n"
    + "    return module.sigmoid(a)",
    "through another function of the course": "from lstm_course.scratch import lstm_step\n"
    + GATE
    + "import numpy as np\n    return lstm_step(a, a, a, np.ones((12, 6)), np.ones(12))",
    "another library's layer, made elsewhere": "import torch\nlayer = torch.nn.LSTM(3, 3).double()\n"
    + GATE
    + "return layer(torch.tensor(a))[0]",
    "a subclass of another library's layer": "import torch\nclass Own(torch.nn.LSTM):\n    pass\n"
    + GATE
    + "return Own(3, 3)",
    "another library's layer": "import torch\n" + GATE + "return torch.nn.LSTM(3, 3)(torch.tensor(a))[0]",
    "another library's layer, shorter": "from torch import nn\n" + GATE + "return nn.LSTM(3, 3)",
    "another library's layer, shortest": "from torch.nn import LSTM\n" + GATE + "return LSTM(3, 3)",
}
OWN = {
    "of another library": "import torch\n" + GATE + "return torch.sigmoid(torch.tensor(a))",
    "of another library, imported": "from torch import sigmoid\n" + GATE + "return sigmoid(a)",
    "a method of a tensor": "import torch\n" + GATE + "return torch.tensor(a).sigmoid()",
    "written by oneself": "def sigmoid(z):\n    return z\n" + GATE + "return sigmoid(a)",
    "written within": GATE + "def sigmoid(z):\n        return z\n    return sigmoid(a)",
    "a class of one's own": "class LSTM:\n    def __call__(self, a):\n        return a\n" + GATE + "return LSTM()(a)",
    "something else of the course": "from lstm_course.scratch import lstm_step\n" + GATE + "return lstm_step",
    "imported and not used": IMPORT + GATE + "return a",
    "another layer of the same library": "import torch\n" + GATE + "return torch.nn.GRU(3, 3)(torch.tensor(a).float())",
    "held and not called": IMPORT + "table = [sigmoid]\n" + GATE + "return a",
    "calls itself": GATE + "return gate(a, b) if b is None else a",
}


def seen(answer, forbids=FORBIDDEN, lent=()):
    """The forbidden functions that the answer calls, whether or not it fails."""
    arguments = list(INPUTS.values())[: 1 if answer is lstm_course.scratch.sigmoid else 2]
    while True:
        watch = Watch(forbids, lent)
        with contextlib.suppress(Exception), watch.watching():
            answer(*arguments)
        if watch.complete:
            return watch.seen


@pytest.mark.parametrize("source", BORROWED.values(), ids=BORROWED)
def test_a_forbidden_call_is_noticed(source):
    assert len(seen(written(source))) == 1


@pytest.mark.parametrize("source", OWN.values(), ids=OWN)
def test_a_call_of_something_that_only_has_the_same_name_is_not(source):
    assert seen(written(source)) == set()


def test_calls_made_by_a_lent_function_do_not_count():
    from lstm_course import scratch

    answer = written("def gate(a, b):\n    return lstm_step(a, a, a, W, W[:, 0])[0]", W=np.ones((12, 6)))
    probe = Probe("gate", ("f",), {"lstm_step": "lstm_course.scratch:lstm_step"}, FORBIDDEN)
    assert call_answer(probe, answer, INPUTS).borrowed == ()
    answer.__globals__["lstm_step"] = scratch.lstm_step
    assert call_answer(Probe("gate", ("f",), {}, FORBIDDEN), answer, INPUTS).borrowed == FORBIDDEN[:1]


def test_a_library_that_the_answer_itself_loads_is_watched_too(monkeypatch, tmp_path):
    (tmp_path / "late_library.py").write_text("def gate(a):\n    return a\n", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    answer = written("def gate(a, b):\n    import late_library\n    return late_library.gate(a)")
    probe = Probe("gate", ("f",), forbids=("late_library:gate",))
    assert call_answer(probe, answer, INPUTS).borrowed == ("late_library:gate",)
    sys.modules.pop("late_library")


def test_a_profiler_is_restored():
    profiler = lambda *event: None  # noqa: E731
    sys.setprofile(profiler)
    try:
        call_answer(Probe("gate", ("f",), forbids=FORBIDDEN), lambda a, b: a, INPUTS)
        assert sys.getprofile() is profiler
    finally:
        sys.setprofile(None)


def test_forbidden_calls_are_reported_with_the_values():
    probe = Probe("gate", ("f",), forbids=FORBIDDEN)
    assert call_answer(probe, written(BORROWED["imported"]), INPUTS).borrowed == FORBIDDEN[:1]
    assert call_answer(probe, written(OWN["of another library"]), INPUTS).borrowed == ()


def test_one_array_that_holds_all_results_is_unpacked():
    two = Probe("step", ("h", "c"))
    outcome = call_answer(two, lambda x: np.stack([x, 2 * x]), {"x": np.arange(3.0)})
    assert outcome.values["h"].tolist() == [0, 1, 2] and outcome.values["c"].tolist() == [0, 2, 4]


def test_a_function_of_a_library_without_python_code_is_watched_too():
    answer = written(
        "import torch\ndef gate(a, b):\n    z = torch.zeros(4)\n"
        "    return torch.lstm_cell(torch.zeros(1, 1), (torch.zeros(1, 1),) * 2, z[:, None], z[:, None], z, z)[0]"
    )
    assert call_answer(Probe("gate", ("f",), forbids=("torch:lstm_cell",)), answer, INPUTS).borrowed
