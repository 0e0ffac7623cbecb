# Python's websocket-client. It has no bound.
import sys, websocket

tg = websocket.create_connection(sys.argv[1])
tg.send('{"options":{},"@extra":"%s"}' % ("x" * int(sys.argv[2])))
print(len(tg.recv()))
