"""What Schemathesis does around every case: known ids and words in place of made-up ones, a token, an account of its own
where the case could end the session or the membership, and a line for the count.

A case is changed only where that keeps it what it is: what is wrong in it on purpose stays wrong.
"""

import itertools
import json
import os
import uuid
from pathlib import Path

import schemathesis
from accounts import CLOSING, invite, throw_away
from server import Client
from workshops import fit

WORLD = json.loads(Path(os.environ["SCHEMATHESIS_WORLD"]).read_text())
CLIENT = Client(WORLD["url"])
COUNT = itertools.count()
CASES = open(os.environ["SCHEMATHESIS_CASES"], "w", encoding="utf-8", buffering=1)
# Longest address of a webhook.
LONGEST_URL = 2000


@schemathesis.hook
def before_call(context, case, **kwargs):
    number, operation = next(COUNT), operation_id(case)
    own = operation in CLOSING and WORLD["role"] not in ("nobody", "device")
    account = throw_away(CLIENT, WORLD, operation) if own else None
    # One of four stays as it was drawn, about things that are not there.
    if number % 4 != 3:
        put_ids(case, number, account["ids"] if account else {})
        if case.meta is None or case.meta.generation.mode.is_positive:
            put_body(case, number, operation, account["body"] if account else words(operation, number))
            fit(case, operation, WORLD["ids"], number)
    if operation in ("create_webhook", "update_webhook"):
        stay_here(case.body)
    token = account["token"] if account else WORLD["token"]
    if token:
        case.headers["Authorization"] = f"Bearer {token}"


@schemathesis.hook
def after_call(context, case, response):
    CASES.write(f"{operation_id(case)} {response.status_code}\n")
    if response.status_code == 201 and operation_id(case) in ("create_webhook", "create_token", "create_region", "create_pin"):
        learn(operation_id(case).removeprefix("create_") + "Id", response.json())


@schemathesis.serializer("application/offset+octet-stream", "application/vnd.duiding.undelivered", "audio/mpeg")
def part(context, value):
    """Bytes: a part of a recording, a recording of a framework, a file of stories that were not delivered."""
    return {"data": value if isinstance(value, bytes) else str(value).encode()}


def operation_id(case):
    return case.operation.definition.raw["operationId"]


def put_ids(case, number, own):
    """Ids of things that are there, in place of others of the same form."""
    for name, made_up in (case.path_parameters or {}).items():
        known = [own[name]] if name in own else WORLD["ids"].get(name)
        if known and form(known[0]) == form(made_up):
            case.path_parameters[name] = known[number % len(known)]


def form(value):
    """Whether a value is an id, a number or a word."""
    text = str(value)
    try:
        uuid.UUID(text)
        return "id" if len(text) == 36 else "word"
    except ValueError:
        return "number" if text.isascii() and text.isdigit() else "word"


def put_body(case, number, operation, known):
    """What nobody can guess in place of what was made up; and every other time a whole body that fits, where no schema could
    say what fits."""
    fitting = WORLD["bodies"].get(operation)
    if fitting is not None and number % 4 < 2:
        case.body = json.loads(json.dumps(fitting).replace("NEW-ID", str(uuid.uuid4())))
        if operation == "put_story":
            case.path_parameters["storyId"] = str(uuid.uuid4())
    if isinstance(case.body, dict):
        case.body |= {name: value for name, value in known.items() if isinstance(case.body.get(name), str)}


def words(operation, number):
    """What nobody can guess: passwords, codes, ids in bodies."""
    if operation == "enrol_device":
        return {"code": WORLD["codes"][number % len(WORLD["codes"])]}
    if operation == "create_session":
        return WORLD["login"]
    if operation == "accept_invitation" and number % 2:
        return invite(CLIENT, WORLD, "workgroup")
    return {}


def stay_here(body):
    """A webhook to this machine, whose address is refused when it is dialled. What is longer is refused at once."""
    url = body.get("url") if isinstance(body, dict) else None
    if isinstance(url, str) and url.strip().lower().startswith("http") and len(url) <= LONGEST_URL:
        body["url"] = "https://localhost/hook"


def learn(name, made):
    """What was made is among what later cases are about."""
    inner = [made, *(value for value in made.values() if isinstance(value, dict))]
    found = next((value["id"] for value in inner if "id" in value), None)
    if found:
        WORLD["ids"][name].append(found)
