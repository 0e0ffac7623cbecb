# Python's aiohttp. The option is `max_msg_size`.
import aiohttp, asyncio, sys

async def main(url, size, lift):
    async with aiohttp.ClientSession() as session:
        async with session.ws_connect(url, **({"max_msg_size": 0} if lift else {})) as tg:
            await tg.send_str('{"options":{},"@extra":"%s"}' % ("x" * size))
            print(len(await tg.receive_str()))

asyncio.run(main(sys.argv[1], int(sys.argv[2]), sys.argv[3:] == ["lift"]))
