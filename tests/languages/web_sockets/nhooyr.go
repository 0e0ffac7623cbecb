// Go's nhooyr.io/websocket. The option is `SetReadLimit`.
package main

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"

	"nhooyr.io/websocket"
)

func main() {
	size, _ := strconv.Atoi(os.Args[2])
	tg, _, err := websocket.Dial(context.Background(), os.Args[1], nil)
	if err != nil {
		panic(err)
	}
	if len(os.Args) > 3 {
		tg.SetReadLimit(1 << 30)
	}
	tg.Write(context.Background(), websocket.MessageText, []byte(`{"options":{},"@extra":"`+strings.Repeat("x", size)+`"}`))
	_, reply, err := tg.Read(context.Background())
	if err != nil {
		panic(err)
	}
	fmt.Println(len(reply))
}
