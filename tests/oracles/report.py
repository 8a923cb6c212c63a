"""Writes report.json: a small study, and what other programs say must be in the report on it (`duiding analyse --asymptotic`).

Run with dcor, krippendorff, numpy, pandas, pingouin, scikit-bio, scipy and statsmodels installed:
python3 tests/oracles/report.py
The versions that made the committed file are in it. The study comes from a seeded generator, so a run with the same versions
gives the same file. report_study.py makes the study, report_tests.py has the tests; here they are put together as the report
is: which answers, which groups are large enough, and which tests are one family.
"""

import importlib.metadata
import json
import pathlib
import platform

import numpy as np
from statsmodels.stats.multitest import multipletests

import report_study as study
import report_tests as tests

framework, table, csv_text = study.make()
columns = study.variables(framework, table)
ROWS = range(len(table))
LAYERS = [(w, p) for w in study.WAVES for p in study.PERSPECTIVES]


def q_values(entries, families):
    """Benjamini and Hochberg per family, over what has a p-value and enough people."""
    for entry in entries:
        entry["q"] = None
    for family in sorted(set(families)):
        members = [e for e, f in zip(entries, families) if f == family and e["p"] is not None and e.get("enough", True)]
        if members:
            for entry, q in zip(members, multipletests([e["p"] for e in members], method="fdr_bh")[1]):
                entry["q"] = float(q)
    for entry in entries:
        entry.pop("enough", None)
        if judge := entry.pop("judge", None):
            entry["evidence"] = judge(entry["q"])
    return entries


def relations(couples, names, is_there=lambda v, rows: any(v.values[r] is not None for r in rows), mark=None):
    """Every couple of variables in every layer, and the family of each."""
    entries, families = [], []
    for layer in LAYERS:
        rows = [r for r in ROWS if (table[r]["wave"], table[r]["perspective"]) == layer]
        for a, b in couples:
            if not is_there(a, rows) or not any(b.values[r] is not None for r in rows):
                continue
            both = [r for r in rows if a.values[r] is not None and b.values[r] is not None]
            found = tests.relation(a, b, [(a.values[r], b.values[r]) for r in both])
            entries.append({names[0]: a.name, names[1]: b.name, **(mark or {}), "layer": "/".join(layer), **found})
            families.append(layer)
    return entries, families


def pairs():
    asked = [v for v in columns if v.kind != "attribute"]
    couples = [(a, b) for i, a in enumerate(asked) for b in asked[i + 1:] if a.signifier != b.signifier]
    return q_values(*relations(couples, ("a", "b")))


def contrasts():
    attributes = [v for v in columns if v.kind == "attribute"]
    couples = [(v, a) for a in attributes for v in columns if v.kind != "attribute"]
    entries, families = relations(couples, ("signifier", "attribute"), mark={"of": "answer"})
    families = [(family, "answers") for family in families]
    enough = lambda v, rows: min([v.values[r] for r in rows].count(said) for said in (0, 1)) >= 5
    for of, state in (("not-applicable", "notApplicable"), ("unknown", "unknown")):
        said = [study.Variable(s["key"], s["key"], "category", 2, [int(row["answers"][s["key"]][0] == state) for row in table])
                for s in framework["signifiers"]]
        more = relations([(v, a) for a in attributes for v in said], ("signifier", "attribute"), enough, {"of": of})
        entries, families = entries + more[0], families + [(family, "states") for family in more[1]]
    return q_values(entries, families)


def answers(variable, chosen):
    """By person the answer at each of the occasions that `chosen` makes of a row."""
    people = {}
    for r in ROWS:
        at = chosen(table[r])
        if at is not None and variable.values[r] is not None:
            people.setdefault(table[r]["participant"], {})[at] = variable.values[r]
    return people


def followed(people, a, b):
    return [(seen[a], seen[b]) for _, seen in sorted(people.items()) if a in seen and b in seen]


def with_states(variables):
    """What is compared over waves and perspectives: answers, and who said 'not about this' or 'I don't know'."""
    return [("answer", v) for v in variables] + [
        (of, study.Variable(s["key"], s["key"], "category", 2, [int(row["answers"][s["key"]][0] == state) for row in table]))
        for s in framework["signifiers"] for of, state in (("not-applicable", "notApplicable"), ("unknown", "unknown"))]


def is_common(of, both):
    return of == "answer" or any(sum(pair[i] for pair in both) >= 5 for i in (0, 1))


def changes():
    entries, families = [], []
    for perspective in study.PERSPECTIVES:
        for of, v in with_states(v for v in columns if v.kind != "attribute"):
            people = answers(v, lambda row: row["wave"] if row["perspective"] == perspective else None)
            for i, a in enumerate(study.WAVES):
                for b in study.WAVES[i + 1:]:
                    if not all(any(w in seen for seen in people.values()) for w in (a, b)):
                        continue
                    both = followed(people, a, b)
                    if not is_common(of, both):
                        continue
                    before = sum(a in seen for seen in people.values())
                    for j, found in enumerate(tests.moved(v, both)):
                        # With two tests of dots these stand beside the first.
                        first = {**tests.transitions(v, both), "towardsShares": tests.towards(v, both)}
                        entries.append({"signifier": v.name, "of": of, "perspective": perspective, "from": a, "to": b,
                                        "n": len(both), "answeredBefore": before, **found,
                                        "moved": tests.noticeable(v, both),
                                        **(first if j == 0 and of == "answer" else {})})
                        families.append((perspective, a, b, of == "answer"))
    return q_values(entries, families)


def trends():
    entries, families = [], []
    for perspective in study.PERSPECTIVES:
        for v in (v for v in columns if v.kind in ("dyad", "scale")):
            people = answers(v, lambda row: row["wave"] if row["perspective"] == perspective else None)
            table_ = np.array([[np.nan if w not in seen else seen[w] for w in study.WAVES] for _, seen in sorted(people.items())])
            for found in tests.trends(table_):
                entries.append({"signifier": v.name, "perspective": perspective, **found})
                families.append(perspective)
    return q_values(entries, families)


def perspectives():
    entries, families = [], []
    for wave in study.WAVES:
        for of, v in with_states(v for v in columns if v.kind != "attribute"):
            people = answers(v, lambda row: row["perspective"] if row["wave"] == wave else None)
            both = followed(people, *study.PERSPECTIVES)
            if not both or not is_common(of, both):
                continue
            # Of dots the second test: of the whole distribution.
            found = {k: x for k, x in tests.moved(v, both)[-1].items() if k in ("test", "statistic", "p", "effect", "enough")}
            gap, agreement = tests.gap_and_agreement(v, both)
            entries.append({"signifier": v.name, "of": of, "wave": wave, "n": len(both), **found, "gap": gap, "agreement": agreement})
            families.append((wave, of == "answer"))
    return q_values(entries, families)


def summaries():
    for wave, perspective in sorted({(row["wave"], row["perspective"]) for row in table}):
        rows = [row for row in table if (row["wave"], row["perspective"]) == (wave, perspective)]
        for s in framework["signifiers"]:
            states = [row["answers"][s["key"]][0] for row in rows]
            told = [row["answers"][s["key"]][1] for row in rows if row["answers"][s["key"]][0] == "answered"]
            entry = {"signifier": s["key"], "layer": f"{wave}/{perspective}", "n": len(told),
                     "states": [states.count(x) for x in ("notApplicable", "unknown", "declined", "skipped")]}
            yield {**entry, **tests.summary(s, told)}


def compact(entries):
    """As a table: the names of the members once."""
    entries = list(entries)
    names = list(dict.fromkeys(name for e in entries for name in e))
    return {"columns": names, "rows": [[e.get(name) for name in names] for e in entries]}


programs = ["dcor", "krippendorff", "numpy", "pandas", "pingouin", "scikit-bio", "scipy", "statsmodels"]
fixture = {
    "versions": {"python": platform.python_version(), **{name: importlib.metadata.version(name) for name in programs}},
    "framework": framework,
    "table": csv_text,
    "pairs": compact(pairs()),
    "contrasts": compact(contrasts()),
    "changes": compact(changes()),
    "trends": compact(trends()),
    "perspectives": compact(perspectives()),
    "summaries": compact(summaries()),
}
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps(fixture, default=float, allow_nan=False, separators=(",", ":")) + "\n")
