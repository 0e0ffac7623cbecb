// go run life.go HOST PORT NOTATION TEXT
package main

import (
	"encoding/json"
	"net"
	"os"
)

type object = map[string]interface{}

func check(err error) {
	if err != nil {
		panic(err)
	}
}
func dial() net.Conn {
	tg, err := net.Dial("tcp", net.JoinHostPort(os.Args[1], os.Args[2]))
	check(err)
	return tg
}
func ask(tg net.Conn, request object) (reply object) {
	check(json.NewEncoder(tg).Encode(request))
	check(json.NewDecoder(tg).Decode(&reply))
	return
}
func main() {
	options := object{"json": os.Args[3], "updates": false}
	tg := dial()
	ask(tg, object{"options": options, "signin": object{"phone": "9996620001"}})
	saved, _ := json.Marshal(ask(tg, object{"signin": object{"code": "22222"}})["session"])
	session := object{}
	check(json.Unmarshal(saved, &session))
	tg = dial()
	ask(tg, object{"options": options, "session": session})
	found := ask(tg, object{"message": object{"_cons": "contacts.resolveUsername", "username": "echobot"}})
	user := found["message"].(object)["users"].([]interface{})[0].(object)
	peer := object{"_cons": "inputPeerUser", "user_id": user["id"], "access_hash": user["access_hash"]}
	json.NewEncoder(os.Stdout).Encode(ask(tg, object{"message": object{"_cons": "messages.sendMessage", "peer": peer, "message": os.Args[4]}}))
}
