# Python's tornado. The option is `max_message_size`.
import asyncio, sys
from tornado.websocket import websocket_connect

async def main(url, size, lift):
    tg = await websocket_connect(url, **({"max_message_size": 1 << 30} if lift else {}))
    await tg.write_message('{"options":{},"@extra":"%s"}' % ("x" * size))
    print(len(await tg.read_message()))

asyncio.run(main(sys.argv[1], int(sys.argv[2]), sys.argv[3:] == ["lift"]))
