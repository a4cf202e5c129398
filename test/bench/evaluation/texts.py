"""
How many texts a second reference implementations score.

texts.py FILE: prints each score's name, pairs a second and the mean score, as
bench_texts does of the same pairs. Each pair is scored once: sacrebleu keeps
the tokens of texts that it has seen.
"""

import re
import string
import sys
import time
from collections import Counter

from rapidfuzz.distance import Levenshtein
from rouge_score.rouge_scorer import RougeScorer
from sacrebleu.metrics import BLEU, CHRF


def read_pairs(path):
    with open(path, newline="\n") as file:
        return [line[:-1].replace("\v", "\n").split("\t") for line in file]


def squad(text):
    kept = "".join(c for c in text.lower() if c not in string.punctuation)
    return " ".join(re.sub(r"\b(a|an|the)\b", " ", kept).split())


def token_f1(text, reference):
    one, other = squad(text).split(), squad(reference).split()
    matched = sum((Counter(one) & Counter(other)).values())
    return 2 * matched / (len(one) + len(other)) if matched else 0


def rouge(kind, stem=False):
    scorer = RougeScorer([kind], use_stemmer=stem)
    return lambda text, reference: scorer.score(reference, text)[kind].fmeasure


def main():
    bleu, chrf = BLEU(effective_order=True), CHRF()
    scores = {
        "quasi_exact_match": lambda t, r: squad(t) == squad(r),
        "token_f1": token_f1,
        "levenshtein": Levenshtein.normalized_similarity,
        "rouge_1": rouge("rouge1"),
        "rouge_2": rouge("rouge2"),
        "rouge_l": rouge("rougeL"),
        "rouge_l+stems": rouge("rougeL", True),
        "rouge_lsum": rouge("rougeLsum"),
        "bleu": lambda t, r: bleu.sentence_score(t, [r]).score / 100,
        "chrf": lambda t, r: chrf.sentence_score(t, [r]).score / 100,
    }
    pairs = read_pairs(sys.argv[1])
    for name, score in scores.items():
        begin = time.process_time()
        total = sum(score(text, reference) for text, reference in pairs)
        print(name, "%.0f" % (len(pairs) / (time.process_time() - begin)), "%.6f" % (total / len(pairs)))


if __name__ == "__main__":
    main()
