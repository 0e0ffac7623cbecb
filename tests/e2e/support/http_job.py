# A job in Python as people write it: python3 http_job.py http://localhost:1543/api/v1/ada
import json
import sys

import requests

base = sys.argv[1]
session = requests.Session()


def call(method, **arguments):
    answer = session.post(f"{base}/{method}", json=arguments, timeout=30)
    answer.raise_for_status()
    return answer.json()["result"]


def events(after):
    headers = {"Last-Event-ID": str(after)}
    with requests.get(f"{base}/events", headers=headers, stream=True, timeout=30) as stream:
        for line in stream.iter_lines(decode_unicode=True):
            if line.startswith("data: "):
                yield json.loads(line[len("data: "):])


me = call("users.getUsers", id=["me"])[0]
print(me["first_name"])

key = {"Idempotency-Key": "from-python"}
body = {"peer": "me", "message": "grüße, 世界"}
first = session.post(f"{base}/messages.sendMessage", json=body, headers=key, timeout=30)
again = session.post(f"{base}/messages.sendMessage", json=body, headers=key, timeout=30)
print(first.status_code, again.headers.get("Idempotent-Replayed"), first.json() == again.json())

history = session.get(f"{base}/messages.getHistory", params={"peer": "me", "limit": 1}, timeout=30)
print(history.json()["result"]["messages"][0]["message"] == body["message"])

refused = session.post(f"{base}/messages.sendMessage", json={"peer": "@nobody_there", "message": "hi"}, timeout=30)
print(refused.status_code, refused.json()["description"])

for event in events(0):
    found = [one for one in event["message"].get("updates", []) if one["_cons"] == "updateNewMessage"]
    if found and found[0]["message"]["message"] == body["message"]:
        print("heard", event["update_seq"] > 0)
        break
