"""The quiz that closes lesson 05."""

from .question import Choice, Option

QUIZ = (
    Choice(
        id="05-quiz-summed",
        name="why_summed",
        points=1,
        text="In the backward pass over a sequence, `dW` of each step is added to those of the other steps, while `dx` "
        "is kept for each step by itself. Why?",
        options={
            "a": Option(
                "Adding makes the gradient larger, so that learning is faster.",
                "Its size is a matter of the learning rate. The sum is what the chain rule asks for.",
            ),
            "b": Option(
                "All steps use the same weights, and each step has an input of its own.",
                "Yes. A weight reaches the loss through every step, so its ways to the loss add up.",
            ),
            "c": Option(
                "`dx` should be added, too; it is kept apart to save time.",
                "Each input is used in one step only. A sum over them would be the gradient of nothing.",
            ),
        },
        right="b",
        hints=(
            "In how many steps is one particular weight used? And in how many one particular input?",
            "If a number reaches the loss on several ways, what does the chain rule do with their contributions?",
            "Write the loss for two steps, with the same $W$ in both, and take its derivative by $W$.",
        ),
    ),
    Choice(
        id="05-quiz-table",
        name="gradient_table",
        points=1,
        text="A course prints a table of the gradients that your backward pass should give for its example. Yours "
        "gives other numbers, and your gradient check agrees with yours to eight digits. What do you conclude?",
        options={
            "a": Option(
                "Your code is wrong: the table was printed by experts.",
                "A widely used course once printed a table from a backward pass that never carried the gradient "
                "through time. Finite differences do not depend on who wrote them.",
            ),
            "b": Option(
                "Both may be right; gradients are not unique.",
                "For one function and one point the gradient is unique. At most one of the two belongs to your loss.",
            ),
            "c": Option(
                "The gradient check is too coarse to tell.",
                "Eight digits are far more than a wrong term would leave.",
            ),
            "d": Option(
                "The table belongs to another function, or is wrong. Finite differences judge the code you have.",
                "Yes. They only ask your own forward pass, so a backward pass that agrees with them belongs to it.",
            ),
        },
        right="d",
        hints=(
            "What does a gradient check compare, and who else has a say in it?",
            "Finite differences move each number a little and run *your* forward pass again. Where could a mistake of "
            "the table come in?",
            "If backward pass and finite differences agree, the backward pass belongs to your forward pass. Then what "
            "can the table be?",
        ),
    ),
    Choice(
        id="05-quiz-forward-only",
        name="forward_agrees",
        points=1,
        text="Your outputs equal those of `torch.nn.LSTM` on a hundred random sequences. What is shown by that?",
        options={
            "a": Option(
                "That the forward pass is right for such inputs. The gradients are still to be compared.",
                "Yes. A backward pass can be wrong in silence, and training then still goes down, to a worse place.",
            ),
            "b": Option(
                "That the backward pass is right, too, as it follows from the forward pass.",
                "It follows by the chain rule, if you apply it without a mistake; and that is what has to be checked.",
            ),
            "c": Option(
                "Nothing: random inputs prove nothing.",
                "They show much: a swapped gate or a missing tanh would have been seen at the first of them.",
            ),
        },
        right="a",
        hints=(
            "Which lines of your code were run for that comparison, and which were not?",
            "Think of the quiet mistake of the lesson. Would it have changed an output?",
            "The comparison never called your backward pass.",
        ),
    ),
)
