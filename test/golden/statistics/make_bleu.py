"""Prints bleu.jsonl: what sacrebleu and SciPy say of corpus BLEU of two runs.

README.md beside it has the form of a case and the versions it was made with.
"""

import numpy as np
from sacrebleu.metrics import BLEU

from make_golden import bootstrap, say

WORDS = "the a index scan reads rows of that table in one order and sorts them by key when it has to".split()


def seed_of(text):
    """FNV-1a, as random_seed() of src/core/stats/random.c has it."""
    seed = 0xCBF29CE484222325
    for byte in text.encode():
        seed = (seed ^ byte) * 0x100000001B3 % (1 << 64)
    return seed


def make_text(rng, reference, share):
    """The reference, of which a share of words is another."""
    return " ".join(rng.choice(WORDS) if rng.random() < share else word for word in reference.split())


def parts_of(texts, references):
    return np.array(BLEU()._extract_corpus_statistics(texts, [references]))


def measure(sums):
    sums = [int(number) for number in sums]
    return BLEU.compute_bleu(correct=sums[2:6], total=sums[6:10], sys_len=sums[0], ref_len=sums[1],
                             smooth_method="exp", effective_order=False).score / 100


def case(name, baseline, candidate):
    both = np.hstack([baseline, candidate])

    def difference(units, axis):
        sums = both[units].sum(axis=-2)
        found = [measure(one[10:]) - measure(one[:10]) for one in sums.reshape(-1, 20)]
        return np.round(found, 12).reshape(sums.shape[:-1])

    bounds = bootstrap((np.arange(len(both)),), difference, seed_of("seed"))
    figures = [measure(both[:, :10].sum(axis=0)), measure(both[:, 10:].sum(axis=0))]
    say(name, "bleu", [list(baseline.ravel()), list(candidate.ravel())],
        [len(both), figures[0], figures[1], figures[1] - figures[0], bounds.low, bounds.high], 1e-8)


def main():
    for n, better in ((12, 0.3), (40, 0.5)):
        rng = np.random.default_rng(n)
        references = [" ".join(rng.choice(WORDS, size=rng.integers(5, 20))) for _ in range(n)]
        case(f"{n} texts", parts_of([make_text(rng, text, 0.5) for text in references], references),
             parts_of([make_text(rng, text, better) for text in references], references))


if __name__ == "__main__":
    main()
