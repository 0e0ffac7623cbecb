# Python's websockets. The option is `max_size`.
import asyncio, sys, websockets

async def main(url, size, lift):
    async with websockets.connect(url, **({"max_size": None} if lift else {})) as tg:
        await tg.send('{"options":{},"@extra":"%s"}' % ("x" * size))
        print(len(await tg.recv()))

asyncio.run(main(sys.argv[1], int(sys.argv[2]), sys.argv[3:] == ["lift"]))
