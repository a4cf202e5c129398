"""Prints cases.jsonl: what reference implementations say of statistics of a comparison.

README.md beside it has the form of a case and the versions it was made with.
"""

import json
import warnings

import numpy as np
from scipy import optimize, special, stats
from scipy.stats import _resampling
from statsmodels.stats import contingency_tables, multitest, power, proportion

RESAMPLES = 10000
MASK = np.uint64((1 << 64) - 1)
Z = stats.norm.ppf(0.975)

warnings.simplefilter("ignore")


# ---- what is drawn ----


def numbers(seed, begin, count):
    """Random numbers of src/core/stats/random.c, from the paper of Steele, Lea and Flood."""
    with np.errstate(over="ignore"):
        z = np.uint64(seed) + np.arange(begin + 1, begin + count + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return z ^ (z >> np.uint64(31))


class Draws:
    """What src/core/stats/resample.c draws of as many units as it does not divide."""

    def __init__(self, seed):
        self.seed, self.used = seed, 0

    def next(self, count):
        self.used += count
        return numbers(self.seed, self.used - count, count)

    def split(self, bits, n):
        """The number below n that each stands for, and what is left of it."""
        low, n = np.uint64(0xFFFFFFFF), np.uint64(n)
        high = ((bits >> np.uint64(32)) * n + ((bits & low) * n >> np.uint64(32))) >> np.uint64(32)
        with np.errstate(over="ignore"):
            return high, bits * n

    def fives(self, n, count):
        rows = np.empty((0, 5), dtype=int)
        while len(rows) < count:
            left, columns = self.next(count - len(rows)), []
            for _ in range(5):
                high, left = self.split(left, n)
                columns.append(high)
            rows = np.vstack([rows, np.stack(columns, axis=1)[left >= (1 << 64) % n**5].astype(int)])
        return list(rows.ravel())

    def below(self, n):
        while True:
            product = (int(self.next(1)[0]) >> 32) * n
            if product % (1 << 32) >= (1 << 32) % n:
                return product >> 32

    def resample(self, n):
        return self.fives(n, n // 5) + [self.below(n) for _ in range(n % 5)]


def places(seed, samples):
    """For each sample the places that its resamples draw: of each resample those of one sample after the other."""
    draws = Draws(seed)
    found = [[] for _ in samples]
    for _ in range(RESAMPLES):
        for drawn, sample in zip(found, samples):
            is_one = all(unit == sample[0] for unit in sample)
            drawn.append([0] * len(sample) if is_one else draws.resample(len(sample)))
    return [np.array(drawn) for drawn in found]


def bootstrap(data, statistic, seed, paired=False):
    """SciPy's BCa interval, of our draws."""
    drawn = places(seed, [list(zip(*data))] if paired else [list(sample) for sample in data])
    queue = list(drawn)

    def resample(sample, n_resamples=None, rng=None, *, xp=None):
        return sample[..., queue.pop(0)]

    original, _resampling._bootstrap_resample = _resampling._bootstrap_resample, resample
    try:
        found = stats.bootstrap(data, statistic, n_resamples=RESAMPLES, method="BCa", paired=paired,
                                vectorized=True, axis=-1)
    finally:
        _resampling._bootstrap_resample = original
    return found.confidence_interval


# ---- cases ----


def say(name, statistic, arguments, expected, tolerance=1e-9):
    def plain(value):
        if isinstance(value, (list, tuple, np.ndarray)):
            return [plain(element) for element in value]
        if isinstance(value, bool):
            return int(value)
        return None if value is None or not np.isfinite(value) else float(value)

    print(json.dumps({"name": name, "statistic": statistic, "arguments": plain(arguments),
                      "expected": plain(expected), "tolerance": tolerance}))


def distributions():
    for share in (0.5, 0.8, 0.975, 0.025, 1e-9, 0.3, 1 - 1e-6):
        say("a share", "normal_quantile", [share], [stats.norm.ppf(share)], 1e-8)
    for degrees in (1, 2, 3, 4, 7, 19, 20, 99, 998, 999, 1000, 1001, 5000, 10**6):
        say("degrees", "student_quantile", [0.975, degrees], [stats.t.ppf(0.975, degrees)])
    for k, n, p in ((-1, 5, 0.5), (0, 0, 0.5), (0, 1, 0.5), (0, 5, 0.5), (5, 5, 0.5), (3, 10, 0.9), (9, 10, 0.9),
                    (400, 1000, 0.5), (499, 1000, 0.5), (950, 1000, 0.95), (49000, 100000, 0.5), (2, 10000, 0.001)):
        say("a number", "binomial", [k, n, p], [stats.binom.cdf(k, n, p)])


def shares():
    for k, n in ((0, 1), (1, 1), (0, 10), (10, 10), (1, 10), (5, 10), (81, 263), (999, 1000), (3, 100000)):
        say("passed of all", "wilson", [k, n], proportion.proportion_confint(k, n, method="wilson"))
    say("none", "wilson", [0, 0], [None, None])
    for a, n, b, m in ((0, 1, 0, 1), (0, 10, 0, 10), (10, 10, 10, 10), (0, 10, 10, 10), (48, 80, 56, 70), (3, 10, 8, 10),
                       (9, 10, 3, 10), (0, 20, 0, 10), (500, 1000, 530, 900)):
        say("two shares", "newcombe", [a, n, b, m],
            proportion.confint_proportions_2indep(b, m, a, n, compare="diff", method="newcomb"))
    for a, n, b, m in ((0, 1, 0, 1), (0, 1, 1, 1), (0, 10, 0, 10), (0, 5, 5, 5), (10, 10, 10, 10), (1, 9, 11, 14), (3, 10, 8, 10), (4, 10, 4, 10),
                       (7, 12, 2, 5), (30, 100, 60, 100), (500, 1000, 530, 900), (10, 1000, 90, 900), (2, 100000, 20, 50000)):
        table = [[a, n - a], [b, m - b]]
        say("two shares", "fisher", [a, n, b, m], [stats.fisher_exact(table).pvalue])
    say("an arm without any", "fisher", [0, 0, 3, 5], [1])


def tango(b, c, n):
    """By numerical search: the likeliest nuisance parameter for each difference, then the differences at which the score is Z."""

    def score(difference):
        low = max(0, -difference)
        high = (1 - difference) / 2

        def minus_log_likelihood(q):
            p = q + difference
            rest = 1 - p - q
            return -(special.xlogy(b, p) + special.xlogy(c, q) + special.xlogy(n - b - c, max(rest, 0)))

        found = optimize.minimize_scalar(minus_log_likelihood, bounds=(low, high), method="bounded", options={"xatol": 1e-13})
        best = min((minus_log_likelihood(q), q) for q in (low, high, found.x))[1]
        return (b - c - n * difference) / np.sqrt(n * (2 * best + difference - difference**2))

    middle = (b - c) / n
    low = -1 if b - c == -n else optimize.brentq(lambda d: score(d) - Z, -1 + 1e-9, middle - 1e-9, xtol=1e-12)
    high = 1 if b - c == n else optimize.brentq(lambda d: score(d) + Z, middle + 1e-9, 1 - 1e-9, xtol=1e-12)
    return low, high


def coverage():
    """How often an interval has the truth, by going through all that can come of n units."""
    for n, p in ((10, 0.5), (20, 0.02), (20, 0.2), (30, 0.9)):
        k = np.arange(n + 1)
        low, high = proportion.proportion_confint(k, n, method="wilson")
        covered = (low <= p + 1e-12) & (high >= p - 1e-12)
        say("coverage", "wilson_coverage", [n, p], [np.sum(stats.binom.pmf(k, n, p)[covered])])
    bounds = {(b, c): tango(b, c, 12) for b in range(13) for c in range(13 - b)}
    for p, q in ((0.1, 0.1), (0.3, 0.05), (0.02, 0.01), (0.6, 0.3)):
        covered = [bc for bc, (low, high) in bounds.items() if low <= p - q <= high]
        likely = sum(stats.multinomial.pmf([b, c, 12 - b - c], 12, [p, q, 1 - p - q]) for b, c in covered)
        say("coverage", "tango_coverage", [12, p, q], [likely])


def pairs():
    for b, c, n in ((0, 0, 1), (0, 0, 10), (1, 0, 1), (0, 1, 5), (5, 0, 5), (0, 5, 5), (9, 2, 21), (10, 10, 20), (10, 2, 100),
                    (0, 6, 44), (16, 4, 50), (1, 0, 1000), (300, 200, 1000)):
        say("pairs", "tango", [b, c, n], tango(b, c, n), 1e-6)
    for b, c in ((0, 0), (1, 0), (0, 5), (0, 6), (3, 3), (10, 2), (121, 59), (1000, 900), (50000, 50600)):
        say("pairs", "mcnemar", [b, c], [contingency_tables.mcnemar([[0, b], [c, 0]], exact=True).pvalue])


SIGNED = {
    "two, equal": [0.25, 0.25],
    "two, opposite": [1, -1],
    "five that agree": [0.1, 0.2, 0.3, 0.4, 0.5],
    "six that agree": [0.1, 0.2, 0.3, 0.4, 0.5, 0.6],
    "ties that rounding hides": [0.1, 0.2, -0.3, 0.1, 0.2, 0.3, -0.1],
    "ties and zeros": [0.5, -0.5, 0.5, 0, 0, 1, 1, 0.25, 0],
    "steps of a quarter": [0.25, -0.5, 0.75, 1, -0.25, 0.25, 0.5, 0, -1, 0.75, 0.5, 0.25],
    "nine and a half": list(np.round(np.random.default_rng(5).normal(0.3, 1, 13) / 4, 3)),
}


def signed():
    say("none", "sign_flip", [[]], [1, 1])
    for n in (1, 13, 14, 1000):
        say(f"{n} zeros", "sign_flip", [[0] * n], [1, 1])
        say(f"{n} zeros", "wilcoxon", [[0] * n], [1])
    say("none", "wilcoxon", [[]], [1])
    say("one", "sign_flip", [[0.5]], [1, 1])
    say("one", "wilcoxon", [[0.5]], [1])
    for name, d in SIGNED.items():
        exact = stats.permutation_test((d,), mean, permutation_type="samples",
                                       n_resamples=np.inf, vectorized=True).pvalue
        say(name, "sign_flip", [d], [exact, 1])
        rest = [x for x in d if x != 0]
        ranks = stats.wilcoxon(np.round(rest, 12), method=stats.PermutationMethod(n_resamples=np.inf)).pvalue
        say(name, "wilcoxon", [d], [ranks])
    rng = np.random.default_rng(7)
    d = rng.normal(0.2, 1, 20)
    say("twenty", "sign_flip", [d], [exact_sign_flip(d), 1])
    for n, middle in ((21, 0.4), (60, 0.1), (300, 0.1), (1001, 0)):
        d = np.round(rng.normal(middle, 1, n), 2)
        drawn = stats.permutation_test((d,), lambda x, axis: np.abs(np.mean(x, axis=axis)), permutation_type="samples",
                                       n_resamples=50000, alternative="greater", batch=500, rng=rng).pvalue
        say(f"{n} drawn", "sign_flip", [d], [drawn, 0], 5 * np.sqrt(drawn * (1 - drawn) * (1 / 5e4 + 1 / 1e5)))
    for n in (15, 49, 50):
        d = rng.normal(0.2, 1, n)
        say(f"{n} without ties", "wilcoxon", [d], [stats.wilcoxon(d, method="exact").pvalue])
    for n in (51, 200):
        d = np.round(rng.normal(0.1, 1, n), 1)
        d[:2] = 0.1
        rest = d[d != 0]
        if len(rest) > 50:
            say(f"{n} with ties", "wilcoxon", [d], [stats.wilcoxon(rest, method="asymptotic", correction=False).pvalue])


def exact_sign_flip(d):
    signs = (np.arange(1 << len(d))[:, None] >> np.arange(len(d)) & 1) * 2.0 - 1
    sums = np.abs(signs @ d)
    return np.mean(sums >= np.abs(np.sum(d)) * (1 - 1e-12))


# Means that are the same but for rounding are to be the same, which SciPy does not see to.
def mean(x, axis=None):
    return np.round(np.mean(x, axis=axis), 12)


def student(x):
    return stats.t.interval(0.95, len(x) - 1, np.mean(x), stats.sem(x))


SAMPLES = {
    "one": ([0.25], 1),
    "two": ([0.25, -0.5], 1),
    "all zero": ([0.0] * 30, 1),
    "all the same": ([0.25] * 12, 1),
    "all lost": ([-1.0] * 25, 1),
    "one lost of 40": ([0.0] * 39 + [-1.0], 1),
    "seven": ([0.1, 0.2, -0.1, 0.3, 0, 0.25, 0.1], 1),
    "skewed": (list(np.round(np.random.default_rng(3).exponential(0.1, 50), 3)), 1),
    "a scale of five": (list(np.random.default_rng(4).integers(-4, 5, 35).astype(float)), 5),
    "a thousand": (list(np.round(np.random.default_rng(6).normal(0.02, 0.2, 1000), 4)), 1),
    "without a scale": ([12.5, -3, 4, 0.25, 7, 30, -1.5, 2, 2, 9, 1], None),
}


def differences():
    for name, (d, scale) in SAMPLES.items():
        seed = 20 + len(d)
        reach = scale or max(np.abs(d))
        both = np.array(d + [reach, -reach])
        low, high = bootstrap((both,), mean, seed)
        t_low, t_high = student(both)
        limit = scale or np.inf
        sd = np.std(both, ddof=1)
        detectable = (Z + stats.norm.ppf(0.8)) * sd / np.sqrt(len(d))
        say(name, "difference", [d, scale, seed],
            [len(d), np.count_nonzero(d), np.mean(d), np.std(d, ddof=1) if len(d) > 1 else None,
             max(-limit, min(low, t_low)), min(limit, max(high, t_high)), sd, detectable], 1e-8)


def arms():
    rng = np.random.default_rng(11)
    cases = {"four each": ([1.0, 2, 3, 4], [2.0, 3, 4, 5.5], 5), "one and three": ([1.0], [0.0, 0.5, 1], 1),
             "without a scale": (list(rng.exponential(1, 40)), list(rng.exponential(2, 25)), None),
             "a constant arm": ([1.0] * 20, [1.0] * 15 + [0.0] * 4, 1)}
    for name, (a, b, scale) in cases.items():
        seed = 77
        reach = scale or max(a + b) - min(a + b)
        wide = [np.array(x + [np.mean(x) - reach, np.mean(x) + reach]) for x in (a, b)]
        low, high = bootstrap(wide, lambda x, y, axis: np.round(np.mean(y, axis=axis) - np.mean(x, axis=axis), 12), seed)
        errors = [np.var(x, ddof=1) / len(x) for x in wide]
        degrees = sum(errors) ** 2 / sum(e**2 / (len(x) - 1) for e, x in zip(errors, wide))
        half = stats.t.ppf(0.975, np.floor(degrees)) * np.sqrt(sum(errors))
        middle = np.mean(b) - np.mean(a)
        limit = scale or np.inf
        say(name, "arms", [a, b, scale, seed],
            [np.mean(a), np.mean(b), middle, max(-limit, min(low, middle - half)), min(limit, max(high, middle + half))], 1e-8)
        if len(a) > 1:
            p = stats.permutation_test((a, b), lambda x, y, axis: np.abs(np.mean(x, axis=axis) - np.mean(y, axis=axis)),
                                       n_resamples=50000, vectorized=True, alternative="greater", batch=500, rng=rng).pvalue
            say(name, "permutation", [a, b, seed], [p], 5 * np.sqrt(p * (1 - p) * (1 / 5e4 + 1 / 1e5)) + 1e-4)


def ratios():
    rng = np.random.default_rng(13)
    above, below = rng.gamma(2, 1, 40), rng.gamma(2, 1.5, 40)
    cases = {"costs": (above, below), "a few": ([1.0, 2, 3, 4], [2.0, 3, 4, 5]), "small numbers": (above[:20] * 1e-7, below[:20] * 1e-7),
             "passes": (rng.gamma(2, 1, 50), np.array([1.0, 1, 0, 1, 1] * 10))}
    for name, (x, y) in cases.items():
        x, y, seed = np.array(x), np.array(y), 5
        ratio = np.sum(x) / np.sum(y)
        low, high = bootstrap((x, y), lambda x, y, axis: np.sum(x, axis=axis) / np.sum(y, axis=axis), seed, paired=True)
        each = x / ratio - y
        most = max(max(np.abs(each)), np.mean(y) / 2)
        both = np.append(each, [most, -most])
        half = stats.t.ppf(0.975, len(both) - 1) * stats.sem(both) / np.mean(y)
        say(name, "totals", [x, y, seed], [len(x), ratio, min(low, ratio * np.exp(-half)), max(high, ratio * np.exp(half))], 1e-8)
    say("nothing below", "totals", [[1.0, 2], [0.0, 0], 5], [2, None, None, None])
    say("none", "totals", [[], [], 5], [0, None, None, None])
    d = np.log(above) - np.log(below)
    both = np.append(d, [max(np.abs(d)), -max(np.abs(d))])
    low, high = bootstrap((both,), np.mean, 9)
    t_low, t_high = student(both)
    say("durations", "means", [above, below, 9],
        [40, stats.gmean(above) / stats.gmean(below), np.exp(min(low, t_low)), np.exp(max(high, t_high))], 1e-8)


def quantiles():
    rng = np.random.default_rng(17)
    for n in (1, 2, 5, 6, 20, 35, 36, 72, 73, 100, 1000):
        x = np.round(rng.exponential(1, n), 3)
        for share in (0.5, 0.9, 0.95):
            bounds = stats.quantile_test(x, q=0, p=share).confidence_interval(0.95)
            say(f"{n}", "quantile", [x, share], [np.quantile(x, share), bounds.low, bounds.high])


def planning():
    for p in ([0.01], [0.01, 0.04, 0.03], [0.5, 0.5], [0, 1, 0.2, 0.01, 0.0125], [0.02, 0.02, 0.02]):
        say("p-values", "holm", [p], multitest.multipletests(p, method="holm")[1])
    say("NaN does not count", "holm", [[0.01, None, 0.04, 0.03]], [0.03, None, 0.06, 0.06])
    for sd, margin, strength, alpha in ((0.4, 0.05, 0.8, 0.05), (1, 0.1, 0.9, 0.05), (0.3, 0.2, 0.8, 0.01)):
        n = power.normal_sample_size_one_tail(margin, strength, alpha / 2, std_null=sd)
        say("records", "n_needed", [sd, margin, strength, alpha], [np.ceil(n)])
    for discordance, n in ((0.05, 158), (0.15, 472), (0.3, 943)):
        one_less = power.normal_sample_size_one_tail(0.05, 0.8, 0.025, std_null=np.sqrt(discordance))
        assert np.ceil(one_less + 1) == n
        say("pairs", "pairs_needed", [discordance, 0.05, 0.8, 0.05], [n])


def main():
    distributions()
    shares()
    pairs()
    coverage()
    signed()
    differences()
    arms()
    ratios()
    quantiles()
    planning()


if __name__ == "__main__":
    main()
