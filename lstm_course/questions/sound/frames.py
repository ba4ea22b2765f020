"""17-frames: overlapping frames from sound that arrives in pieces."""

import numpy as np

from ..edits import edit
from ..question import Mistake, Output, Question


def _cases(rng):
    def case(new, old, width, hop):
        return dict(chunk=rng.normal(size=new), kept=rng.normal(size=old), width=width, hop=hop)

    return [
        case(6, 1, 4, 2),
        case(17, 3, 5, 2),
        case(10, 0, 4, 3),
        case(1, 6, 7, 3),
        case(2, 3, 9, 4),
        case(12, 4, 4, 4),
        case(40, 7, 8, 5),
        case(1, 0, 1, 1),
    ]


def _by_windows(chunk, kept, width, hop):
    samples = np.append(kept, chunk)
    if len(samples) < width:
        return np.zeros((0, width)), samples
    frames = np.lib.stride_tricks.sliding_window_view(samples, width)[::hop]
    return frames, samples[hop * len(frames) :]


FRAMES = Question(
    id="17-frames",
    name="cut_frames",
    points=2,
    outputs=(Output("frames", ("frame", "sample")), Output("kept", ("sample",))),
    cases=_cases,
    reference=_by_windows,
    mistakes=(
        Mistake(
            "the kept samples are forgotten",
            "You cut the frames from `chunk` alone. The first frame should begin with the samples that were kept.",
            edit("np.concatenate([kept, chunk])", "np.array(chunk)"),
        ),
        Mistake(
            "the overlap is lost",
            "You keep the samples after the end of the last frame. But frames overlap, so the next one begins earlier: "
            "`hop` samples after the last one began.",
            edit("samples[n * hop :]", "samples[max(0, (n - 1) * hop + width) if n else 0 :]"),
        ),
        Mistake(
            "everything is kept",
            "You keep samples that no later frame needs, so the same frames would come out again with the next piece.",
            edit("samples[n * hop :]", "samples"),
        ),
        Mistake(
            "the last samples are kept",
            "You keep the last `width` - `hop` samples. That is right only if the last frame ends with the last "
            "sample. Keep everything from the beginning of the next frame on.",
            edit("samples[n * hop :]", "samples[max(0, len(samples) - width + hop) :]"),
        ),
        Mistake(
            "one frame too few",
            "The last complete frame is missing. How many frames do exactly `width` samples make?",
            edit("// hop + 1", "// hop"),
        ),
        Mistake(
            "frames side by side",
            "Your frames begin every `width` samples, so they don't overlap. They should begin every `hop` samples.",
            edit(
                "(len(samples) - width) // hop + 1",
                "len(samples) // width",
                "samples[k * hop : k * hop + width]",
                "samples[k * width : (k + 1) * width]",
            ),
        ),
    ),
    hints=(
        "Put the kept samples and the new ones together. Where does the first frame begin, and where the second?",
        "Frame k begins at `k * hop` and is complete if `k * hop + width` samples are there. If there are n complete "
        "frames, where does frame n begin?",
        "`n = max(0, (len(samples) - width) // hop + 1)`; the frames are `samples[k * hop : k * hop + width]` for k "
        "from 0 to n - 1, and `samples[n * hop :]` is kept. If there is none, return an array of shape (0, width).",
    ),
    explain_right="Pieces of any length now give the same frames as the whole recording.",
)
