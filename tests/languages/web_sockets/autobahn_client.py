# Python's autobahn on asyncio. It has no bound; `setProtocolOptions(maxMessagePayloadSize=…)` sets one.
import asyncio, sys
from urllib.parse import urlparse
from autobahn.asyncio.websocket import WebSocketClientFactory, WebSocketClientProtocol

url, size = sys.argv[1], int(sys.argv[2])

class Client(WebSocketClientProtocol):
    def onOpen(self):
        self.sendMessage(('{"options":{},"@extra":"%s"}' % ("x" * size)).encode())

    def onMessage(self, payload, is_binary):
        print(len(payload), flush=True)
        self.factory.loop.stop()

    def onClose(self, clean, code, reason):
        print(reason, file=sys.stderr)
        self.factory.loop.stop()

loop = asyncio.new_event_loop()
asyncio.set_event_loop(loop)
factory = WebSocketClientFactory(url)
factory.protocol = Client
at = urlparse(url)
loop.run_until_complete(loop.create_connection(factory, at.hostname, at.port))
loop.run_forever()
