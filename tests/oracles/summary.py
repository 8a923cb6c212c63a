"""Writes summary.json: what other programs say about shares, quartiles and spatial medians.

Run with numpy, scipy and statsmodels installed: python3 tests/oracles/summary.py
The versions that made the committed file are in it. Inputs come from a seeded generator, so a run with the same
versions gives the same file.
"""

import json
import pathlib
import platform

import numpy as np
import scipy
import statsmodels
from scipy.optimize import minimize
from statsmodels.stats.proportion import proportion_confint

rng = np.random.default_rng(20261122)


def wilson():
    cases = [(0, 1), (1, 1), (0, 20), (3, 20), (20, 20), (7, 40), (21, 40), (5000, 10000), (1, 1000000)]
    cases += [(int(rng.integers(0, n + 1)), n) for n in map(int, rng.integers(1, 600, size=60))]
    for count, n in cases:
        low, high = proportion_confint(count, n, alpha=0.05, method="wilson")
        yield {"count": count, "n": n, "low": float(low), "high": float(high)}


def quartiles():
    lists = [[0.3], [0.0, 1.0], [0.2, 0.4, 0.9], [0.5] * 7]
    lists += [np.round(rng.random(n), 2).tolist() for n in (4, 10, 31, 40)]
    lists += [rng.random(n).tolist() for n in (5, 6, 50, 101)]
    for values in lists:
        q1, median, q3 = np.quantile(values, [0.25, 0.5, 0.75], method="linear")
        bins = np.minimum(np.floor(100 * np.array(values) + 0.5).astype(int) // 5, 19)
        yield {"values": values, "q1": q1, "median": median, "q3": q3,
               "histogram": np.bincount(bins, minlength=20).tolist()}


# Few stones, at most of which a step by the second derivative goes much too far.
HARD = [
    [[0.05, 0.1], [0.7, 0.8], [0.3, 0.35], [0.25, 0.3]],
    [[0.2, 1.0], [0.25, 0.15], [0.25, 0.1], [0.15, 0.8]],
    [[0.35, 0.4], [0.25, 0.2], [0.25, 1.0], [0.15, 0.4]],
]


def spatial_medians():
    """By a trust-region search on the sum of distances, which knows nothing of Weiszfeld."""
    sets = [rng.beta(2, 3, size=(n, 2)) for n in (5, 12, 40, 41, 300)]
    for points in [*sets, *map(np.array, HARD)]:

        def total(m):
            return np.linalg.norm(points - m, axis=1).sum()

        def gradient(m):
            d = m - points
            return (d / np.linalg.norm(d, axis=1)[:, None]).sum(axis=0)

        def curve(m):
            d = m - points
            r = np.linalg.norm(d, axis=1)
            return (np.eye(2)[None] / r[:, None, None] - d[:, :, None] * d[:, None, :] / r[:, None, None] ** 3).sum(axis=0)

        starts = [np.median(points, axis=0)]
        if len(points) < 5:
            # At a point itself there is no gradient: searches begin beside each.
            starts = [p + step for p in points for step in ([1e-3, 2e-3], [-2e-3, 1e-3])]
        options = {"gtol": 1e-12, "maxiter": 10000}
        searches = [minimize(total, at, jac=gradient, hess=curve, method="trust-exact", options=options) for at in starts]
        found = min(searches, key=lambda search: search.fun)
        nearest = min(points, key=lambda p: total(p))
        best = nearest if total(nearest) <= found.fun else found.x
        yield {"points": points.tolist(), "median": best.tolist(), "sum": float(total(best))}


fixture = {
    "versions": {"python": platform.python_version(), "numpy": np.__version__, "scipy": scipy.__version__,
                 "statsmodels": statsmodels.__version__},
    "wilson": list(wilson()),
    "quartiles": list(quartiles()),
    "spatialMedians": list(spatial_medians()),
}
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps(fixture, indent=1) + "\n")
