// Go's github.com/gorilla/websocket. It has no bound; `SetReadLimit` sets one.
package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"

	"github.com/gorilla/websocket"
)

func main() {
	size, _ := strconv.Atoi(os.Args[2])
	tg, _, err := websocket.DefaultDialer.Dial(os.Args[1], nil)
	if err != nil {
		panic(err)
	}
	tg.WriteMessage(websocket.TextMessage, []byte(`{"options":{},"@extra":"`+strings.Repeat("x", size)+`"}`))
	_, reply, err := tg.ReadMessage()
	if err != nil {
		panic(err)
	}
	fmt.Println(len(reply))
}
