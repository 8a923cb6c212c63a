"""The tests of report.py, by the programs that the specification names; formulas are written out where no program has them."""

import warnings

import dcor
import krippendorff
import numpy as np
import pandas as pd
import pingouin
from scipy import stats
from scipy.spatial.distance import pdist, squareform
from skbio import DistanceMatrix
from skbio.stats.distance import permanova
from statsmodels.stats.contingency_tables import SquareTable, mcnemar
from statsmodels.stats.proportion import proportion_confint

warnings.filterwarnings("ignore")
pingouin.options["round"] = None
NOTHING = {"test": None, "statistic": None, "p": None}
Z = stats.norm.ppf(0.975)


def enough_of(pairs, side, least):
    """The pairs whose category on this side has enough people, and these categories."""
    counts = {}
    for pair in pairs:
        counts[pair[side]] = counts.get(pair[side], 0) + 1
    levels = sorted(level for level, n in counts.items() if n >= least)
    return [pair for pair in pairs if pair[side] in levels], levels


def evidence(n, least, p, q, effect, small, interval):
    """First match wins: too few, could be chance, clear, worth exploring."""
    if n < least:
        return "too-few"
    apart = p is not None and p <= 0.05 if interval is None else interval[0] > 0 or interval[1] < 0
    if p is None or q > 0.20 or not apart:
        return "could-be-chance"
    return "clear" if q <= 0.05 and abs(effect) >= small else "worth-exploring"


def relation(a, b, pairs):
    is_group = [v.kind in ("category", "attribute") for v in (a, b)]
    if all(is_group):
        return categories(pairs)
    if any(is_group):
        groups, values = (0, 1) if is_group[0] else (1, 0)
        found = [(pair[groups], pair[values]) for pair in pairs]
        return groups_of_dots(found, len(pairs)) if (b, a)[groups].kind == "dots" else ranked_groups(found, len(pairs))
    if "dots" in (a.kind, b.kind):
        return together(a, b, pairs)
    return ordered(a, b, pairs)


def result(test, n, statistic, p, effect, small=0, interval=None):
    """`judge` tells the class, once q is known."""
    return {"test": test, "n": n, "statistic": statistic, "p": p, "effect": effect, "enough": n >= 20,
            "low": interval and interval[0], "high": interval and interval[1],
            "judge": lambda q: evidence(n, 20, p, q, effect, small, interval)}


def fisher_z(r, variance):
    return [float(np.tanh(np.arctanh(r) + s * Z * np.sqrt(variance))) for s in (-1, 1)]


def ordered(a, b, pairs):
    x, y = np.array(pairs, dtype=float).T
    n = len(pairs)
    if a.kind == b.kind == "dyad":
        rho, p = stats.spearmanr(x, y)
        return result("spearman", n, rho, p, rho, 0.1, fisher_z(rho, 1.06 / (n - 3)))
    tau, p = stats.kendalltau(x, y, method="asymptotic")
    return result("kendall-tau-b", n, tau, p, tau, 0.1 / 1.5, fisher_z(tau, 0.437 / (n - 4)))


def cliff(x, y):
    """Feng and Cliff (2004) over the full matrix of signs."""
    d = np.sign(x[:, None] - y[None, :])
    n1, n2 = d.shape
    delta = d.mean()
    s2 = (n2**2 * ((d.mean(1) - delta) ** 2).sum() + n1**2 * ((d.mean(0) - delta) ** 2).sum() - ((d - delta) ** 2).sum()) \
        / (n1 * n2 * (n1 - 1) * (n2 - 1))
    s2 = max(s2, (1 - delta**2) / (n1 * n2 - 1))
    half = Z * np.sqrt(s2) * np.sqrt((1 - delta**2) ** 2 + Z**2 * s2)
    ends = [(delta - delta**3 + s * half) / (1 - delta**2 + Z**2 * s2) for s in (-1, 1)]
    return delta, [max(ends[0], -1), min(ends[1], 1)]


def ranked_groups(pairs, told):
    pairs, levels = enough_of(pairs, 0, 10)
    samples = [np.array([v for g, v in pairs if g == level], dtype=float) for level in levels]
    if len(levels) < 2:
        return {**NOTHING, "n": told, "enough": False}
    if len(levels) == 2:
        u, p = stats.mannwhitneyu(*samples, method="asymptotic", use_continuity=True)
        delta, interval = cliff(*samples)
        return result("mann-whitney", len(pairs), u, p, delta, 0.147, interval)
    h, p = stats.kruskal(*samples)
    return result("kruskal-wallis", len(pairs), h, p, h / (len(pairs) - 1), 0.01)


def categories(pairs):
    told, before = len(pairs), None
    # Leaving out a category may leave too few of another.
    while before != len(pairs):
        before = len(pairs)
        pairs, rows = enough_of(pairs, 0, 5)
        pairs, columns = enough_of(pairs, 1, 5)
    if len(rows) < 2 or len(columns) < 2:
        return {**NOTHING, "n": told, "enough": False}
    table = np.array([[sum(pair == (r, c) for pair in pairs) for c in columns] for r in rows])
    chi = stats.chi2_contingency(table, correction=False)
    n, (r, c) = len(pairs), table.shape
    phi2 = max(0, chi.statistic / n - (r - 1) * (c - 1) / (n - 1))
    r_, c_ = (k - (k - 1) ** 2 / (n - 1) for k in (r, c))
    return result("chi-squared", n, chi.statistic, chi.pvalue, np.sqrt(phi2 / min(r_ - 1, c_ - 1)),
                  0.1 / np.sqrt(min(r, c) - 1))


def energy(points, groups):
    """PERMANOVA on the roots of the distances is DISCO (Rizzo and Székely 2010); R² by its sums."""
    points, groups = np.array(points), np.array(groups)
    d = squareform(pdist(points))
    f = permanova(DistanceMatrix(np.sqrt(d)), groups.astype(str), permutations=0)["test statistic"]
    within = sum(d[np.ix_(groups == g, groups == g)].sum() / 2 / (groups == g).sum() for g in set(groups))
    return f, 1 - within / (d.sum() / 2 / len(points))


def groups_of_dots(pairs, told):
    pairs, levels = enough_of(pairs, 0, 10)
    if len(levels) < 2:
        return {**NOTHING, "n": told, "enough": False}
    f, r2 = energy([v[:2] for _, v in pairs], [g for g, _ in pairs])
    return result("energy", len(pairs), f, None, r2)


def together(a, b, pairs):
    place = lambda v, value: list(value[:2]) if v.kind == "dots" else [value, 0.0]
    x, y = (np.array([place(v, pair[i]) for pair in pairs], dtype=float) for i, v in enumerate((a, b)))
    squared, n = dcor.u_distance_correlation_sqr(x, y), len(pairs)
    return result("distance-correlation", n, squared, stats.chi2.sf(n * squared + 1, 1), max(squared, 0))


def moved(v, both):
    """The same people twice."""
    n = len(both)
    if n < 10:
        return [{**NOTHING}]
    if v.kind in ("dyad", "scale"):
        d = np.round([b - a for a, b in both], 9)
        less = stats.wilcoxon(d, zero_method="pratt", method="asymptotic", correction=False, alternative="greater")
        p = stats.wilcoxon(d, zero_method="pratt", method="asymptotic", correction=False).pvalue
        moves = d[d != 0]
        ranks = stats.rankdata(abs(moves))
        rbc = (ranks[moves > 0].sum() - ranks[moves < 0].sum()) / ranks.sum()
        return [{"test": "wilcoxon-pratt", "statistic": less.statistic, "p": p, "effect": rbc, "up": int((d > 0).sum()),
                 "same": int((d == 0).sum()), "down": int((d < 0).sum())}]
    if v.kind == "category":
        table = np.array([[sum(pair == (i, j) for pair in both) for j in range(v.size)] for i in range(v.size)])
        same = int(np.trace(table))
        if v.size == 2:
            found = mcnemar(table, exact=False, correction=False)
            up, down = int(table[0, 1]), int(table[1, 0])
            return [{"test": "mcnemar", "statistic": found.statistic, "p": found.pvalue, "effect": (up - down) / n, "up": up,
                     "same": same, "down": down}]
        kept = [i for i in range(v.size) if table[i].any() or table[:, i].any()]
        found = SquareTable(table[np.ix_(kept, kept)], shift_zeros=False).homogeneity()
        return [{"test": "stuart-maxwell", "statistic": found.statistic, "p": found.pvalue, "effect": 1 - same / n, "same": same}]
    before, after = (np.array([pair[i][:2] for pair in both]) for i in (0, 1))
    moves = after - before
    still = int((np.round(np.hypot(*moves.T), 9) < 0.1).sum())
    hotelling = pingouin.multivariate_ttest(moves, np.zeros(2))
    mean = {"test": "sign-flip", "statistic": float(hotelling["T2"].iloc[0]), "p": float(hotelling["pval"].iloc[0]),
            "effect": float(np.hypot(*moves.mean(0))), "same": still}
    f, r2 = energy(np.vstack([before, after]), [0] * n + [1] * n)
    return [mean, {"test": "energy", "statistic": f, "p": None, "effect": r2, "same": still}]


def transitions(v, both):
    """Where people went, among what somebody answered; Bowker's and Stuart and Maxwell's test of it."""
    if v.kind == "dyad" or (v.kind == "dots" and v.size == 2) or len(both) < 10:
        return {}
    if v.kind == "dots":
        zone = lambda value: zones([value[2:]]).index(1)
        pairs, size = [(zone(a), zone(b)) for a, b in both], 7
    else:
        first = 1 if v.kind == "scale" else 0
        pairs, size = [(a - first, b - first) for a, b in both], v.size
    full = np.array([[sum(pair == (i, j) for pair in pairs) for j in range(size)] for i in range(size)])
    kept = [i for i in range(size) if full[i].any() or full[:, i].any()]
    table = full[np.ix_(kept, kept)]
    # With no move between two categories statsmodels divides 0 by 0; such two tell nothing.
    there, back = table[np.triu_indices(len(kept), 1)], table.T[np.triu_indices(len(kept), 1)]
    moved_ = there + back > 0
    statistic = float(((there - back)[moved_] ** 2 / (there + back)[moved_]).sum())
    square = SquareTable(table, shift_zeros=False)
    if moved_.all():
        assert abs(square.symmetry().statistic - statistic) < 1e-9
    same = square.homogeneity()
    shares = [[x for count in row for x in (count / row.sum(), *proportion_confint(count, row.sum(), method="wilson"))]
              if row.sum() >= 10 else None for row in table]
    clamp = lambda row: row and [0.0 if abs(x) < 1e-15 else 1.0 if abs(x - 1) < 1e-15 else float(x) for x in row]
    return {"moves": table.ravel().tolist(), "symmetry": [statistic, float(stats.chi2.sf(statistic, moved_.sum()))],
            "homogeneity": [float(same.statistic), float(same.pvalue)], "went": [clamp(row) for row in shares]}


def noticeable(v, both):
    """People who moved at least a tenth of a dyad, a point of a scale, or 0.15 of a side."""
    if v.kind == "category":
        return None
    if v.kind == "dots":
        moves = np.round([np.hypot(b[0] - a[0], b[1] - a[1]) for a, b in both], 9)
        return [int((moves >= 0.15).sum())]
    moves = np.round([b - a for a, b in both], 9)
    least = 0.1 if v.kind == "dyad" else 1
    return [int((abs(moves) >= least).sum()), int((moves >= least).sum()), int((moves <= -least).sum())]


def towards(v, both):
    """Of all the shares whose largest gain is in each part, of those who moved at least a tenth of a side."""
    if v.kind != "dots" or v.size != 3:
        return None
    gains = [(np.round(np.array(b[2:]) - np.array(a[2:]), 9), round(float(np.hypot(b[0] - a[0], b[1] - a[1])), 9)) for a, b in both]
    led = [[int(g[i] == g.max() and (g == g.max()).sum() == 1) for i in range(3)] for g, far in gains if far >= 0.1]
    return (np.sum(led, axis=0) / len(both)).tolist() if led else [0.0] * 3


def trends(table):
    """Nothing when fewer than three waves were answered."""
    if len(table) == 0 or (~np.isnan(table)).any(0).sum() < 3:
        return
    full = table[~np.isnan(table).any(1)]
    n, k = full.shape
    chi, p = stats.friedmanchisquare(*full.T)
    yield {"test": "friedman", "statistic": chi, "n": n, "p": p, "effect": chi / (n * (k - 1)), "enough": n >= 10}
    page = stats.page_trend_test(full, method="asymptotic")
    yield {"test": "page", "statistic": page.statistic, "n": n, "p": 2 * min(page.pvalue, 1 - page.pvalue), "enough": n >= 10}
    table = table[(~np.isnan(table)).sum(1) > 1]
    seen, adjusted = ~np.isnan(table), np.zeros(k)
    for row, has in zip(table, seen):
        size = has.sum()
        adjusted[has] += np.sqrt(12 / (size + 1)) * (stats.rankdata(row[has]) - (size + 1) / 2)
    # Skillings and Mack (1981), by the Moore-Penrose inverse.
    together_ = seen.T.astype(float) @ seen
    covariance = -together_
    np.fill_diagonal(covariance, together_.sum(1) - np.diag(together_))
    t = float(adjusted @ np.linalg.pinv(covariance, rcond=1e-10) @ adjusted)
    yield {"test": "skillings-mack", "statistic": t, "n": len(table), "p": float(stats.chi2.sf(t, k - 1)), "enough": True}


def gap_and_agreement(v, both):
    """Second less first, and how far both agree."""
    if len(both) < 10:
        return None, None
    if v.kind == "dots":
        a, b = (np.array([pair[i][:2] for pair in both]) for i in (0, 1))
        d = np.hypot(*(a[:, None, :] - b[None, :, :]).transpose(2, 0, 1))
        own, n = np.trace(d) / len(both), len(both)
        return own, 1 - own / ((d.sum() - np.trace(d)) / (n * (n - 1)))
    if v.kind == "category":
        return (float(np.mean([a != b for a, b in both])),
                krippendorff.alpha(np.array(both, dtype=float).T, level_of_measurement="nominal"))
    ratings = np.array(both, dtype=float)
    gap = float((ratings[:, 1] - ratings[:, 0]).mean())
    if v.kind == "scale":
        return gap, krippendorff.alpha(ratings.T, level_of_measurement="ordinal")
    long = pd.DataFrame([(i, j, value) for i, row in enumerate(ratings) for j, value in enumerate(row)], columns=["who", "by", "v"])
    icc = pingouin.intraclass_corr(long, targets="who", raters="by", ratings="v").set_index("Type")["ICC"]
    return gap, float(icc[[name for name in icc.index if name in ("ICC2", "ICC(A,1)")][0]])


def summary(signifier, told):
    kind = signifier["kind"]
    if kind == "dyad":
        return {"figures": [float(q) for q in np.quantile(told, [0.25, 0.5, 0.75])]}
    if kind == "triad":
        return {"figures": [float(c) for c in np.mean(told, axis=0)], "counts": zones(told)}
    if kind == "scale":
        return {"counts": [told.count(i + 1) for i in range(len(signifier["points"]))]}
    if kind == "stones":
        placed = [[t[i] for t in told if t[i]] for i in range(len(signifier["stones"]))]
        return {"figures": [float(c) for p in placed for c in np.mean(p, axis=0)], "counts": [len(p) for p in placed]}
    if signifier.get("multiple"):
        return {"counts": np.sum(told, axis=0).tolist()}
    return {"counts": [told.count(i) for i in range(len(signifier["options"]))]}


def zones(told):
    """Top, left, right, top-left, top-right, left-right, centre."""
    counts = [0] * 7
    for t in told:
        most, least = int(np.argmax(t)), int(np.argmin(t))
        corner, centre = max(t) >= 0.6 - 1e-9, min(t) >= 0.2 - 1e-9
        counts[most if corner else 6 if centre else 5 - least] += 1
    return counts
