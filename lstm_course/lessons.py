"""The list of lessons, with the numbers, titles and minutes that the README, the start page and the commands show."""

from dataclasses import dataclass
from pathlib import Path

# The kernel of every notebook in the course.
KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}


@dataclass(frozen=True)
class Lesson:
    """One lesson.

    Attributes
    ----------
    number : str
        Two digits, as in the file name: ``"04"``.
    slug : str
        The rest of the file name, and the name of the lesson's folder in ``questions/``.
    title, promise : str
        The name of the lesson, and the continuation of "afterwards you can".
    minutes : int
        How long it takes to read the lesson.
    exercise_minutes : int
        How long the exercises take.
    run_seconds : int
        How long the whole notebook runs on two cores, as stated in its first cell.
    builds_on : tuple of str
        The numbers of the lessons that it needs, those to which the row "needs" of its first cell leads.
    covers : tuple of str
        What one may look for in it.
    """

    number: str
    slug: str
    title: str
    promise: str
    minutes: int
    exercise_minutes: int
    run_seconds: int
    builds_on: tuple = ()
    covers: tuple = ()

    @property
    def stem(self):
        """The file name without its extension: ``"04_gates"``."""
        return f"{self.number}_{self.slug}"

    @property
    def part(self):
        """The part of the course to which it belongs, one of the values of `PARTS`."""
        return PARTS[max(first for first in PARTS if first <= self.number)]


LESSONS = (
    Lesson(
        "00",
        "primer",
        "Primer: what the course assumes",
        "say which of NumPy, matrices, slopes and the chain rule to brush up on, and where",
        minutes=45,
        exercise_minutes=45,
        run_seconds=3,
        covers=(
            "NumPy and shapes",
            "chain rule",
            "softmax and cross-entropy",
            "eigenvalues and singular values",
        ),
    ),
    Lesson(
        "01",
        "sequences",
        "Sequences, and why order matters",
        "bring words, melodies and records into one shape, and say what must be remembered and what must be beaten",
        minutes=35,
        exercise_minutes=50,
        run_seconds=20,
        covers=(
            "samples, time steps and features",
            "windows",
            "a network that sees each step alone",
            "last value, seasonal naive and n-grams as baselines",
            "random walk",
            "long horizons",
        ),
    ),
    Lesson(
        "02",
        "recurrent_networks",
        "Recurrent networks, and how they learn",
        "write a recurrent network and its backward pass, prove it right, and say what cutting the gradient costs",
        minutes=60,
        exercise_minutes=60,
        run_seconds=20,
        builds_on=("00", "01"),
        covers=(
            "unrolling",
            "backpropagation through time",
            "gradient check",
            "truncated gradients and lag",
            "what Adam does to small gradients",
        ),
    ),
    Lesson(
        "03",
        "vanishing_gradients",
        "Vanishing and exploding gradients",
        "measure how far a network's gradient reaches, explain why, and keep an exploding one under control",
        minutes=60,
        exercise_minutes=50,
        run_seconds=25,
        builds_on=("02",),
        covers=(
            "products of Jacobians",
            "the bound by singular values",
            "spectral radius",
            "the cliff in the loss",
            "gradient clipping",
            "vanishing gradients and what is still learned",
        ),
    ),
    Lesson(
        "04",
        "gates",
        "The cell state and its three gates",
        "look at three gates and say what a cell will remember, forget and show",
        minutes=40,
        exercise_minutes=60,
        run_seconds=5,
        builds_on=("02",),
        covers=(
            "cell state as a conveyor belt",
            "forget, input and output gate",
            "candidate",
            "why sigmoid and tanh",
            "what stores and what only decides",
            "saturated gates",
            "sliders for the gates",
        ),
    ),
    Lesson(
        "05",
        "lstm_from_scratch",
        "An LSTM from scratch",
        "write an LSTM in NumPy, forward and backward, prove it right, and train it on a grammar and a text",
        minutes=90,
        exercise_minutes=105,
        run_seconds=25,
        builds_on=("02", "04"),
        covers=(
            "forward and backward in NumPy",
            "comparison with PyTorch",
            "embedded Reber grammar",
            "a lag of 100 steps",
            "writing verses",
            "speed",
        ),
    ),
    Lesson(
        "06",
        "memory_horizon",
        "The memory horizon",
        "say how many steps an LSTM will keep something, set that number before training, and check it",
        minutes=60,
        exercise_minutes=50,
        run_seconds=25,
        builds_on=("03", "04", "05"),
        covers=(
            "constant error carousel",
            "direct path and whole gradient",
            "forget bias",
            "chrono initialisation",
            "horizon",
        ),
    ),
    Lesson(
        "07",
        "learning_to_forget",
        "Learning to forget",
        "say what a forget gate does, prove it by operating on a network, and build a machine that needs its memory",
        minutes=60,
        exercise_minutes=75,
        run_seconds=30,
        builds_on=("05",),
        covers=(
            "the cell of 1997",
            "an endless stream of Reber strings",
            "adding problem",
            "temporal order",
        ),
    ),
    Lesson(
        "08",
        "which_gates_matter",
        "Which gates matter",
        "take a part out of an LSTM in two ways, say what each shows, and choose a cell on evidence",
        minutes=60,
        exercise_minutes=55,
        run_seconds=15,
        builds_on=("05", "06"),
        covers=(
            "the eight variants",
            "ablation",
            "peepholes",
            "GRU",
            "coupled gates",
        ),
    ),
    Lesson(
        "09",
        "frameworks",
        "The same network in NumPy, PyTorch and Keras",
        "move a network between three libraries, train it in two, and catch the mistakes that raise no error",
        minutes=75,
        exercise_minutes=60,
        run_seconds=30,
        builds_on=("05", "06"),
        covers=(
            "NumPy, PyTorch and Keras",
            "TensorFlow",
            "order of the gates, and biases",
            "a regression model and a classifier",
        ),
    ),
    Lesson(
        "10",
        "batches_and_layers",
        "Batches and layers",
        "train on sequences of different lengths, and make sure padding, batches and order don't change the answers",
        minutes=60,
        exercise_minutes=60,
        run_seconds=20,
        builds_on=("05",),
        covers=(
            "padding and masks",
            "packed sequences",
            "last valid step",
            "many-to-one and many-to-many",
            "tagging",
            "stacked and bidirectional layers",
            "carrying the state",
        ),
    ),
    Lesson(
        "11",
        "training_well",
        "Training well",
        "repair a network that guesses, one setting at a time, and tell what mattered from what did not",
        minutes=60,
        exercise_minutes=60,
        run_seconds=20,
        builds_on=("03", "05", "06"),
        covers=(
            "learning rate, batch size and schedules",
            "weights and forget bias at the start",
            "early stopping",
            "dropout and recurrent dropout",
            "a recipe",
            "what an LSTM does not mend",
        ),
    ),
    Lesson(
        "12",
        "text_generation",
        "Writing text",
        "train a network to write, say in bits how well it reads, and move one thing that it keeps in mind",
        minutes=75,
        exercise_minutes=60,
        run_seconds=35,
        builds_on=("05", "07", "11"),
        covers=(
            "bits per character",
            "temperature",
            "the next word",
            "agreement of a verb with a subject far back",
            "your own text file",
            "a unit that tracks something",
        ),
    ),
    Lesson(
        "13",
        "text_classification",
        "Classifying text",
        "classify texts with a bag of words and with an LSTM, and say when the order of the words pays",
        minutes=75,
        exercise_minutes=60,
        run_seconds=25,
        builds_on=("06", "10", "11"),
        covers=(
            "word vectors",
            "sentiment",
            "intent",
            "dialogue",
            "pronouns",
            "which word opened which gate",
        ),
    ),
    Lesson(
        "14",
        "translation",
        "Translation, and attention",
        "write an encoder, a decoder and attention, search for the likeliest output, and test what attention does",
        minutes=75,
        exercise_minutes=60,
        run_seconds=30,
        builds_on=("09", "10", "11"),
        covers=(
            "encoder and decoder",
            "teacher forcing",
            "beam search",
            "attention and its alignment picture",
        ),
    ),
    Lesson(
        "15",
        "forecasting",
        "Forecasting, and how to judge a forecast",
        "forecast a series without looking ahead, compare methods fairly, and say how far a forecast can be trusted",
        minutes=90,
        exercise_minutes=65,
        run_seconds=20,
        builds_on=("01", "05"),
        covers=(
            "scaling without looking ahead",
            "rolling origins",
            "one step and many steps ahead",
            "residual models",
            "trend, season and weather",
            "noise and gaps",
            "share prices, random walks and a price with a season",
            "Holt-Winters, autoregression and ridge",
        ),
    ),
    Lesson(
        "16",
        "anomalies",
        "Anomalies, and how to raise an alarm",
        "score how unusual each moment of a signal is, turn scores into alarms at a price, and compare with rivals",
        minutes=90,
        exercise_minutes=60,
        run_seconds=30,
        builds_on=("06", "11", "15"),
        covers=(
            "vital signs",
            "movements from a sensor",
            "fraud in card payments",
            "thresholds, ROC curve and cost",
            "an early symptom",
        ),
    ),
    Lesson(
        "17",
        "sound",
        "Sound: melodies, speech and a wake word",
        "continue a melody and hear it, turn speech into letters without a timetable, and watch a stream for one word",
        minutes=75,
        exercise_minutes=70,
        run_seconds=30,
        builds_on=("10", "12", "14"),
        covers=(
            "melodies",
            "wake word",
            "speech to letters with CTC",
        ),
    ),
    Lesson(
        "18",
        "vision_and_small_devices",
        "Video, and small devices",
        "name an action before it ends, say what a step of an LSTM costs, and put a network on a small device",
        minutes=75,
        exercise_minutes=65,
        run_seconds=30,
        builds_on=("09", "10"),
        covers=(
            "actions in video",
            "cost of a step",
            "pruning",
            "8 bits",
            "ONNX and a loop in C",
            "speed and size",
        ),
    ),
    Lesson(
        "19",
        "beyond_lstm",
        "Beyond the LSTM",
        "write attention and newer cells, say which network a task calls for, and test what a state is used for",
        minutes=90,
        exercise_minutes=65,
        run_seconds=35,
        builds_on=("14", "18"),
        covers=(
            "attention and the causal mask",
            "transformer block",
            "parity and associative recall",
            "a forget gate that can change the sign",
            "little data",
            "hybrids",
            "minLSTM and the parallel scan",
            "xLSTM: sLSTM and mLSTM",
            "probes, and moves along them",
            "what a picture of attention shows",
            "what to choose when",
        ),
    ),
    Lesson(
        "20",
        "capstone",
        "A project of your own",
        "take a question of your own to a page of report that a stranger can check, and grade such a page",
        minutes=75,
        exercise_minutes=120,
        run_seconds=20,
        builds_on=("11", "15"),
        covers=(
            "a question of your own",
            "rubric",
            "negative results",
            "your own data",
        ),
    ),
)


# The parts of the course, each with its first lesson.
PARTS = {"00": "Memory", "04": "The cell", "09": "Practice", "12": "Applications", "19": "Beyond"}


@dataclass(frozen=True)
class Route:
    """A way through the course for one kind of reader.

    Attributes
    ----------
    name : str
        Who it is for, as a heading.
    numbers : tuple of str
        The lessons, in the order in which they are read.
    advice : str
        A sentence on what to do besides.
    """

    name: str
    numbers: tuple
    advice: str


ROUTES = (
    Route(
        "If you have one day",
        ("01", "02", "03", "04", "05", "06", "09", "11"),
        "Of lesson 02 read part one, and of lesson 05 what comes before *A task that needs memory*. "
        "Leave the exercises for later, except the first of each.",
    ),
    Route(
        "If you want to use LSTMs at work",
        ("04", "06", "09", "10", "11", "15"),
        "Then read the application closest to yours, and lesson 20. Look up what you miss in lessons 02 and 05.",
    ),
    Route(
        "If you teach",
        ("04", "05", "07", "08", "11"),
        "These have the most to show in class. Each lesson has a page with a plan in minutes in `teaching/`.",
    ),
)


def find(key):
    """The lesson that `key` names: ``"04"``, ``"4"``, ``"04_gates"``, ``"gates"``, or the path of its notebook.

    Raises
    ------
    ValueError
        If no lesson has that name; the message lists the lessons.
    """
    stem = Path(str(key)).stem
    for lesson in LESSONS:
        if stem in (lesson.number, str(int(lesson.number)), lesson.stem, lesson.slug):
            return lesson
    known = ", ".join(lesson.stem for lesson in LESSONS)
    raise ValueError(f"lesson: there is no lesson called {str(key)!r}; the lessons are {known}")


def course_root():
    """The folder that holds ``notebooks/``, ``exercises/`` and ``solutions/``.

    Raises
    ------
    FileNotFoundError
        If the package was installed without the course around it (``pip install .`` instead of
        ``pip install -e .``).
    """
    root = Path(__file__).resolve().parent.parent
    if not (root / "solutions").is_dir():
        raise FileNotFoundError(
            f"The course's notebooks are not beside the package in {root}; "
            "install it from its folder with: pip install -e ."
        )
    return root
