# python3 life.py HOST PORT NOTATION TEXT
import json, socket, sys

host, port, notation, text = sys.argv[1:]

def connect():
    return socket.create_connection((host, port)).makefile("rw", encoding="utf-8", newline="\n")

def ask(file, request):
    print(json.dumps(request), file=file, flush=True)
    return json.loads(file.readline())

options = {"json": notation, "updates": False}

tg = connect()
ask(tg, {"options": options, "signin": {"phone": "9996620001"}})
saved = json.dumps(ask(tg, {"signin": {"code": "22222"}})["session"])
tg.close()

tg = connect()
ask(tg, {"options": options, "session": json.loads(saved)})
found = ask(tg, {"message": {"_cons": "contacts.resolveUsername", "username": "echobot"}})
user = found["message"]["users"][0]
peer = {"_cons": "inputPeerUser", "user_id": user["id"], "access_hash": user["access_hash"]}
reply = ask(tg, {"message": {"_cons": "messages.sendMessage", "peer": peer, "message": text}})
print(json.dumps(reply))
