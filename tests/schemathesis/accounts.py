"""Accounts that are thrown away after one case, for what ends a session or changes an account."""

import base64
import hmac
import struct
import time
import uuid

PASSWORD = "a throw-away long sentence"
# These ask for a second factor that is on.
SECOND_FACTOR = ("create_recovery_codes", "remove_factor")
# After these the account, its session or its membership may be gone or changed.
CLOSING = SECOND_FACTOR + (
    "begin_factor", "begin_link", "confirm_factor", "delete_member", "delete_session", "end_session", "end_sessions",
    "link_identity", "refresh_session", "unlink_identity", "update_member", "update_password",
)  # fmt: skip


def invite(client, world, role):
    """An invitation to a new address: what accepting it takes."""
    address = f"{uuid.uuid4().hex}@throw-away.example"
    path = f"/v1/projects/{world['project']}/invitations"
    body = {"email": address, "role": role}
    if role == "externalResearcher":
        body["endsOn"] = "2099-01-01"
    code = client.ask("POST", path, world["owner"], body)["code"]
    return {"code": code, "email": address, "password": PASSWORD}


def throw_away(client, world, operation):
    """A new account with the role of this run: its token and ids, and what bodies need to know of it."""
    session = client.ask("POST", "/v1/invitations/_accept", body=invite(client, world, world["role"]) | {"name": "Somebody"})
    token = session["accessToken"]
    body = {"currentPassword": PASSWORD, "refreshToken": session["refreshToken"]}
    if operation == "confirm_factor" or operation in SECOND_FACTOR:
        begun = client.ask("POST", "/v1/me/second-factor", token, {"currentPassword": PASSWORD})
        body["code"] = app_code(begun["secret"])
    if operation in SECOND_FACTOR:
        on = client.ask("POST", "/v1/me/second-factor/_confirm", token, {"code": body["code"]})
        body["code"] = on["recoveryCodes"][0]
    sessions = client.ask("GET", "/v1/me/sessions", token)["items"]
    ids = {"userId": client.ask("GET", "/v1/me", token)["id"], "sessionId": sessions[0]["id"]}
    return {"token": token, "ids": ids, "body": body}


def app_code(secret):
    """What an authenticator app shows now (RFC 6238)."""
    padded = secret + "=" * (-len(secret) % 8)
    digest = hmac.digest(base64.b32decode(padded), struct.pack(">Q", int(time.time()) // 30), "sha1")
    start = digest[-1] & 15
    return f"{(struct.unpack_from('>I', digest, start)[0] & 0x7FFFFFFF) % 1_000_000:06d}"
