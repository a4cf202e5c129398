"""
How long SciPy takes for the interval and the test that bench_bca measures.

bca.py FILE: prints the same as bench_bca does, of the same numbers: as SciPy does it if not
told otherwise, and in batches that fit the cache, with which it is fastest.
"""

import sys
import time
import warnings

import numpy as np
from scipy import stats

ROUNDS = 7


def measure(work):
    times = []
    for _ in range(ROUNDS):
        begin = time.process_time()
        found = work()
        times.append(1000 * (time.process_time() - begin))
    return found, sorted(times)[ROUNDS // 2]


def main():
    warnings.simplefilter("ignore")
    values = np.loadtxt(sys.argv[1])
    rng = np.random.default_rng(1)
    for name, batch in (("bca", None), ("batches", 100)):
        found, ms = measure(lambda: stats.bootstrap((values,), np.mean, n_resamples=10000, method="BCa", batch=batch, rng=rng))
        print("%s %.2f" % (name, ms))
    print("bounds %.6f %.6f" % found.confidence_interval)
    begin = time.process_time()
    stats.permutation_test((values,), np.mean, permutation_type="samples", n_resamples=100000, batch=1000, rng=rng)
    print("sign_flip %.2f" % (1000 * (time.process_time() - begin)))


main()
