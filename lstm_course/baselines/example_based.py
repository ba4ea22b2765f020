"""Translation without a network: the most similar training pair, with its words exchanged through a dictionary.

The dictionary is learned by counting which words occur together, with the first of the models of Brown and others
(1993), *The Mathematics of Statistical Machine Translation*. The order of the words comes from the similar pair, as in
example-based translation. Where a word could come from two places, the one that lies at about the same share of the
sentence is preferred.
"""

import math
from collections import defaultdict

from ..scratch import arguments


class ExampleBased:
    """A translator that looks things up.

    Parameters
    ----------
    sources, targets : sequences of sequences of str
        The training pairs.
    rounds : int
        How many times the dictionary is estimated anew.
    diagonal : float
        How strongly a place at the same share of the sentence is preferred; 0 is not at all.

    Raises
    ------
    ValueError
        If there are no pairs, or not as many sources as targets.

    Examples
    --------
    >>> pairs = [("a", "red", "cat"), ("a", "black", "dog"), ("a", "red", "dog")]
    >>> answers = [("un", "chat", "rouge"), ("un", "chien", "noir"), ("un", "chien", "rouge")]
    >>> ExampleBased(pairs, answers).translate(("a", "black", "cat"))
    ('un', 'chat', 'noir')
    """

    def __init__(self, sources, targets, rounds=10, diagonal=4.0):
        self.diagonal = diagonal
        self.sources, self.targets = [tuple(each) for each in sources], [tuple(each) for each in targets]
        if not self.sources or len(self.sources) != len(self.targets):
            raise ValueError(
                f"sources: wanted as many as targets and at least one, got {len(self.sources)} and {len(self.targets)}"
            )
        self.dictionary = dictionary(self.sources, self.targets, rounds)

    def nearest(self, source):
        """The row of the training pair whose source is as long as this one and agrees in most places, or None."""
        agree = [
            sum(a == b for a, b in zip(source, other, strict=True)) if len(other) == len(source) else -1
            for other in self.sources
        ]
        row = max(range(len(agree)), key=agree.__getitem__)
        return row if agree[row] >= 0 else None

    def translate(self, source):
        """The translation of a source, as a tuple of str; empty if no training source is as long."""
        row = self.nearest(source)
        if row is None:
            return ()
        example, answer, length = self.sources[row], [], len(self.targets[row])
        for t, word in enumerate(self.targets[row]):
            scores = [self.dictionary[known].get(word, 0.0) for known in (*example, None)]
            for k in range(len(example)):
                scores[k] *= math.exp(-self.diagonal * abs((k + 0.5) / len(example) - (t + 0.5) / length))
            place = max(range(len(scores)), key=scores.__getitem__)
            if place == len(example) or source[place] == example[place]:
                answer.append(word)
            else:
                entries = self.dictionary.get(source[place], {word: 1.0})
                answer.append(max(entries, key=entries.get))
        return tuple(answer)


def dictionary(sources, targets, rounds=10):
    """How probable each target word is as the translation of each source word, and of None, which stands for no word.

    Returns
    -------
    dict of dict
        ``dictionary(...)["two"]["zwei"]``
    """
    table = defaultdict(lambda: defaultdict(lambda: 1.0))
    for _ in range(arguments.size("rounds", rounds)):
        counts = defaultdict(lambda: defaultdict(float))
        for source, target in zip(sources, targets, strict=True):
            words = (*source, None)
            for word in target:
                total = sum(table[known][word] for known in words)
                for known in words:
                    counts[known][word] += table[known][word] / total
        table = {known: _shares(row) for known, row in counts.items()}
        table = defaultdict(dict, table)
    return {known: dict(row) for known, row in table.items()}


def _shares(row):
    whole = sum(row.values())
    return {word: count / whole for word, count in row.items()}
