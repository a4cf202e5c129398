"""Prints cases.jsonl: what reference implementations say of the agreement of raters.

README.md beside it has the form of a case and the versions it was made with.
"""

import json
import warnings

import krippendorff
import numpy as np
from scipy import stats
from sklearn.metrics import cohen_kappa_score

RESAMPLES = 1000
SEED = 42
MASK = (1 << 64) - 1
MISSING = np.nan

warnings.simplefilter("ignore")


class SplitMix64:
    """The generator of src/core/stats/random.c, from the paper of Steele, Lea and Flood."""

    def __init__(self, seed):
        self.state = seed

    def next(self):
        self.state = (self.state + 0x9E3779B97F4A7C15) & MASK
        z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        return z ^ (z >> 31)

    def below(self, n):
        too_many = (1 << 32) % n
        while True:
            product = (self.next() >> 32) * n
            if product % (1 << 32) >= too_many:
                return product >> 32


def number(value):
    """NaN is null; what is left is written so that it is read back as it was."""
    return None if value is None or np.isnan(value) else float(value)


def alpha(raters, level):
    if len(np.unique(raters[~np.isnan(raters)])) < 2:
        return MISSING
    return krippendorff.alpha(reliability_data=raters, level_of_measurement=level)


def kappa(one, two, level, step):
    """scikit-learn weighs by the numbers of labels: hence all, in steps of one size."""
    if len(np.unique([one, two])) < 2:
        return MISSING
    if level == "nominal":
        return cohen_kappa_score(one, two)
    if step is None:
        # By definition, for values of which no two need be the same.
        return 1 - np.mean((one - two) ** 2) / np.mean((one[:, None] - two[None, :]) ** 2)
    one, two = np.rint(one / step).astype(int), np.rint(two / step).astype(int)
    labels = np.arange(min(one.min(), two.min()), max(one.max(), two.max()) + 1)
    return cohen_kappa_score(one, two, labels=labels, weights="quadratic")


def correlation(one, two, level):
    if level == "nominal" or len(one) < 2 or np.ptp(one) == 0 or np.ptp(two) == 0:
        return MISSING
    return stats.pearsonr(one, two).statistic


def figures(raters, level, step):
    """raters has a row for each rater, and no unit that fewer than two have rated."""
    found = {"kappa": MISSING, "alpha": MISSING, "correlation": MISSING}
    if raters.shape[1] == 0:
        return found
    found["alpha"] = alpha(raters, level)
    if is_pair(raters):
        found["kappa"] = kappa(raters[0], raters[1], level, step)
        found["correlation"] = correlation(raters[0], raters[1], level)
    return found


def is_pair(raters):
    return raters.shape[0] == 2 and raters.shape[1] > 0 and not np.isnan(raters).any()


def prevalence(raters, value):
    ratings = raters[~np.isnan(raters)]
    if len(ratings) == 0:
        return MISSING
    if value is None:
        return np.unique(ratings, return_counts=True)[1].max() / len(ratings)
    return np.mean(ratings == value)


def intervals(raters, level, step):
    units = raters.shape[1]
    random = SplitMix64(SEED)
    found = {"kappa": [], "alpha": [], "correlation": []}
    for _ in range(RESAMPLES if units > 1 else 0):
        drawn = [random.below(units) for _ in range(units)]
        for figure, value in figures(raters[:, drawn], level, step).items():
            found[figure].append(value)
    low, high = {}, {}
    for figure, values in found.items():
        defined = [value for value in values if not np.isnan(value)]
        if len(defined) * 2 >= RESAMPLES:
            low[figure], high[figure] = np.percentile(defined, [2.5, 97.5])
        else:
            low[figure] = high[figure] = None
    return low, high


def compare_with_scipy(name, raters, level, step, low, high):
    """Its interval comes of other draws, and is near ours all the same."""
    for figure in ("kappa", "alpha", "correlation"):
        if low[figure] is None or raters.shape[1] < 30:
            continue

        def statistic(*drawn, figure=figure):
            return figures(np.array(drawn), level, step)[figure]

        found = stats.bootstrap(tuple(raters), statistic, paired=True, vectorized=False, n_resamples=2000,
                                method="percentile", rng=np.random.default_rng(1)).confidence_interval
        near = 0.15 * (high[figure] - low[figure]) + 1e-9
        assert abs(found.low - low[figure]) <= near, (name, figure, found, low, high)
        assert abs(found.high - high[figure]) <= near, (name, figure, found, low, high)


def print_case(name, level, ratings, step=1, value=None, published=None):
    """published: an alpha that is in print, to three digits."""
    ratings = np.array(ratings, dtype=float)
    rated = (~np.isnan(ratings)).sum(axis=0) >= 2
    kept = in_order(ratings[:, rated])
    found = figures(kept, level, step)
    low, high = intervals(kept, level, step)
    compare_with_scipy(name, kept, level, step, low, high)
    if published is not None:
        assert round(found["alpha"], 3) == published, (name, found)
    case = {"name": name, "level": level, "raters": [[number(v) for v in row] for row in ratings]}
    if value is not None:
        case["value"] = value
    case.update(units=int(rated.sum()), prevalence=number(prevalence(kept, value)))
    for figure in found:
        case[figure] = [number(v) for v in (found[figure], low[figure], high[figure])]
    print(json.dumps(case))


def in_order(raters):
    """Units in the order of what was said of them, so that it matters to nothing which is which."""
    said = [tuple((rater, value) for rater, value in enumerate(unit) if not np.isnan(value)) for unit in raters.T]
    return raters[:, sorted(range(len(said)), key=lambda unit: said[unit])]


def with_missing(random, ratings, share):
    ratings = np.array(ratings, dtype=float)
    ratings[random.random(ratings.shape) < share] = MISSING
    return ratings


def noisy(random, truth, share, values):
    """Raters who now and then say anything."""
    return np.where(random.random(len(truth)) < share, random.choice(values, len(truth)), truth)


def main():
    random = np.random.default_rng(2024)
    m = MISSING
    classic = [[1, 2, 3, 3, 2, 1, 4, 1, 2, m, m, m],
               [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, m, 3],
               [m, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, m],
               [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, m]]
    for level, published in (("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849)):
        print_case(f"four observers of Krippendorff (2011), {level}", level, classic, published=published)
    three = [[m, m, m, m, m, 3, 4, 1, 2, 1, 1, 3, 3, m, 3],
             [1, m, 2, 1, 3, 3, 4, 3, m, m, m, m, m, m, m],
             [m, m, 2, 1, 3, 4, 4, m, 2, 1, 1, 3, 3, m, 4]]
    print_case("three coders with many missing, nominal", "nominal", three, published=0.691)
    print_case("three coders with many missing, interval", "interval", three, published=0.811)
    print_case("Cohen's table of 50 grant proposals", "nominal",
               [[1] * 20 + [1] * 5 + [0] * 10 + [0] * 15, [1] * 20 + [0] * 5 + [1] * 10 + [0] * 15], value=1)

    truth = random.integers(0, 2, 60)
    print_case("two who always agree, pass or fail", "nominal", [truth, truth], value=1)
    print_case("two who never agree, pass or fail", "nominal", [truth, 1 - truth], value=1)
    print_case("two who agree by chance", "nominal", random.integers(0, 2, (2, 80)), value=1)
    print_case("two who mostly agree, pass or fail", "nominal",
               [truth, noisy(random, truth, 0.3, [0, 1])], value=1)
    rare = (random.random(120) < 0.06).astype(int)
    print_case("two who agree where nearly all pass", "nominal",
               [1 - rare, 1 - noisy(random, rare, 0.08, [0, 1])], value=1)
    labels = random.integers(0, 4, 90)
    print_case("two who put into four categories", "nominal",
               [noisy(random, labels, 0.2, [0, 1, 2, 3]), noisy(random, labels, 0.2, [0, 1, 2, 3])])
    print_case("five who put into three categories, some missing", "nominal",
               with_missing(random, [noisy(random, labels % 3, 0.25, [0, 1, 2]) for _ in range(5)], 0.3))
    print_case("one says the same of all", "nominal", [[1] * 40, truth[:40]], value=1)
    print_case("each says the same of all, and not as the other", "nominal", [[1] * 10, [0] * 10], value=1)
    print_case("all say the same of all", "nominal", [[1] * 10, [1] * 10], value=1)
    print_case("all but one unit the same", "nominal", [[1] * 12, [1] * 11 + [0]], value=1)
    print_case("a unit that both have rated", "nominal", [[1, m, 0], [0, 1, m]], value=1)
    print_case("no unit that both have rated", "nominal", [[1, m], [m, 1]], value=1)

    grades = random.integers(0, 5, 70)
    near = np.clip(grades + random.integers(-1, 2, 70), 0, 4)
    for level in ("ordinal", "interval"):
        print_case(f"two who grade nearly alike, {level}", level, [grades, near])
        print_case(f"two who grade at random, {level}", level, random.integers(0, 5, (2, 70)))
        print_case(f"two of whom one is stricter, {level}", level, [grades, np.maximum(grades - 1, 0)])
        print_case(f"four who grade, some missing, {level}", level,
                   with_missing(random, [np.clip(grades + random.integers(-1, 2, 70), 0, 4) for _ in range(4)], 0.25))
        print_case(f"one grades all the same, {level}", level, [grades[:40], [2] * 40])
        print_case(f"grades that leave out values, {level}", level,
                   [np.array([0, 1, 7, 20])[grades % 4], np.array([0, 1, 7, 20])[near % 4]])
        print_case(f"grades all the same, {level}", level, [[3] * 10, [3] * 10])
        print_case(f"half grades of a median, {level}", level, [grades, near - 0.5 * (grades % 2)], step=0.5)
    print_case("one is twice the other", "interval", [grades, 2 * grades])
    print_case("one is the other upside down", "interval", [grades, 4 - grades])
    exact = random.normal(0.7, 0.1, 50)
    print_case("scores of which no two are the same", "interval",
               [exact, exact + random.normal(0, 0.05, 50)], step=None)
    print_case("scores far from zero", "interval", [1e9 + exact, 1e9 + exact + random.normal(0, 0.05, 50)], step=None)
    print_case("scores of three, some missing", "interval",
               with_missing(random, [exact + random.normal(0, 0.08, 50) for _ in range(3)], 0.2), step=None)


if __name__ == "__main__":
    main()
