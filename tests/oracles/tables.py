"""Writes tables.json: what other programs say about tables of counts, many tests at once, agreement and Firth's regression.

Run with firthmodels, krippendorff, numpy, pandas, pingouin, scikit-learn, scipy and statsmodels installed:
python3 tests/oracles/tables.py
The versions that made the committed file are in it. Inputs come from a seeded generator, so a run with the same
versions gives the same file.
"""

import importlib.metadata
import json
import pathlib
import platform
import warnings

import krippendorff
import numpy as np
import pandas as pd
import pingouin
import statsmodels.api as sm
from firthmodels import FirthLogisticRegression
from scipy import stats
from sklearn.metrics import matthews_corrcoef
from statsmodels.stats.contingency_tables import SquareTable, Table2x2, mcnemar
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import confint_proportions_2indep

rng = np.random.default_rng(20261123)
pingouin.options["round"] = None


def multiple():
    families = [[0.04], [0.5, 0.5, 0.5], [0.01, 0.04, 0.03, 0.005], [1.0, 0.0, 0.2], [0.02, 0.02, 0.02, 0.9]]
    families += [np.round(rng.beta(0.5, 2, size=n), d).tolist() for n, d in ((7, 2), (30, 3), (60, 12))]
    for p in families:
        yield {"p": p, "q": multipletests(p, method="fdr_bh")[1].tolist(),
               "holm": multipletests(p, method="holm")[1].tolist()}


def tables():
    """Also bias-corrected V as Bergsma (2013) writes it."""
    found = [[[8, 2, 1], [1, 5, 3]], [[10, 0], [0, 10]], [[5, 5], [5, 5]], [[1, 9], [11, 3]], [[300, 20, 1], [250, 60, 9]]]
    for rows, columns, n in ((2, 2, 40), (2, 5, 40), (3, 3, 60), (4, 6, 200), (7, 7, 500), (3, 2, 20), (5, 3, 5000)):
        shares = rng.dirichlet(np.full(rows * columns, 0.8))
        found.append(rng.multinomial(n, shares).reshape(rows, columns).tolist())
    found.append([[4, 0, 7], [0, 0, 0], [9, 0, 2]])
    for table in found:
        full = np.array(table)
        kept = full[full.sum(1) > 0][:, full.sum(0) > 0]
        n, (r, c) = kept.sum(), kept.shape
        statistic, p, df, expected = stats.chi2_contingency(kept, correction=False)
        phi2 = max(0, statistic / n - (r - 1) * (c - 1) / (n - 1))
        rt, ct = r - (r - 1) ** 2 / (n - 1), c - (c - 1) ** 2 / (n - 1)
        residuals = sm.stats.Table(kept, shift_zeros=False).standardized_resids
        ncx2 = [root(lambda nc: stats.ncx2.cdf(statistic, df, nc) - part if nc else stats.chi2.cdf(statistic, df) - part)
                for part in (0.975, 0.025)]
        largest = min(rt - 1, ct - 1)
        ends = [min(1, np.sqrt(nc / n / largest)) for nc in ncx2]
        yield {"columns": full.shape[1], "counts": full.ravel().tolist(), "statistic": statistic, "df": int(df), "p": p,
               "smallest": float(expected.min()), "v": float(np.sqrt(phi2 / largest)), "low": ends[0], "high": ends[1],
               "residuals": residuals.ravel().tolist()}


def root(f):
    from scipy.optimize import brentq
    return brentq(f, 0, 1e5, xtol=1e-13) if f(0) > 0 else 0.0


def ncx2():
    for x, df, nc in ((3.0, 1, 0.5), (20.0, 4, 12.0), (2.0, 3, 30.0), (150.0, 36, 80.0), (900.0, 4, 1000.0)):
        yield [x, df, nc, float(stats.ncx2.cdf(x, df, nc))]


def two_by_two():
    cells = [[0, 12, 5, 7], [3, 1, 1, 3], [0, 5, 0, 5], [8, 2, 1, 5], [1, 0, 0, 1], [200, 180, 150, 260], [7, 7, 7, 7],
             [10000, 10200, 9900, 10400]]
    cells += [rng.integers(0, 15, size=4).tolist() for _ in range(20)]
    for a, b, c, d in cells:
        table = np.array([[a, b], [c, d]])
        case = {"cells": [a, b, c, d], "fisher": float(stats.fisher_exact(table).pvalue)}
        if table.sum(0).all() and table.sum(1).all():
            # Its own shift_zeros touches the empty cells only; Haldane adds to all four.
            two = Table2x2(table + 0.5 * (table.min() == 0), shift_zeros=False)
            truth = np.repeat([0, 0, 1, 1], [a, b, c, d])
            said = np.repeat([0, 1, 0, 1], [a, b, c, d])
            # On 2 x 2 tables Matthews' correlation is phi.
            case |= {"phi": float(matthews_corrcoef(truth, said)), "lnOdds": float(two.log_oddsratio),
                     "odds": [float(v) for v in two.log_oddsratio_confint()]}
        if table.sum(1).all():
            low, high = confint_proportions_2indep(a, a + b, c, c + d, compare="diff", method="newcomb")
            case |= {"difference": [a / (a + b) - c / (c + d), float(low), float(high)]}
        yield case


def squares():
    found = [[[10, 5], [1, 9]], [[1520, 266, 124, 66], [234, 1512, 432, 78], [117, 362, 1772, 205], [36, 82, 179, 492]]]
    for k, n in ((3, 40), (3, 200), (5, 300), (7, 900)):
        found.append(rng.multinomial(n, rng.dirichlet(np.full(k * k, 2.0))).reshape(k, k).tolist())
    for table in found:
        square = SquareTable(np.array(table), shift_zeros=False)
        symmetry, same = square.symmetry(), square.homogeneity()
        pairs = np.array(table) + np.array(table).T
        yield {"counts": np.ravel(table).tolist(), "size": len(table), "full": bool((pairs > 0).all()),
               "bowker": float(symmetry.statistic), "bowkerDf": int(symmetry.df),
               "bowkerP": float(stats.chi2.sf(symmetry.statistic, symmetry.df)),
               "stuart": float(same.statistic), "stuartDf": int(same.df),
               "stuartP": float(stats.chi2.sf(same.statistic, same.df))}


def binomials():
    cases = [(0, 5, 0.5), (12, 20, 0.5), (10, 20, 0.5), (0, 0, 0.3), (3, 15, 0.1), (600, 1100, 0.5), (7, 9, 0.16)]
    cases += [(int(rng.integers(0, n + 1)), int(n), round(float(rng.random()), 3)) for n in rng.integers(1, 120, size=20)]
    for k, n, share in cases:
        yield {"count": k, "n": n, "share": share, "p": float(stats.binomtest(k, n, share).pvalue) if n else 1.0}


def mcnemars():
    for up, down in ((0, 0), (6, 0), (5, 1), (14, 6), (30, 30), (210, 260)):
        p = float(mcnemar([[3, up], [down, 8]], exact=True).pvalue) if up + down else 1.0
        found = mcnemar([[3, up], [down, 8]], exact=False, correction=False) if up + down else None
        yield {"up": up, "down": down, "p": p, "statistic": found and float(found.statistic),
               "asymptoticP": found and float(found.pvalue)}


def fits():
    """The draws of the oracle are its own: compare within the tolerance of two Monte Carlo p-values."""
    zones = [0.16, 0.16, 0.16, 0.12, 0.12, 0.12, 0.16]
    found = [([9, 4, 3, 1, 2, 0, 1], zones), ([3, 3, 4, 2, 2, 3, 3], zones), ([40, 52, 60, 30, 44, 20, 33], zones),
             ([5, 0, 1], [0.1, 0.6, 0.3]), ([12, 30], [0.5, 0.5])]
    for counts, shares in found:
        expected = np.sum(counts) * np.array(shares)
        statistic, p = stats.chisquare(counts, expected)
        drawn = None
        if expected.min() < 5:
            draws = rng.multinomial(np.sum(counts), shares, size=199999)
            values = ((draws - expected) ** 2 / expected).sum(1)
            drawn = float(((values >= statistic - 1e-9).sum() + 1) / 200000)
        yield {"counts": counts, "shares": shares, "statistic": float(statistic), "p": float(p), "drawn": drawn}


def fishers():
    """Exact p of r x c tables by listing every table with the same sums."""
    from itertools import product
    from math import lgamma
    for table in ([[8, 2, 1], [1, 5, 3]], [[3, 0, 2], [1, 4, 1], [0, 2, 4]], [[2, 3], [4, 2], [6, 0]], [[5, 1, 0, 2], [2, 3, 4, 1]]):
        table = np.array(table)
        rows, columns = table.sum(1), table.sum(0)
        weight = lambda t: -sum(lgamma(v + 1) for v in np.ravel(t))

        def fill(rest, left):
            if len(left) == 1:
                yield [tuple(rest)]
                return
            for row in product(*(range(min(v, left[0]) + 1) for v in rest)):
                if sum(row) == left[0]:
                    for more in fill([a - b for a, b in zip(rest, row)], left[1:]):
                        yield [row, *more]

        weights = np.array([weight(t) for t in fill(list(columns), list(rows))])
        chances = np.exp(weights - weights.max())
        reached = chances[weights <= weight(table) + 1e-7].sum() / chances.sum()
        yield {"columns": table.shape[1], "counts": table.ravel().tolist(), "p": float(reached)}


def intraclasses():
    """McGraw and Wong's interval written out, because pingouin rounds it to two digits (checked here against that)."""
    shrout = np.array([[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]], float)
    found = [shrout]
    for n, k in ((20, 2), (31, 3), (10, 3), (60, 2), (15, 4)):
        person = rng.normal(0, rng.choice([0.05, 0.15, 0.3]), size=(n, 1))
        found.append(np.round(np.clip(0.5 + person + rng.normal(0, 0.15, size=(n, k)) + rng.normal(0, 0.1, size=k), 0, 1), 2))
    for table in found:
        n, k = table.shape
        frame = pd.DataFrame([(i, j, table[i, j]) for i in range(n) for j in range(k)], columns=["who", "rater", "score"])
        result = pingouin.intraclass_corr(frame, "who", "rater", "score").set_index("Type").loc["ICC(A,1)"]
        icc, grand = float(result["ICC"]), table.mean()
        msr = k * ((table.mean(1) - grand) ** 2).sum() / (n - 1)
        msc = n * ((table.mean(0) - grand) ** 2).sum() / (k - 1)
        mse = ((table - table.mean(1)[:, None] - table.mean(0) + grand) ** 2).sum() / ((n - 1) * (k - 1))
        a, b = k * icc / (n * (1 - icc)), 1 + k * icc * (n - 1) / (n * (1 - icc))
        v = (a * msc + b * mse) ** 2 / ((a * msc) ** 2 / (k - 1) + (b * mse) ** 2 / ((n - 1) * (k - 1)))
        both = k * msc + (k * n - k - n) * mse
        fl, fu = stats.f.isf(0.025, n - 1, v), stats.f.isf(0.025, v, n - 1)
        low = n * (msr - fl * mse) / (fl * both + n * msr)
        high = n * (fu * msr - mse) / (both + n * fu * msr)
        assert np.allclose(result["CI95"], [low, high], atol=0.0051), (result["CI95"], low, high)
        yield {"ratings": table.tolist(), "icc": icc, "f": float(result["F"]), "p": float(result["pval"]),
               "low": float(low), "high": float(high)}


def limits():
    for n in (2, 12, 45):
        pairs = np.round(rng.random((n, 2)), 2)
        d = pairs[:, 0] - pairs[:, 1]
        low, high = stats.t.interval(0.95, n - 1, loc=d.mean(), scale=stats.sem(d))
        z = stats.norm.ppf(0.975)
        yield {"pairs": pairs.tolist(), "bias": d.mean(), "biasInterval": [low, high], "sd": d.std(ddof=1),
               "limits": [d.mean() - z * d.std(ddof=1), d.mean() + z * d.std(ddof=1)],
               "error": d.std(ddof=1) * np.sqrt(1 / n + z * z / (2 * (n - 1)))}


def alphas():
    nan = np.nan
    known = np.array([[1, 2, 3, 3, 2, 1, 4, 1, 2, nan, nan, nan], [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, nan, 3],
                      [nan, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, nan], [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, nan]])
    found = [known]
    for coders, units, values in ((2, 20, 2), (3, 30, 5), (4, 25, 10), (2, 50, 101)):
        truth = rng.integers(0, values, size=units)
        data = np.where(rng.random((coders, units)) < 0.6, truth, rng.integers(0, values, size=(coders, units))).astype(float)
        data[rng.random(data.shape) < 0.15] = nan
        found.append(data)
    for data in found:
        units = [[float(v) for v in column if not np.isnan(v)] for column in data.T]
        yield {"units": units} | {level: float(krippendorff.alpha(data, level_of_measurement=level))
                                  for level in ("nominal", "ordinal", "interval")}


def fit_firth(x, y):
    """As sharply as the program converges: beyond that its step-halving stops at rounding."""
    for tolerance in (1e-10, 1e-9, 1e-8, 1e-7):
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            try:
                model = FirthLogisticRegression(backend="numpy", max_iter=200, gtol=tolerance, xtol=tolerance).fit(x, y)
                model.lrt()
                return model, model.conf_int(method="pl", max_iter=200, tol=tolerance)
            except Warning:
                continue
    raise ValueError("no convergence")


def firths():
    two = np.repeat([[0.0], [1.0]], 12, axis=0)
    found = [(two, np.r_[np.zeros(12), np.zeros(7), np.ones(5)])]
    for n, k, events in ((40, 1, 0.25), (40, 2, 0.15), (60, 2, 0.3), (150, 3, 0.2)):
        x = np.round(rng.random((n, k)), 2)
        x[:, 0] = (x[:, 0] > 0.6).astype(float)
        y = (rng.random(n) < events + 0.3 * x[:, -1] * (events < 0.3)).astype(float)
        found.append((x, y))
    # Nobody of one group left: no other method has a finite answer.
    x = np.c_[np.tile([0.0, 1.0], 20), np.round(rng.random(40), 2)]
    found.append((x, ((rng.random(40) < 0.4) & (x[:, 0] > 0)).astype(float)))
    spector = sm.datasets.spector.load_pandas()
    found.append((spector.exog[["GPA", "TUCE", "PSI"]].to_numpy(), spector.endog.to_numpy()))
    for x, y in found:
        model, ends = fit_firth(x, y)
        yield {"predictors": np.asarray(x).tolist(), "outcome": [bool(v) for v in y],
               "logLikelihood": float(model.loglik_),
               # firthmodels puts the intercept last.
               "estimates": np.r_[model.intercept_, model.coef_].tolist(),
               "p": np.roll(model.lrt_pvalues_, 1).tolist(), "ends": np.roll(ends, 1, axis=0).tolist()}


fixture = {
    "versions": {"python": platform.python_version()} | {
        name: importlib.metadata.version(name)
        for name in ("firthmodels", "krippendorff", "numpy", "pingouin", "scikit-learn", "scipy", "statsmodels")},
    "multiple": list(multiple()),
    "tables": list(tables()),
    "ncx2": list(ncx2()),
    "twoByTwo": list(two_by_two()),
    "squares": list(squares()),
    "binomials": list(binomials()),
    "mcnemars": list(mcnemars()),
    "fits": list(fits()),
    "fishers": list(fishers()),
    "intraclasses": list(intraclasses()),
    "limits": list(limits()),
    "alphas": list(alphas()),
    "firths": list(firths()),
}
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps(fixture, allow_nan=False) + "\n")
