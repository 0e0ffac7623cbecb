// Go's golang.org/x/net/websocket. `websocket.Message` has a bound of 32 MiB; the option is `MaxPayloadBytes`.
package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"

	"golang.org/x/net/websocket"
)

func main() {
	size, _ := strconv.Atoi(os.Args[2])
	tg, err := websocket.Dial(os.Args[1], "", os.Getenv("ORIGIN"))
	if err != nil {
		panic(err)
	}
	websocket.Message.Send(tg, `{"options":{},"@extra":"`+strings.Repeat("x", size)+`"}`)
	var reply string
	if err := websocket.Message.Receive(tg, &reply); err != nil {
		panic(err)
	}
	fmt.Println(len(reply))
}
