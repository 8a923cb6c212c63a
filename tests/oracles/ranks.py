"""Writes ranks.json: what SciPy, pingouin and plain numpy say about rank tests.

Run with numpy, scipy and pingouin installed: python3 tests/oracles/ranks.py
The versions that made the committed file are in it. Inputs come from a seeded generator, so a run with the same
versions gives the same file. Where no program has the formula, it is written out over all pairs or all orders.
"""

import itertools
import json
import pathlib
import platform

import numpy as np
import pingouin
import scipy
from scipy import stats

rng = np.random.default_rng(20261122)


def column(n, kind):
    if kind == "likert":
        return rng.integers(1, 6, size=n).astype(float)
    if kind == "slider":
        return np.round(rng.random(n), 2)
    if kind == "two":
        return (rng.random(n) < 0.3).astype(float)
    if kind == "heaped":
        return np.round(rng.random(n) * 4) / 4 - 0.5
    return rng.normal(size=n)


def correlations():
    kinds = [("likert", "likert"), ("slider", "slider"), ("normal", "normal"), ("heaped", "likert"), ("two", "slider")]
    for n in (5, 6, 12, 40, 150):
        for a, b in kinds:
            x, y = column(n, a), column(n, b)
            y = np.round(y + rng.choice([0, 0.5, -1]) * x, 6)
            if len(set(x)) < 2 or len(set(y)) < 2:
                continue
            rho, rho_p = stats.spearmanr(x, y)
            tau, tau_p = stats.kendalltau(x, y, method="asymptotic")
            yield {"x": x.tolist(), "y": y.tolist(), "rho": rho, "rhoP": rho_p, "tau": tau, "tauP": tau_p}


def feng_cliff(x, y):
    """The formula over the full matrix of signs."""
    d = np.sign(x[:, None] - y[None, :])
    n1, n2 = d.shape
    D = d.mean()
    s2 = (n2**2 * ((d.mean(1) - D) ** 2).sum() + n1**2 * ((d.mean(0) - D) ** 2).sum() - ((d - D) ** 2).sum()) \
        / (n1 * n2 * (n1 - 1) * (n2 - 1))
    s2 = max(s2, (1 - D**2) / (n1 * n2 - 1))
    z = stats.norm.ppf(0.975)
    half = z * np.sqrt(s2) * np.sqrt((1 - D**2) ** 2 + z**2 * s2)
    low, high = (D - D**3 - half) / (1 - D**2 + z**2 * s2), (D - D**3 + half) / (1 - D**2 + z**2 * s2)
    return D, max(low, -1), min(high, 1)


def shift_interval(x, y):
    """Hollander and Wolfe (1973): all differences in order, and the rank of U's 2.5 % point by the normal formula."""
    d = np.sort((x[:, None] - y[None, :]).ravel())
    m, n = len(x), len(y)
    if min(m, n) < 5:
        return None, None
    rank = max(1, int(np.floor(m * n / 2 - stats.norm.ppf(0.975) * np.sqrt(m * n * (m + n + 1) / 12))))
    return float(d[rank - 1]), float(d[m * n - rank])


def two_groups():
    for n1, n2 in ((2, 3), (5, 4), (10, 12), (12, 60), (40, 41)):
        for kind in ("likert", "slider", "normal", "heaped", "two"):
            x, y = column(n1, kind), np.round(column(n2, kind) + rng.choice([0, 0.25, 1]), 6)
            if len(set(x) | set(y)) < 2:
                continue
            with np.errstate(all="ignore"):
                u, p = stats.mannwhitneyu(x, y, method="asymptotic", use_continuity=True)
                w, wp = stats.brunnermunzel(x, y)
                delta, low, high = feng_cliff(x, y)
                levene, levene_p = stats.levene(x, y, center="median")
            shift_low, shift_high = shift_interval(x, y)
            finite = lambda v: float(v) if np.isfinite(v) else None
            yield {"x": x.tolist(), "y": y.tolist(), "u": u, "p": p, "w": finite(w), "wP": finite(wp), "delta": delta,
                   "low": finite(low), "high": finite(high), "shift": float(np.median(x[:, None] - y[None, :])),
                   "shiftLow": shift_low, "shiftHigh": shift_high, "levene": finite(levene), "leveneP": finite(levene_p)}


def several_groups():
    for n, k in ((8, 2), (15, 3), (40, 3), (60, 5), (200, 4)):
        for kind in ("likert", "slider", "normal", "two"):
            group = np.concatenate([np.arange(k), rng.integers(0, k, size=n - k)])
            values = np.round(column(n, kind) + 0.3 * group * rng.integers(0, 2), 6)
            if len(set(values)) < 2:
                continue
            h, p = stats.kruskal(*(values[group == g] for g in range(k)))
            yield {"values": values.tolist(), "groups": group.tolist(), "h": h, "p": p}


def signed():
    lists = [[0, 0, 1, -1, 2, 3, 3, -4, 5, 6, 0, 2], [1.0], [0, -1, 2], [3, -3], [1, 2, 3, 4, 5, -6]]
    lists += [rng.integers(-3, 5, size=n).tolist() for n in (6, 9, 11, 13, 40, 120)]
    lists += [np.round(rng.normal(0.3, 1, size=n), 3).tolist() for n in (7, 12, 30, 90)]
    for d in lists:
        d = np.array(d, dtype=float)
        result = stats.wilcoxon(d, zero_method="pratt", method="asymptotic", correction=False)
        ranks = stats.rankdata(np.abs(d))
        r_plus = ranks[d > 0].sum()
        rbc = float(pingouin.wilcoxon(d, np.zeros(len(d)), correction=False)["RBC"].iloc[0])
        moved = d[d != 0]
        exact = None
        if len(moved) <= 13:
            weight = ranks[d != 0]
            sums = np.array([sum(w for w, s in zip(weight, signs) if s)
                             for signs in itertools.product((0, 1), repeat=len(weight))])
            middle = weight.sum() / 2
            exact = float(np.mean(np.abs(sums - middle) >= abs(r_plus - middle) - 1e-9))
        yield {"d": d.tolist(), "rPlus": r_plus, "z": float(result.zstatistic), "p": float(result.pvalue),
               "exact": exact, "rbc": rbc}


def repeated():
    """Friedman on every table; Page too, with its exact p where SciPy has it and where orders can be gone through."""
    # The table of SciPy's documentation of page_trend_test.
    tables = [[[3, 4, 3], [2, 2, 4], [3, 3, 5], [1, 3, 2], [2, 3, 2], [2, 4, 5], [1, 2, 4], [3, 4, 4], [2, 4, 5], [1, 3, 4]]]
    for n, k in ((2, 3), (4, 3), (5, 4), (12, 3), (30, 3), (40, 5), (15, 6)):
        tables.append(rng.random((n, k)).tolist())
        tables.append((rng.integers(1, 6, size=(n, k)) + rng.integers(0, 2) * np.arange(k)).tolist())
    for table in tables:
        table = np.array(table, dtype=float)
        n, k = table.shape
        tie_free = all(len(set(row)) == k for row in table)
        chi, p = stats.friedmanchisquare(*table.T)
        ranks = np.apply_along_axis(stats.rankdata, 1, table)
        f = (n - 1) * chi / (n * (k - 1) - chi)
        f_p = stats.f.sf(f, k - 1, (k - 1) * (n - 1))
        page = stats.page_trend_test(ranks, ranked=True, method="asymptotic")
        page_exact = float(stats.page_trend_test(table, method="exact").pvalue) if tie_free and n * k <= 100 else None
        every = None
        if 6 ** n <= 10000 and k == 3:
            l = lambda rows: sum((np.arange(1, k + 1) * row).sum() for row in rows)
            orders = [list(itertools.permutations(row)) for row in ranks]
            sums = np.array([l(np.array(rows)) for rows in itertools.product(*orders)])
            every = [float(np.mean(sums <= l(ranks) + 1e-9)), float(np.mean(sums >= l(ranks) - 1e-9))]
        yield {"values": table.ravel().tolist(), "k": k, "chi": chi, "p": p, "w": chi / (n * (k - 1)), "f": f, "fP": f_p,
               "l": float(page.statistic), "pageP": float(page.pvalue), "pageExact": page_exact, "pageAll": every,
               "meanRho": None if not tie_free else
               float(np.mean([stats.spearmanr(row, np.arange(k)).statistic for row in table]))}


def skillings_mack(table):
    """By the Moore-Penrose inverse."""
    table = table[(~np.isnan(table)).sum(1) > 1]
    seen = ~np.isnan(table)
    n, k = table.shape
    adjusted = np.zeros(k)
    for row, has in zip(table, seen):
        size = has.sum()
        adjusted[has] += np.sqrt(12 / (size + 1)) * (stats.rankdata(row[has]) - (size + 1) / 2)
    together = seen.T.astype(float) @ seen
    covariance = -together
    np.fill_diagonal(covariance, together.sum(1) - np.diag(together))
    t = adjusted @ np.linalg.pinv(covariance, rcond=1e-10) @ adjusted
    degrees = int(np.linalg.matrix_rank(covariance))
    return float(t), float(stats.chi2.sf(t, degrees)), degrees


def incomplete():
    nan = np.nan
    # Skillings and Mack (1981), the example of their article: assembly times of four methods in nine blocks.
    tables = [np.array([[3.2, 4.1, 3.8, 4.2], [3.1, 3.9, 3.4, 4.0], [4.3, 3.5, 4.6, 4.8], [3.5, 3.6, 3.9, 4.0],
                        [3.6, 4.2, 3.7, 3.9], [4.5, 4.7, 3.7, nan], [nan, 4.2, 3.4, nan], [4.3, 4.6, 4.4, 4.9],
                        [3.5, nan, 3.7, 3.9]])]
    for n, k, missing in ((8, 3, 0.2), (20, 3, 0.3), (40, 4, 0.1), (30, 5, 0.5), (25, 6, 0.6)):
        for digits in (1, 6):
            table = np.round(rng.random((n, k)), digits)
            table[rng.random((n, k)) < missing] = nan
            tables.append(table)
    # Columns 0, 1 and 2, 3 are never answered by the same person; column 4 by nobody.
    apart = np.round(rng.random((12, 5)), 6)
    apart[:6, 2:] = nan
    apart[6:, [0, 1, 4]] = nan
    tables.append(apart)
    published = skillings_mack(tables[0])
    assert abs(published[0] - 15.4930488) < 1e-6 and abs(published[1] - 0.00144030) < 1e-7, published
    for table in tables:
        t, p, degrees = skillings_mack(table)
        yield {"values": [None if np.isnan(v) else v for v in table.ravel().tolist()], "k": table.shape[1], "t": t, "p": p,
               "degrees": degrees}


def permutations():
    """p over all permutations, for tests that draw some of them."""
    x, y = column(8, "slider"), column(8, "likert")
    group = np.array([1, 0, 0, 1, 1, 0, 0, 0])
    three = np.array([0, 1, 2, 0, 1, 2, 2, 2])

    def over_all(statistic):
        observed = statistic(np.arange(8))
        return float(np.mean([statistic(np.array(o)) >= observed - 1e-9 for o in itertools.permutations(range(8))]))

    ranks, ranks_y = stats.rankdata(x), stats.rankdata(y)
    signs = np.sign(np.subtract.outer(x, x)) * 1.0
    signs_y = np.sign(np.subtract.outer(y, y)) * 1.0
    # Four participants of two rows each, and the same moved only inside blocks of four.
    pairs = [np.concatenate([[2 * c, 2 * c + 1] for c in o]) for o in itertools.permutations(range(4))]
    inside = [np.array(list(a) + list(b)) for a in itertools.permutations(range(4)) for b in itertools.permutations(range(4, 8))]

    def over(orders, statistic):
        values = np.array([statistic(o) for o in orders])
        return float(np.mean(np.abs(values - values.mean()) >= abs(statistic(np.arange(8)) - values.mean()) - 1e-9))

    rho = lambda o: (ranks * ranks_y[o]).sum()
    u = lambda o: ranks[group[o] == 1].sum()
    yield {
        "x": x.tolist(), "y": y.tolist(), "inFirst": (group == 1).tolist(), "groups": three.tolist(),
        "spearman": over_all(lambda o: abs(np.corrcoef(ranks, ranks_y[o])[0, 1])),
        "kendall": over_all(lambda o: abs((signs * signs_y[np.ix_(o, o)]).sum())),
        "mannWhitney": over_all(lambda o: abs(u(o) - 3 * 4.5)),
        "kruskal": over_all(lambda o: sum(ranks[three[o] == g].sum() ** 2 / (three == g).sum() for g in range(3))),
        "spearmanClusters": over(pairs, rho), "spearmanWithin": over(inside, rho),
        "mannWhitneyClusters": over(pairs, u), "mannWhitneyWithin": over(inside, u),
    }
    table = np.array([[3, 1, 2], [2, 2, 5], [1, 2, 4], [5, 3, 3]], dtype=float)
    ranks = np.apply_along_axis(stats.rankdata, 1, table)
    orders = [np.array(rows) for rows in itertools.product(*(list(itertools.permutations(row)) for row in ranks))]
    chi = lambda rows: (rows.sum(0) ** 2).sum()
    page = lambda rows: abs((rows * np.arange(1, 4)).sum() - 4 * 12)
    yield {"values": table.ravel().tolist(), "k": 3,
           "friedman": float(np.mean([chi(o) >= chi(ranks) - 1e-9 for o in orders])),
           "page": float(np.mean([page(o) >= page(ranks) - 1e-9 for o in orders]))}


fixture = {
    "versions": {"python": platform.python_version(), "numpy": np.__version__, "scipy": scipy.__version__,
                 "pingouin": pingouin.__version__},
    "correlations": list(correlations()),
    "twoGroups": list(two_groups()),
    "severalGroups": list(several_groups()),
    "signed": list(signed()),
    "repeated": list(repeated()),
    "incomplete": list(incomplete()),
    "permutations": list(permutations()),
}
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps(fixture, default=float, allow_nan=False) + "\n")
