"""Tasks to be learned, one file each.

- `adding`: add two marked numbers that lie far apart.
- `copy`: repeat ten symbols, in order, after a wait.
- `temporal_order`: tell which of two symbols, far apart, came first.
- `recall`: name the first symbol.
- `parity`: is the number of ones so far odd?
- `associative_recall`: name the value that was given with a key.
- `reber`: predict strings of a grammar, and remember the second symbol until the end.
- `continual_reber`: predict an endless stream of such strings.
- `series`: series to be forecast, measured, simulated or your own. They have no batches and no score of their own.
- `catchment`: weather and the flow of a river, measured or simulated. The same holds for it.
- `seattle_days`: ten numbers for each day of weather, measured. The same holds for it.
- `world_names`: words whose language is to be told from their letters. The same holds for it.
- `vowels`: recorded speech, to be told by its speaker. The same holds for it.
- `source_code`: Python to be coloured, character by character. The same holds for it.
- `opinions`: opinions from templates: does the writer like it in the end? The same holds for it.
- `dialogue`: conversations in which an early sentence decides a late answer. The same holds for it.
- `labelled_text`: your own texts with labels, and words as numbers. The same holds for it.
- `word_vectors`: vectors of words, from counts or from a file. The same holds for it.
- `translation`: numbers in English and German, and dates in ten languages. The same holds for it.
- `plays`: Shakespeare's comedies, to be continued character by character. The same holds for it.
- `capstone`: five small projects on real data, each with a tuned simple method. The same holds for it; with it go
  `rubric`, by which a project is graded, and `suspects`, preparations of data some of which look ahead.
- `own_text`: a text file of your own, split into parts. The same holds for it.
- `vital_signs`: a recorded pulse and heartbeat, and events to put into it. The same holds for it.
- `ward`: simulated patients whose early symptom decides a later question. The same holds for it.
- `movements`: a watch on the wrist, to be told by what its wearer does. The same holds for it.
- `cards`: simulated payments, and frauds that are patterns in time. The same holds for it.
- `melodies`: German folk songs, to be continued note by note, and notes as sound. The same holds for it.
- `speech`: synthetic speech, its frames, and a stream with a wake word. The same holds for it.
- `recording`: a WAV file of your own. The same holds for it.
- `agreement`: sentences whose verb must agree with a subject far back. It has its own `sentences` and `accuracy`.

The protocol
------------
The tasks from `adding` to `continual_reber` have the same functions. A file documents only what is special about its
own, and its docstring explains the task. `common` holds what the tasks share.

``batch(count, length, seed)`` returns a ``Batch`` of `count` sequences: frozen arrays with N = `count` rows and, for
the inputs ``x``, the shape (N, T, D).

    count : int
        At least 1.
    length : int
        What the task counts by it, mostly the number of steps T. `reber` has no such argument, as its grammar decides.
    seed : int or numpy.random.Generator
        The same seed gives the same batch; a generator continues where it is.
    shortest : int, optional
        In `adding` and `recall`: each sequence gets a length of its own, drawn evenly from `shortest` to `length`, and
        ``mask`` tells where it ends. Short sequences help a network that cannot learn the long ones at once.

``score(outputs, batch)`` returns a ``Score``, a named tuple, for the outputs of a network.

    outputs : array
        Finite numbers in the shape that the task's ``score`` names. Where an output belongs to a symbol or a class, the
        highest wins, so logits and probabilities will both do; a tie counts as wrong.
    batch : Batch
        A batch of the same task.

``TRIVIAL``, or ``trivial(...)`` where it depends on a length, is the score that is reached without learning the point
of the task.

All of them raise a ValueError, with a sentence that begins with the name of the argument, if an argument is not as
described. ``continual_reber.Stream(count, seed).next(length)`` takes the place of ``batch``, because each piece of a
stream continues the last.
"""
