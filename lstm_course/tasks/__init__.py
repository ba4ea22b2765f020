"""What is to be learned, one file a task.

- `adding`: add two marked numbers that lie far apart.
- `copy`: write ten symbols down again, in order, after a wait.
- `temporal_order`: two symbols far apart; which came first decides.
- `recall`: what was the first symbol?
- `reber`: predict strings of a grammar, and remember the second symbol until the end.
- `continual_reber`: the same strings one after another, for ever.
- `series`: series to be forecast, measured, simulated or your own; they have no batches, and no score of their own.

Each other task gives arrays (``batch``, or for the stream without end ``Stream``), a score for a network's outputs
(``score``), what the score is without having learned the task's point (``TRIVIAL``, or ``trivial`` where it
depends on a length), and its description in the file's docstring. `common` holds what they share.
"""
