"""The study of report.py: about 60 participants with a coach, three waves of which some people miss one or more, every kind of
figure, ties, N/A, answers passed over, a rare option and a small group."""

import collections
import csv
import io
import uuid

import numpy as np

WAVES = ["1", "2", "3"]
PERSPECTIVES = ["candidate", "coach"]
Variable = collections.namedtuple("Variable", "name signifier kind size values")


def labelled(keys):
    return [{"key": k, "label": {"en": k}} for k in keys]


def framework():
    axis = {"start": {"en": "-"}, "end": {"en": "+"}}
    signifiers = [
        {"key": "drive", "kind": "triad", "anchors": labelled(["money", "people", "craft"]), "allow": ["unknown"]},
        {"key": "hope", "kind": "dyad", "anchors": labelled(["low", "high"])},
        {"key": "pace", "kind": "dyad", "anchors": labelled(["slow", "fast"]), "allow": ["declined"]},
        {"key": "voice", "kind": "dyad", "anchors": labelled(["none", "all"])},
        {"key": "trust", "kind": "scale", "points": labelled("12345")},
        {"key": "stress", "kind": "scale", "points": labelled("1234")},
        {"key": "place", "kind": "choice", "options": labelled(["home", "work", "street", "moon"])},
        {"key": "helpers", "kind": "choice", "multiple": True, "options": labelled(["friends", "family", "office"])},
        {"key": "field", "kind": "stones", "axes": {"x": axis, "y": axis}, "stones": labelled(["me", "them"])}]
    attributes = [{"key": "track", "of": "participant", "options": labelled(["job", "school", "other"])},
                  {"key": "region", "of": "participation", "options": labelled(["north", "south"])},
                  {"key": "season", "of": "story", "options": labelled(["warm", "mild", "cold"])}]
    return {"schema": 1, "key": "oracle", "title": {"en": "Oracle"}, "languages": ["en"], "defaultLanguage": "en",
            "perspectives": labelled(PERSPECTIVES), "prompts": [{"key": "p", "text": {"en": "?"}}],
            "attributes": [{**a, "label": {"en": a["key"]}} for a in attributes],
            "signifiers": [{**s, "question": {"en": "?"}} for s in signifiers]}


def make():
    """The framework, the rows with their answers, and the rows as a stories table."""
    rng = np.random.default_rng(20261124)
    document, rows = framework(), []
    for person in range(60):
        mood, track = rng.random(), ["job", "school", "other"][0 if rng.random() < 0.5 else 1 if rng.random() < 0.85 else 2]
        region = ["north", "south"][int(rng.random() < 0.4)]
        for wave in range(3):
            for perspective in PERSPECTIVES:
                if rng.random() < (0.04, 0.2, 0.35)[wave] or (wave == 2 and perspective == "coach"):
                    continue
                at = np.clip(mood + 0.12 * wave + (0.1 if perspective == "coach" else 0) + 0.1 * (track == "job"), 0, 1.3)
                rows.append({"id": str(uuid.UUID(bytes=rng.bytes(16), version=4)), "wave": WAVES[wave],
                             "participant": f"P{person:02}", "perspective": perspective, "track": track, "region": region,
                             "season": ["warm", "mild", "cold"][int(rng.random() * 3)],
                             "answers": {s["key"]: answer(rng, s, at) for s in document["signifiers"]}})
    rng.shuffle(rows)
    return document, rows, written(document, rows)


def answer(rng, signifier, at):
    """A state and what was answered, which leans on `at`."""
    chance, key, kind = rng.random(), signifier["key"], signifier["kind"]
    if chance < 0.06:
        return ["notApplicable", "skipped", (signifier.get("allow") or ["skipped"])[0]][int(rng.random() * 3)], None
    # Two figures of which silence can be compared.
    if chance < 0.2 and key in ("pace", "drive"):
        return ("notApplicable" if key == "pace" else "unknown"), None
    if kind == "triad":
        shares = rng.dirichlet([0.6 + 2 * at, 1.2, 1.0])
        top, left = (1.0, 0.0) if rng.random() < 0.05 else np.round(shares[:2], 2)
        left = min(left, round(1 - top, 2))
        return "answered", [float(top), float(left), round(1 - top - left, 2)]
    if kind == "dyad":
        weight = {"hope": 0.8, "pace": 0.4, "voice": 0.0}[key]
        value = np.clip(weight * at + (1 - weight) * rng.random() + rng.normal(0, 0.1), 0, 1)
        return "answered", float(np.round(value, 1 if key == "voice" else 2))
    if kind == "scale":
        points = len(signifier["points"])
        return "answered", int(np.clip(np.ceil(points * (0.5 * at + 0.5 * rng.random())), 1, points))
    if key == "place":
        return "answered", int(rng.choice(4, p=[0.3 + 0.2 * min(at, 1), 0.4 - 0.2 * min(at, 1), 0.26, 0.04]))
    if kind == "choice":
        taken = [int(rng.random() < p) for p in (0.3 + 0.3 * min(at, 1), 0.5, 0.25)]
        return "answered", taken if any(taken) else [1, 0, 0]
    stones = [[float(v) for v in np.round(np.clip(rng.normal(c, 0.2, 2), 0, 1), 2)] for c in (0.3 + 0.4 * min(at, 1), 0.6)]
    return "answered", [stones[0], stones[1] if rng.random() < 0.9 else None]


def written(document, rows):
    """As `duiding export stories` writes it."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    header = ["story_id", "framework_version", "wave", "participant", "teller", "perspective", "language", "told_on",
              "received_at", "prompt", "title", "text"]
    for a in document["attributes"]:
        header += [a["key"], a["key"] + ".state"]
    for s in document["signifiers"]:
        header += [f"{s['key']}{part}" for part in parts(s)] + [s["key"] + ".state"]
    writer.writerow(header)
    for row in rows:
        line = [row["id"], 1, row["wave"], row["participant"], "", row["perspective"], "en", "", "", "p", "", "x",
                row["track"], "", row["region"], "", row["season"], ""]
        for s in document["signifiers"]:
            state, told = row["answers"][s["key"]]
            line += cells(s, told) + ["" if state in ("answered", "skipped") else state]
        writer.writerow(line)
    return out.getvalue()


def parts(signifier):
    if signifier["kind"] == "triad":
        return [f".{a['key']}" for a in signifier["anchors"]]
    if signifier.get("multiple"):
        return [f".{o['key']}" for o in signifier["options"]]
    if signifier["kind"] == "stones":
        return [f".{s['key']}.{axis}" for s in signifier["stones"] for axis in "xy"]
    return [""]


def cells(signifier, told):
    if told is None:
        return [""] * len(parts(signifier))
    if signifier["kind"] == "stones":
        return [v for stone in told for v in (stone or ["", ""])]
    if signifier["key"] == "place":
        return [signifier["options"][told]["key"]]
    return told if isinstance(told, list) else [told]


def variables(document, rows):
    """One value a row: a stone or an option of several is a variable of its own."""
    found = []
    for s in document["signifiers"]:
        told = [row["answers"][s["key"]][1] for row in rows]
        key, kind = s["key"], s["kind"]
        if kind == "triad":
            found.append(Variable(key, key, "dots", 3, [t and (t[2] + t[0] / 2, t[0] * 3**0.5 / 2, *t) for t in told]))
        elif kind == "stones":
            for i, stone in enumerate(s["stones"]):
                found.append(Variable(f"{key}/{stone['key']}", key, "dots", 2, [t and t[i] and tuple(t[i]) for t in told]))
        elif s.get("multiple"):
            for i, option in enumerate(s["options"]):
                found.append(Variable(f"{key}/{option['key']}", key, "category", 2, [None if t is None else t[i] for t in told]))
        else:
            kind = "category" if kind == "choice" else kind
            found.append(Variable(key, key, kind, len(s.get("options", s.get("points", []))), told))
    for a in document["attributes"]:
        keys = [o["key"] for o in a["options"]]
        found.append(Variable(a["key"], a["key"], "attribute", len(keys), [keys.index(row[a["key"]]) for row in rows]))
    return found
