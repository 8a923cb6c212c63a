"""Workshops with one of everything, and what is said of them in headers and bodies, which no schema could say."""

import uuid

# Kind in paths, and what ids of it are called.
KINDS = {
    "exhibits": "exhibitId",
    "observations": "observationId",
    "interpretations": "interpretationId",
    "ideas": "ideaId",
    "clusters": "clusterId",
}
CHANGED = {"put_workshop": "workshopId", "update_lens": "lensId"} | {f"put_{kind[:-1]}": name for kind, name in KINDS.items()}
REMOVED = {f"delete_{kind[:-1]}" for kind in KINDS} | {"delete_workshop", "delete_lens"}
LENS = {"lens": {"waves": ["1"]}, "compareBy": "perspective"}


def furnish(client, base, token, count):
    """Makes that many workshops: ids by name, in the same order, so that things belong to each other."""
    ids = {"workshopId": [], "lensId": [], "itemId": []} | {name: [] for name in KINDS.values()}
    for number in range(count):
        ids["lensId"].append(client.ask("POST", f"{base}/lenses", token, LENS | {"name": f"Lens {number}"})["id"])
        for name in ["workshopId", *KINDS.values()]:
            ids[name].append(str(uuid.uuid4()))
        here = f"{base}/workshops/{ids['workshopId'][number]}"
        new = {"if-none-match": "*"}
        client.ask("PUT", here, token, body("put_workshop", ids, number), new)
        for kind, name in KINDS.items():
            client.ask("PUT", f"{here}/{kind}/{ids[name][number]}", token, body(f"put_{kind[:-1]}", ids, number), new)
        ids["itemId"].append(ids["interpretationId"][number])
    return ids


def body(operation, ids, number):
    """A body that fits what is there."""

    def near(name):
        return ids[name][number % len(ids[name])]

    return {
        "put_workshop": lambda: {"title": f"Session {number}"},
        "update_lens": lambda: LENS | {"name": f"Lens {number}"},
        "put_exhibit": lambda: {"title": "Daring", "order": 1, "lensId": near("lensId"), "signifier": "confidence"},
        "put_observation": lambda: {"exhibitId": near("exhibitId"), "text": f"Many on the left {number}", "strength": "strong"},
        "put_interpretation": lambda: {"observationId": near("observationId"), "text": f"They know the way {number}"},
        "put_idea": lambda: {
            "observationId": near("observationId"),
            "text": f"Go along {number}",
            "region": {"signifier": "confidence", "interval": [0.5, 1]},
            "direction": "more",
        },
        "put_cluster": lambda: {"name": f"Getting used to it {number}", "kind": "theme", "order": 1},
    }[operation]()


def fit(case, operation, ids, number):
    """Most cases make something new or change what is there; few remove it, for others are about it."""
    if operation in CHANGED and number % 4 < 2:
        case.body = body(operation, ids, number)
        if number % 4 == 0 and operation != "update_lens":
            case.path_parameters[CHANGED[operation]] = str(uuid.uuid4())
            say(case, "If-None-Match")
        else:
            say(case, "If-Match")
    elif operation in REMOVED and number % 16 == 0:
        say(case, "If-Match")


def say(case, header):
    for known in ("If-Match", "If-None-Match"):
        case.headers.pop(known, None)
    case.headers[header] = "*"
