"""The quiz that closes lesson 04."""

from .question import Choice, Option

QUIZ = (
    Choice(
        id="04-quiz-stores",
        name="what_stores",
        points=1,
        text="Somebody pauses a running cell between two steps and wants to carry on tomorrow. What has to be written "
        "down, and why only that?",
        options={
            "a": Option(
                "The three gates and the candidate: they know what to do next.",
                "They are made afresh at each step from h and x, and those of the last step are never needed again.",
            ),
            "b": Option(
                "c and h: everything else is made afresh at each step.",
                "Yes. Gates only decide; what one step leaves to the next is the cell state and the hidden state.",
            ),
            "c": Option(
                "c, h, and the inputs so far, since the gates depend on them.",
                "A gate sees the present input and the last h. What earlier inputs did is in c and h, or it is lost.",
            ),
            "d": Option(
                "The weights: a cell's memory is in its weights.",
                "Weights are the same for all sequences. What this sequence has left behind is in the states.",
            ),
        },
        right="b",
        hints=(
            "Look at the equations of one step. Which of the quantities on the right come from the step before?",
            "The gates are computed from $[h_{t-1}, x_t]$. Is any gate of step $t - 1$ needed for them?",
            "On the right of the six lines stand $x_t$, which comes tomorrow anyway, the weights, which do not change, "
            "and two quantities of the step before.",
        ),
    ),
    Choice(
        id="04-quiz-confident",
        name="confident_gate",
        points=1,
        text="A colleague finds forget gates that are nearly always at 0.98 or above and says: *these gates are too "
        "confident, the cell forgets too quickly.* What do you answer?",
        options={
            "a": Option(
                "You agree: a confident forget gate forgets.",
                "The name misleads. The gate is the share that is kept, and 0.98 keeps nearly all of it.",
            ),
            "b": Option(
                "It is the other way round, and it never forgets anything.",
                "The first half is right. But 0.98 to the power 35 is one half: it does forget, slowly.",
            ),
            "c": Option(
                "A gate near 1 keeps: at 0.98 half is still there after 34 steps.",
                "Yes. A gate that is confident near 0 would drop at once; near 1 it keeps, and leaks a little.",
            ),
            "d": Option(
                "Nothing can be said before one has seen the output gates.",
                "The output gate decides what is shown. How long the cell state lasts is up to the forget gate alone.",
            ),
        },
        right="c",
        hints=(
            "What does a forget gate of exactly 1 do with the cell state, and what does one of exactly 0?",
            "At 0.98, which share of the cell state is left after one step, after two, after ten?",
            "Solve $0.98^n = 0.5$ for $n$; and ask whether that is quick.",
        ),
    ),
    Choice(
        id="04-quiz-signs",
        name="tanh_for_gates",
        points=1,
        text="In a cell of your own you replace the sigmoid of the input gate by a tanh and change nothing else. What "
        "can happen now that could not before?",
        options={
            "a": Option(
                "The cell can write the opposite of its candidate.",
                "Yes. At i = -1 it subtracts what the candidate says: a gate between -1 and 1 is no share any more.",
            ),
            "b": Option(
                "The cell state can become negative.",
                "It could before: the candidate is a tanh and may be negative.",
            ),
            "c": Option(
                "The cell state can grow beyond 1.",
                "It could before: with f = 1 and i = 1 each step may add up to 1.",
            ),
        },
        right="a",
        hints=(
            "Which values could $i \\cdot g$ take before, and which can it take now?",
            "Take a candidate of 0.8. What is the least, and what the most, that a gate between 0 and 1 can make of "
            "it?",
            "With $0 \\le i \\le 1$ the product has always the sign of $g$. And with $-1 \\le i \\le 1$?",
        ),
    ),
    Choice(
        id="04-quiz-flat",
        name="flat_gate",
        points=1,
        text="Before any training, an input gate stands at $z = 10$ for every input. What does that mean?",
        options={
            "a": Option(
                "It is open and learns fast, since its value is large.",
                "It is open. But learning follows the slope, and at z = 10 the slope of the sigmoid is below 0.0001.",
            ),
            "b": Option(
                "It is shut, and nothing can be written.",
                "The sigmoid of 10 is nearly 1: it is open as far as a gate can be.",
            ),
            "c": Option(
                "The loss will be NaN, as exp(10) is large.",
                "A sigmoid that is written well overflows nowhere, and exp(10) is only 22,026.",
            ),
            "d": Option(
                "It is open, and it will hardly learn to be anything else.",
                "Yes. It is saturated: on flat ground a gradient is nearly zero, so its weights hardly move.",
            ),
        },
        right="d",
        hints=(
            "Where on the curve of the sigmoid is $z = 10$, and how steep is it there?",
            "A gradient through a gate is multiplied by $\\sigma(z)(1 - \\sigma(z))$. What is that at $z = 10$?",
            "$\\sigma(10) = 0.99995$, so the slope is about $0.00005$. Say what that means for the gate's value, and "
            "what for its learning.",
        ),
    ),
)
