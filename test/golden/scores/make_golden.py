"""
Writes cases.jsonl: texts and what reference implementations say of them.

README.md has the versions, and the form of a case.
"""

import json
import math
import random
import re
import string
import unicodedata
from collections import Counter

from nltk.stem.porter import PorterStemmer
from rapidfuzz.distance import Levenshtein
from rouge_score import rouge_scorer, tokenize as rouge_tokenize
from sacrebleu.metrics import BLEU, CHRF
from sacrebleu.tokenizers.tokenizer_13a import Tokenizer13a
from sklearn.metrics import dcg_score

PORTER = PorterStemmer()
THIRTEEN_A = Tokenizer13a()
SENTENCE_BLEU = BLEU(effective_order=True)
CORPUS_BLEU = BLEU()
CHRF6 = CHRF()


# ---- words as we define them where there is no package ----------------------

def squad_text(text):
    """SQuAD's normalisation: lower, punctuation, articles, white space."""
    kept = "".join(c for c in text.lower() if c not in string.punctuation)
    return " ".join(re.sub(r"\b(a|an|the)\b", " ", kept).split())


UNSPACED = [(0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x3005, 0x3007), (0x3040, 0x30FF),
            (0x31F0, 0x31FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xA9E0, 0xA9FF), (0xAA60, 0xAA7F),
            (0xF900, 0xFAFF), (0xFF66, 0xFF9F), (0x1B000, 0x1B16F), (0x20000, 0x3FFFF)]
JOINERS = "\u200c\u200d\u00ad"


def unicode_words(text, lower, symbols):
    """Runs of letters, numbers and marks; characters of scripts without spaces alone."""
    text = unicodedata.normalize("NFC", text.lower() if lower else text)
    words, before = [], "space"
    for c in text:
        category = unicodedata.category(c)
        if category[0] in "LN":
            alone = any(first <= ord(c) <= last for first, last in UNSPACED)
            kind = "alone" if alone else "word"
            if kind == "word" and before == "word":
                words[-1] += c
            else:
                words.append(c)
        elif category[0] == "M" or c in JOINERS:
            kind = before
            if before in ("word", "alone"):
                words[-1] += c
            else:
                kind = "space"
        elif c.isspace():
            kind = "space"
        else:
            kind = "symbol"
            if symbols:
                words.append(c)
        before = kind
    return words


def stem_words(words):
    return [PORTER.stem(w) if len(w) > 3 and re.fullmatch("[a-z0-9]+", w) else w for w in words]


class UnicodeTokenizer:
    """For rouge-score, which takes another tokenizer."""

    def __init__(self, stem):
        self.stem = stem

    def tokenize(self, text):
        words = unicode_words(text, True, False)
        return stem_words(words) if self.stem else words


def drops_letters(text):
    """Whether rouge-score's words leave out letters, numbers or accents."""
    return any(unicodedata.category(c)[0] in "LNM" and not re.match("[a-z0-9]", c)
               and not 0xFE00 <= ord(c) <= 0xFE0F for c in text.lower())


# ---- scores -----------------------------------------------------------------

def token_f1(one, other):
    matched = sum((Counter(one) & Counter(other)).values())
    if not one or not other:
        return float(one == other)
    if matched == 0:
        return 0.0
    precision, recall = matched / len(one), matched / len(other)
    return 2 * precision * recall / (precision + recall)


def without_articles(words):
    return [w for w in words if w not in ("a", "an", "the")]


ROUGE = {"rouge_1": "rouge1", "rouge_2": "rouge2", "rouge_l": "rougeL", "rouge_lsum": "rougeLsum"}


def rouge(text, references, stem, by_unicode):
    if not by_unicode and any(drops_letters(t) for t in [text] + references):
        return dict.fromkeys(ROUGE)
    tokenizer = UnicodeTokenizer(stem) if by_unicode else None
    scorer = rouge_scorer.RougeScorer(list(ROUGE.values()), use_stemmer=stem, tokenizer=tokenizer)
    tokens = tokenizer.tokenize if by_unicode else lambda t: rouge_tokenize.tokenize(t, None)
    scores = scorer.score_multi(references, text)
    values = {name: scores[kind].fmeasure for name, kind in ROUGE.items()}
    # What is ours: two texts without a word are equal.
    if not tokens(text) and any(not tokens(r) for r in references):
        values = dict.fromkeys(ROUGE, 1.0)
    return values


def bleu_score(metric, statistics):
    return min(metric._compute_score_from_stats(list(statistics)).score / 100, 1.0)


def bleu(text, references, by_unicode):
    """The score and its parts."""
    if not by_unicode and any("<skipped>" in t for t in [text] + references):
        return None, None
    if by_unicode:
        metric = BLEU(effective_order=True, tokenize="none")
        text, references = [[" ".join(unicode_words(t, False, True)) for t in ts] for ts in ([text], references)]
        text = text[0]
    else:
        metric = SENTENCE_BLEU
    parts = metric._extract_corpus_statistics([text], [[r] for r in references])[0]
    if parts[0] == 0 and parts[1] == 0:
        return 1.0, parts
    return bleu_score(metric, parts), parts


def chrf(text, references):
    if not "".join(text.split()) and any(not "".join(r.split()) for r in references):
        return 1.0
    return CHRF6.sentence_score(text, references).score / 100


def score_case(name, text, references):
    case = {"name": name, "text": text, "references": references}
    case["quasi_exact"] = float(any(squad_text(text) == squad_text(r) for r in references))
    case["token_f1"] = max(token_f1(squad_text(text).split(), squad_text(r).split()) for r in references)
    case["token_f1 unicode"] = max(token_f1(without_articles(unicode_words(text, True, False)),
                                            without_articles(unicode_words(r, True, False))) for r in references)
    case["levenshtein"] = max(Levenshtein.normalized_similarity(text, r) for r in references)
    for stem in (False, True):
        for by_unicode in (False, True):
            for kind, value in rouge(text, references, stem, by_unicode).items():
                case[kind + " stems" * stem + " unicode" * by_unicode] = value
    case["bleu"], case["bleu parts"] = bleu(text, references, False)
    case["bleu unicode"], _ = bleu(text, references, True)
    case["chrf"] = chrf(text, references)
    return case


# ---- texts ------------------------------------------------------------------

MULLER = "M\u00fcller"
EDGES = [
    ("both empty", "", [""]),
    ("both white space", " \n\t", ["  "]),
    ("one empty", "", ["Paris"]),
    ("the other empty", "Paris", [""]),
    ("one token", "Paris", ["Paris"]),
    ("one token in another case", "paris", ["Paris"]),
    ("one token, another", "Rome", ["Paris"]),
    ("two tokens", "to be", ["to be"]),
    ("three tokens", "the same thing", ["the same thing"]),
    ("all equal", "the quick brown fox jumps over the lazy dog", ["the quick brown fox jumps over the lazy dog"]),
    ("nothing in common", "one two three four five", ["six seven eight nine ten"]),
    ("only articles", "the a an", ["The"]),
    ("only articles, and a word", "the", ["word"]),
    ("only punctuation", "?!", ["..."]),
    ("the same punctuation", "...", ["..."]),
    ("an article in quotation marks that are no ASCII", "\u201ca\u201d word", ["\u201c\u201d word"]),
    ("an article with an accent put on it", "the\u0301 end", ["end"]),
    ("an article with a letter behind it", "the\u00e4 end", ["the end"]),
    ("articles that are joined by punctuation", "a-an the_end", ["aan end"]),
    ("composed, twice", MULLER, [MULLER]),
    ("composed and decomposed", MULLER, ["Mu\u0308ller"]),
    ("two umlauts", MULLER, ["M\u00f6ller"]),
    ("decomposed, twice", "Mu\u0308ller", ["Mo\u0308ller"]),
    ("capital letters that are no ASCII", "\u00c4RGER IN K\u00d6LN", ["\u00e4rger in k\u00f6ln"]),
    ("a sigma at the end of a word", "\u039f\u0394\u039f\u03a3 \u03a3\u039f\u03a6\u0399\u0391", ["\u03bf\u03b4\u03bf\u03c2 \u03c3\u03bf\u03c6\u03b9\u03b1"]),
    ("a capital I with a dot", "\u0130stanbul", ["i\u0307stanbul"]),
    ("a sharp s", "Stra\u00dfe", ["STRASSE"]),
    ("Kelvin's sign becomes a k", "300 \u212a", ["300 k"]),
    ("fractions and powers", "\u00bd of 10\u00b2", ["half of 100"]),
    ("Cyrillic", "\u041c\u043e\u0441\u043a\u0432\u0430 \u0441\u043b\u0435\u0437\u0430\u043c \u043d\u0435 \u0432\u0435\u0440\u0438\u0442", ["\u041c\u043e\u0441\u043a\u0432\u0430 \u0432\u0435\u0440\u0438\u0442 \u0441\u043b\u0435\u0437\u0430\u043c"]),
    ("Chinese", "\u5317\u4eac\u662f\u4e2d\u56fd\u7684\u9996\u90fd\u3002", ["\u4e2d\u56fd\u7684\u9996\u90fd\u662f\u5317\u4eac\u3002"]),
    ("Japanese", "\u6771\u4eac\u306f\u65e5\u672c\u306e\u9996\u90fd\u3067\u3059", ["\u65e5\u672c\u306e\u9996\u90fd\u306f\u30c8\u30a6\u30ad\u30e7\u30a6\u3067\u3059"]),
    ("Thai", "\u0e01\u0e23\u0e38\u0e07\u0e40\u0e17\u0e1e\u0e2f", ["\u0e01\u0e23\u0e38\u0e07\u0e40\u0e17\u0e1e"]),
    ("Arabic", "\u0627\u0644\u0642\u0627\u0647\u0631\u0629 \u0639\u0627\u0635\u0645\u0629 \u0645\u0635\u0631", ["\u0639\u0627\u0635\u0645\u0629 \u0645\u0635\u0631 \u0627\u0644\u0642\u0627\u0647\u0631\u0629"]),
    ("Devanagari", "\u0928\u092e\u0938\u094d\u0924\u0947 \u0926\u0941\u0928\u093f\u092f\u093e", ["\u0928\u092e\u0938\u094d\u0924\u0947 \u0926\u0941\u0928\u093f\u092f\u093e"]),
    ("Latin and Chinese", "GPT\u56de\u7b54 42", ["GPT \u56de\u7b54 42"]),
    ("Han beyond the first plane", "\U00020000\U00020001", ["\U00020001\U00020000"]),
    ("emoji", "well done \U0001f44d\U0001f3fd", ["well done \U0001f44d"]),
    ("a heart with a variation selector", "I \u2764\ufe0f SQL", ["I \u2764 SQL"]),
    ("a joiner within a word", "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645", ["\u0645\u06cc \u062e\u0648\u0627\u0647\u0645"]),
    ("a soft hyphen within a word", "data\u00adbase", ["database"]),
    ("an accent that stands alone", "a \u0301b", ["a b"]),
    ("separators that are white space to Python", "a\u2003b\u00a0c\x1cd\u3000e", ["a b c d e"]),
    ("a line separator", "a\u2028b", ["a b"]),
    ("carriage returns", "one\r\ntwo\rthree", ["one\ntwo\nthree"]),
    ("tokens repeated in the text", "the cat the cat the cat", ["the cat sat"]),
    ("tokens repeated in the reference", "the cat sat", ["the cat the cat the cat"]),
    ("one token many times", "the the the the the the the", ["the cat is on the mat"]),
    ("several references, the second is best", "the cat sat on the mat",
     ["a dog lay on a rug", "the cat sat on the mat", "nothing"]),
    ("several references, parts of each", "the fast brown fox leaps", ["the quick brown fox", "fast foxes", "a fox leaps high up"]),
    ("references that are equally near in length", "one two three four", ["one two three", "one two three four five"]),
    ("a reference that is empty, and one that is not", "", ["Paris", ""]),
    ("a reference of which letters would be left out", "Paris", ["Paris", "\u30d1\u30ea"]),
    ("lines", "the cat sat\non the mat\nand slept", ["the cat lay on a mat\nit slept"]),
    ("lines in another order", "b b c d\na b c\nx y", ["a b c d\nx b y\nc c"]),
    ("empty lines", "\n\nfirst\n\n\nsecond\n", ["first\nsecond"]),
    ("lines without words", "...\nfirst\n---\n", ["first\n!!!"]),
    ("lines that are equal", "yes yes\nyes yes\nyes", ["yes\nyes\nyes yes yes"]),
    ("a line break within quotes of SQuAD", "The\nUnited\tStates", ["united states"]),
    ("digits with stops", "1.5 1,000 .5 5. 1.a a.1 1..2 ..2 1.,2 ,.,", ["1.5 1,000.5"]),
    ("dashes", "1-2 a-b -1 1- 1--2 -- 3-.-4 -", ["1 - 2 a-b -1"]),
    ("stops behind letters that are no ASCII", "\u00fc.\u00fc,5\u00fc 5.\u00fc", ["\u00fc . \u00fc"]),
    ("entities", "&lt;b&gt; &amp;amp; &amp;lt; &quot;x&quot; &amp;quot; & &nbsp;", ["<b> & \"x\""]),
    ("words divided at the end of lines", "a hyphen-\nated word-\n", ["a hyphenated word-"]),
    ("a dash before a carriage return", "hyphen-\r\nated", ["hyphenated"]),
    ("what sacrebleu skips", "this is <skipped> text", ["this is text"]),
    ("all ASCII punctuation", string.punctuation, [" ".join(string.punctuation)]),
    ("apostrophes", "don't can't it's", ["do n't ca n't it 's"]),
    ("control characters", "a\x01b\x7fc", ["a b c"]),
    ("more runs than the text is long", "ab", ["abababab"]),
    ("characters that are repeated", "aaaaaaaaaaaaaaaa", ["aaaaaaaa"]),
    ("exactly 64 characters", "x" * 64, ["x" * 32 + "y" * 32]),
    ("65 characters", "ab" * 32 + "c", ["ba" * 32 + "c"]),
    ("characters that are moved", string.ascii_lowercase * 5, [string.ascii_lowercase[13:] * 5]),
    ("inflected words", "The relational databases were conditionally optimized, flying happily",
     ["relate database condition optimizing flies happy"]),
]

ENGLISH = ("the a an of to in is was for on that with as by at from it database databases query queries index "
           "indexes running runs ran optimized optimization optimizer relational relation relations transaction "
           "transactional happily happy happiness national nations nationality plan planner planning planned "
           "hopeful hopefully generalization generalizations oscillators easily easy flies flying died dying "
           "agreed feed feeding sky skies news rate rating rated controlling controlled rolling 42 1999 3rd "
           "don't re-index up-to-date U.S. 1,000.5 e.g. yes no not").split()
SCRIPTS = ["M\u00fcller", "Mu\u0308ller", "\u00e9t\u00e9", "\u041c\u043e\u0441\u043a\u0432\u0430", "\u5317\u4eac", "\u6771\u4eac\u306f", "\u0e44\u0e17\u0e22",
           "\u0928\u092e\u0938\u094d\u0924\u0947", "\u2764\ufe0f", "\u2014", "\u201cquoted\u201d", "\u00bd"]
MARKS = [".", ",", "!", "?", ";", ":", "-", "\u2013", "(", ")", "\"", "'", "%", "$", "&", "&amp;", "/"]


def random_text(draw, words, length):
    out = ""
    for _ in range(length):
        out += draw.choice(words)
        if draw.random() < 0.15:
            out += draw.choice(MARKS)
        out += draw.choice(["\n", " ", "  "]) if draw.random() < 0.15 else " "
    return out


def change(draw, text, words):
    """What an answer may be like that is not quite the expected one."""
    pieces = text.split(" ")
    for _ in range(draw.randint(0, len(pieces) // 2)):
        i = draw.randrange(len(pieces))
        what = draw.randrange(4)
        if what == 0:
            pieces[i] = draw.choice(words)
        elif what == 1:
            pieces.insert(i, draw.choice(words))
        elif what == 2 and len(pieces) > 1:
            del pieces[i]
        else:
            j = draw.randrange(len(pieces))
            pieces[i], pieces[j] = pieces[j], pieces[i]
    return " ".join(pieces)


def random_pairs(draw):
    for i in range(300):
        words = draw.sample(ENGLISH, draw.randint(4, len(ENGLISH)))
        if i % 3 == 2:
            words += SCRIPTS
        reference = random_text(draw, words, draw.choice([1, 2, 5, 12, 20, 40]))
        text = change(draw, reference, words) if i % 4 else random_text(draw, words, draw.randint(0, 40))
        references = [reference] + [change(draw, reference, words) for _ in range(draw.choice([0, 0, 0, 1, 3]))]
        yield "random %d" % (i + 1), text, references
    for i in range(2):
        # Longer than what small tables and blocks of bits are for.
        reference = random_text(draw, ENGLISH + ["word%d" % n for n in range(60)], 800)
        yield "long %d" % (i + 1), change(draw, reference, ENGLISH), [reference, change(draw, reference, ENGLISH)][:i + 1]
    for i in range(100):
        alphabet = draw.choice(["ab", "a.1-, ", ".,-19a \n", string.printable, "abc\u00fcu\u0308 \u5317\n", "<&;ltgtamp "])
        text, other = ("".join(draw.choices(alphabet, k=draw.randint(0, 80))) for _ in range(2))
        yield "characters %d" % (i + 1), text, [other]


# ---- what is scored otherwise -------------------------------------------------

SUFFIXES = ("s es ies sses ed ied eed ing ings ying y ly ily er ers or est al ally ally ional ational tional ation "
            "ations ator ators ization izer ize izes ized izing ism alism ist ity ality ivity bility ability ble able "
            "ably bly ible ibly ful fully fulness ness ousness ous ously iveness ive ively ative icate icates iciti "
            "icity ical ically ic ment ements ement ent ently ance ancy ence ency ant antly ate ated logy logi logical "
            "e ee le ll lled lling sses zz zzed ss t ted ion sion tion ou iti alli entli ousli eli fulli enci anci").split()
ROOTS = ("a b be ti tr sky try toy syz plan plann hopp fall fizz fail siz conflat troubl general relat condit digit "
         "radic control roll yy by geo archaeo di 42 sensit").split()


def stems():
    words = sorted({root + suffix for root in ROOTS for suffix in [""] + SUFFIXES} |
                   {w for form in PORTER.pool for w in (form, form + "s", form + "ly")})
    return [[w, PORTER.stem(w)] for w in words if len(w) > 3]


def corpora(draw):
    texts = [random_text(draw, ENGLISH, draw.randint(1, 25)) for _ in range(60)]
    pairs = [(change(draw, t, ENGLISH), t) for t in texts]
    yield "sixty texts", pairs
    yield "with empty texts", pairs[:10] + [("", "an answer"), ("a word", ""), ("", "")]
    yield "one short text that is equal", [("Paris", "Paris")]
    yield "short texts that have nothing in common", [("Paris", "Rome"), ("one", "two three")]
    yield "four words at most", [("one two three four", "one two three four"), ("five", "five")]
    yield "a text too short", [("one two three four", "one two three four five six seven")]
    yield "nothing of two words matches", [("one two three four", "four three two one")]
    yield "only empty texts", [("", ""), ("", "")]


def corpus_case(name, pairs):
    texts, references = ([p[i] for p in pairs] for i in (0, 1))
    parts = CORPUS_BLEU._extract_corpus_statistics(texts, [references])
    total = [sum(column) for column in zip(*parts)]
    value = CORPUS_BLEU.corpus_score(texts, [references]).score / 100
    # What is ours: precision of runs of four is not defined where there are none.
    if total[0] + total[1] == 0 or (total[2] > 0 and total[9] == 0):
        value = None
    return {"name": "corpus: " + name, "texts": texts, "others": references, "parts": total,
            "corpus_bleu": None if value is None else min(value, 1.0)}


def ranking_case(name, found, gains, k):
    """Scores of a list of documents; gains are of those that are relevant."""
    top = found[:k] if k else found
    seen, gained, first = set(), [], 0.0
    for rank, document in enumerate(top, 1):
        gained.append(0.0 if document in seen else gains.get(document, 0.0))
        seen.add(document)
        if gained[-1] > 0 and first == 0:
            first = 1 / rank
    hits = sum(g > 0 for g in gained)
    case = {"name": "ranking: " + name, "found": found, "relevant": list(gains), "gains": list(gains.values()), "k": k}
    if not gains:
        return case | dict.fromkeys(["precision", "recall", "mrr", "ndcg"])

    def dcg(values):
        if len(values) < 2:
            return sum(values)
        return dcg_score([values], [list(range(len(values), 0, -1))])

    ideal = sorted(gains.values(), reverse=True)[:k or None]
    return case | {"precision": hits / (k or len(found)) if k or found else None, "recall": hits / len(gains),
                   "mrr": first, "ndcg": float(dcg(gained) / dcg(ideal))}


def rankings(draw):
    yield "all found", ["a", "b", "c"], {"a": 1.0, "b": 1.0, "c": 1.0}, 3
    yield "nothing relevant", ["a", "b"], {}, 3
    yield "nothing found", [], {"a": 1.0}, 3
    yield "neither", [], {}, 3
    yield "nothing found, whole list", [], {"a": 1.0}, 0
    yield "fewer found than k", ["a"], {"a": 1.0}, 5
    yield "more relevant than k", ["a", "b"], {"a": 1.0, "b": 1.0, "c": 1.0}, 2
    yield "only behind k", ["x", "y", "a"], {"a": 1.0}, 2
    yield "the second is the first that is relevant", ["x", "a", "b"], {"a": 1.0, "b": 1.0}, 3
    yield "one document twice", ["a", "a", "b"], {"a": 1.0, "b": 1.0}, 3
    yield "gains", ["b", "x", "a", "c"], {"a": 3.0, "b": 1.0, "c": 2.0}, 4
    yield "gains, and k", ["b", "x", "a", "c"], {"a": 3.0, "b": 1.0, "c": 2.0}, 2
    yield "whole list", ["b", "x", "a", "c"], {"a": 3.0, "b": 1.0, "z": 2.0}, 0
    documents = ["d%d" % i for i in range(30)]
    for i in range(200):
        found = draw.sample(documents, draw.randint(0, 25))
        gains = {d: float(draw.randint(1, 4)) for d in draw.sample(documents, draw.randint(1, 12))}
        yield "random %d" % (i + 1), found, gains, draw.choice([0, 1, 3, 10, 20])


def token_case(name, text):
    return {"name": "tokens: " + name, "tokenized": text,
            "13a": None if "<skipped>" in text else THIRTEEN_A(text.rstrip()).split(),
            "rouge": None if drops_letters(text) else rouge_tokenize.tokenize(text, None),
            "rouge stems": None if drops_letters(text) else rouge_tokenize.tokenize(text, PORTER),
            "squad": squad_text(text).split(), "unicode": unicode_words(text, True, False),
            "unicode symbols": unicode_words(text, False, True)}


def main():
    draw = random.Random(20261130)
    cases = [score_case(*edge) for edge in EDGES]
    cases += [token_case(name, text) for name, text, _ in EDGES]
    cases += [score_case(*pair) for pair in random_pairs(draw)]
    cases += [corpus_case(*corpus) for corpus in corpora(draw)]
    cases += [ranking_case(*ranking) for ranking in rankings(draw)]
    cases.append({"name": "stems", "stems": stems()})
    for case in cases:
        print(json.dumps(case))


if __name__ == "__main__":
    main()
