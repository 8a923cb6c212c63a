"""What one run finds: a study with one or more of everything, the ids of all of it, and who asks.

Made-up ids lead to 404 and nowhere else, so hooks.py puts these in their place in most cases.
"""

import hashlib
import uuid

import workshops

# Things of each kind: enough that some are left after others were removed.
EACH = 8
# Begins as an Ogg file does, so that it is handed out as one.
RECORDING = b"OggS" + b"0" * 4092
# Few stories, so that a finding is quickly there.
LENS = {"waves": ["1"], "perspectives": ["candidate"]}
# What the researcher and the device deliver, in the demo study's words.
STORY = {
    "frameworkVersion": 1,
    "wave": "3",
    "perspective": "candidate",
    "language": "en",
    "text": "For the first time I took the bus to work myself.",
    "placements": {"confidence": {"state": "answered", "value": {"position": 0.4}}, "culture": {"state": "notApplicable"}},
    "permissions": {"quote": True, "workgroup": True},
}


def furnish(server, role):
    """Fills the study and answers what hooks.py needs, as JSON."""
    client, base = server.client, f"/v1/projects/{server.project}"
    tokens = {name: client.log_in(*login) for name, login in server.logins.items()}

    def make(who, path, body, count=EACH):
        return [client.ask("POST", base + path, tokens[who], body) for _ in range(count)]

    def listed(who, path):
        return [item["id"] for item in client.ask("GET", base + path, tokens[who])["items"]]

    for number in range(EACH):
        invitation = {"email": f"new-{number}@example.org", "role": "workgroup"}
        make("owner", "/invitations", invitation, 1)
        region = {"name": f"bold {number}", "region": {"signifier": "confidence", "interval": [0.5, 1]}}
        make("researcher", "/regions", region, 1)
    make("owner", "/webhooks", {"url": "https://localhost/hook", "events": ["framework.published"]}, 3)
    asker = role if role in tokens else "researcher"
    made_tokens = make(asker, "/tokens", {"name": "R", "scopes": ["project:read"], "days": 1})
    make("coordinator", "/consent-texts", {"key": "taking-part", "texts": {"en": "I take part."}}, 1)
    enrolment = {"facilitator": "f7", "wave": "3", "perspectives": ["candidate"]}
    codes = [enrolled["code"] for enrolled in make("coordinator", "/enrolments", enrolment, 2 * EACH)]
    devices = [client.ask("POST", "/v1/devices/_enrol", body={"code": code})["token"] for code in codes[:EACH]]
    make("researcher", "/frameworks", client.ask("GET", "/v1/framework-templates/reference", tokens["researcher"]), 1)
    stories, attachments = tell(client, base, devices[0])
    findings = client.ask("POST", f"{base}/findings/_search", tokens["researcher"], LENS)["findings"]
    for finding in findings[:EACH]:
        make("researcher", "/pins", {"lens": LENS, "findingId": finding["id"]}, 1)
    ids = {
        "projectId": [server.project],
        "invitationId": listed("owner", "/invitations"),
        "webhookId": listed("owner", "/webhooks"),
        "tokenId": [token["details"]["id"] for token in made_tokens],
        "participantId": listed("coordinator", "/participants"),
        "tellerId": listed("coordinator", "/tellers"),
        "deviceId": listed("coordinator", "/devices"),
        "enrolmentId": listed("coordinator", "/enrolments"),
        "regionId": listed("researcher", "/regions"),
        "pinId": listed("researcher", "/pins"),
        # In the same order, so that half of the pairs are pairs.
        "storyId": stories + listed("researcher", "/stories")[:EACH],
        "attachmentId": attachments * 2,
        "version": [1, 2],
        "waveKey": ["1", "3"],
        "language": ["en"],
        "signifierKey": ["confidence", "competence", "tone"],
        "templateKey": ["reference"],
    } | workshops.furnish(client, base, tokens["workgroup" if role == "workgroup" else "researcher"], EACH)
    token = {"nobody": None, "device": devices[0]}.get(role, tokens.get(role))
    return {
        "url": client.url,
        "project": server.project,
        "role": role,
        "token": token,
        "owner": tokens["owner"],
        "codes": codes[EACH:],
        "login": dict(zip(("email", "password"), server.logins["workgroup"])),
        "bodies": bodies(client, tokens["researcher"]) | {"create_pin": {"lens": LENS, "findingId": findings[0]["id"]}},
        "ids": ids,
    }


def bodies(client, token):
    """Bodies with which operations do something whose rules are more than a schema can say."""
    framework = client.ask("GET", "/v1/framework-templates/reference", token)
    table = "story_id,wave,participant,perspective,confidence\nNEW-ID,3,DEMO-X001,candidate,0.35\n"
    return {
        "create_framework": framework,
        "update_framework": framework,
        "put_story": STORY,
        "deliver_stories": {"stories": [{"id": "NEW-ID", "body": STORY}]},
        "correct_story": {"wave": "3", "reason": "somebody asked for it"},
        "import_stories": table,
    }


def tell(client, base, device):
    """Delivers stories with a recording each, every other of which is sent. Answers the ids of both."""
    stories, attachments = [], []
    for number in range(EACH):
        story, attachment = str(uuid.uuid4()), str(uuid.uuid4())
        digest = hashlib.sha256(RECORDING).hexdigest()
        declared = {"id": attachment, "sha256": digest, "bytes": len(RECORDING), "mediaType": "audio/ogg"}
        client.ask("PUT", f"{base}/stories/{story}", device, STORY | {"attachments": [declared]})
        if number % 2:
            client.send_part(f"{base}/stories/{story}/attachments/{attachment}", device, RECORDING)
        stories.append(story)
        attachments.append(attachment)
    return stories, attachments
