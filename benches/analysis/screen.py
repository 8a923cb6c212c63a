"""The fast part of the analysis as an analyst would write it with pandas and SciPy: summaries of every signifier and every
pair by formula. Called by the benchmark: `python screen.py FOLDER` reads answers.csv and pairs.json there, times the
screen (reading is not counted) and compares every statistic and p-value with what duiding found. Of more than 2,000 dots
both look at a sample, each at its own, so those are timed but not compared.

Needs numpy, pandas and scipy; prints one JSON object. Distance tables are made with scipy.spatial, U-centred in numpy."""

import itertools
import json
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import stats
from scipy.spatial.distance import pdist, squareform

Z = stats.norm.ppf(0.975)
MOST = 2000
RNG = np.random.default_rng(1)


def wilson(k, n):
    interval = stats.binomtest(int(k), int(n)).proportion_ci(method="wilson")
    return interval.low, interval.high


def shares(counts):
    n = int(counts.sum())
    return [(count, count / n, *wilson(count, n)) for count in counts]


def zones(dots):
    top, left, right = dots.T
    lows = (dots < 0.2).argmax(axis=1)
    zone = np.where(dots.max(axis=1) >= 0.6, dots.argmax(axis=1), np.where(dots.min(axis=1) >= 0.2, 6, 3 + lows))
    return np.bincount(zone, minlength=7)


def summary(kind, table):
    table = table.dropna()
    if kind == "triad":
        dots = table.to_numpy()
        closed = np.where(dots == 0, 0.0065, dots)
        return shares(zones(dots)), dots.mean(axis=0), stats.gmean(closed / closed.sum(axis=1, keepdims=True))
    values = table.iloc[:, 0]
    if kind == "dyad":
        quartiles = values.quantile([0.25, 0.5, 0.75])
        return quartiles, np.histogram(values, bins=20, range=(0, 1))[0], (values == 0).mean(), (values == 1).mean()
    if kind == "stones":
        grid = np.histogram2d(table.iloc[:, 0], table.iloc[:, 1], bins=3, range=((0, 1), (0, 1)))[0]
        return table.mean(), table.median(), grid
    counts = values.value_counts().sort_index()
    return shares(counts), values.median()


def fisher_z(r, variance):
    return np.tanh(np.arctanh(r) + np.array([-1, 1]) * Z * np.sqrt(variance))


def centred(points):
    d = squareform(pdist(points))
    n = len(d)
    rows = d.sum(axis=1) / (n - 2)
    u = d - rows[:, None] - rows[None, :] + d.sum() / ((n - 1) * (n - 2))
    np.fill_diagonal(u, 0)
    return u


def sample(n):
    """Which rows are looked at where a method looks at all pairs of rows."""
    return RNG.choice(n, MOST, replace=False) if n > MOST else np.arange(n)


def together(x, y):
    kept = sample(len(x))
    x, y = x[kept], y[kept]
    a, b = centred(x), centred(y)
    squared = (a * b).sum() / np.sqrt((a * a).sum() * (b * b).sum())
    return squared, stats.chi2.sf(len(x) * squared + 1, 1), squared


def energy(points, groups):
    kept = sample(len(points))
    points, groups = points[kept], groups[kept]
    d, n = squareform(pdist(points)), len(points)
    names = np.unique(groups)
    within = sum(d[np.ix_(groups == g, groups == g)].sum() / 2 / (groups == g).sum() for g in names)
    total = d.sum() / 2 / n
    return ((total - within) / (len(names) - 1)) / (within / (n - len(names))), None, 1 - within / total


def place(kind, table):
    values = table.to_numpy()
    if kind == "triad":
        return np.column_stack([values[:, 2] + values[:, 0] / 2, values[:, 0] * np.sqrt(3) / 2])
    return values


def pair(a, b, answers):
    both = pd.concat([answers[a][1], answers[b][1]], axis=1, keys=["a", "b"]).dropna()
    (kind_a, x), (kind_b, y) = (answers[a][0], both["a"]), (answers[b][0], both["b"])
    dots, n = ("triad", "stones"), len(both)
    if kind_a == kind_b == "choice":
        table = pd.crosstab(x.iloc[:, 0], y.iloc[:, 0])
        chi2, p, _, _ = stats.chi2_contingency(table, correction=False)
        (r, c) = table.shape
        phi2 = max(0, chi2 / n - (r - 1) * (c - 1) / (n - 1))
        return chi2, p, np.sqrt(phi2 / min(k - 1 - (k - 1) ** 2 / (n - 1) for k in (r, c)))
    if "choice" in (kind_a, kind_b):
        (groups, kind, values) = (x, kind_b, y) if kind_a == "choice" else (y, kind_a, x)
        codes = groups.iloc[:, 0].to_numpy()
        if kind in dots:
            return energy(place(kind, values), codes)
        samples = [values.iloc[:, 0].to_numpy()[codes == g] for g in np.unique(codes)]
        h, p = stats.kruskal(*samples)
        return h, p, h / (n - 1)
    if kind_a in dots or kind_b in dots:
        return together(place(kind_a, x), place(kind_b, y))
    if kind_a == kind_b == "dyad":
        rho, p = stats.spearmanr(x.iloc[:, 0], y.iloc[:, 0])
        return rho, p, fisher_z(rho, 1.06 / (n - 3))
    tau, p = stats.kendalltau(x.iloc[:, 0], y.iloc[:, 0], method="asymptotic")
    return tau, p, fisher_z(tau, 0.437 / (n - 4))


def differences(found, theirs):
    """Largest relative difference of statistics and p-values; those of a sample are not compared."""
    largest, compared = 0.0, 0
    for ours in theirs:
        statistic, p, _ = found[(ours["a"].split("/")[0], ours["b"].split("/")[0])]
        if "sampled" in ours["caveats"]:
            continue
        for mine, yours in ((statistic, ours["statistic"]), (p, ours["p"])):
            if mine is not None:
                compared += 1
                largest = max(largest, abs(mine - yours) / max(abs(mine), 1e-12))
    return compared, largest


def main():
    folder = Path(sys.argv[1])
    table = pd.read_csv(folder / "answers.csv")
    theirs = json.loads((folder / "pairs.json").read_text())
    answers = {}
    for column in table.columns:
        key, kind, _ = column.split("|")
        answers.setdefault(key, (kind, []))[1].append(table[column])
    answers = {key: (kind, pd.concat(columns, axis=1)) for key, (kind, columns) in answers.items()}
    start = time.perf_counter()
    for kind, values in answers.values():
        summary(kind, values)
    found = {(a, b): pair(a, b, answers) for a, b in itertools.combinations(answers, 2)}
    seconds = time.perf_counter() - start
    compared, largest = differences(found, theirs)
    print(json.dumps({"seconds": seconds, "pairs": len(found), "compared": compared, "largest": largest}))


if __name__ == "__main__":
    main()
