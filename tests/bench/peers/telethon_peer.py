"""Round trips of Telethon; told and telling the same as the others (round_trips.mjs)."""
import asyncio
import json
import statistics
import sys
import time

import telethon
from telethon import TelegramClient, functions
from telethon.crypto import rsa
from telethon.sessions import StringSession


async def live():
    told = json.loads(sys.argv[1])
    rsa.add_key(told['key']['pem'], old=False)
    session = StringSession()
    session.set_dc(2, '127.0.0.1', told['port'])
    client = TelegramClient(session, 12345, 'abcdef')
    await client.connect()
    call = functions.help.GetNearestDcRequest()
    for _ in range(200):
        await client(call)
    waits = []
    end = time.perf_counter() + told['seconds']
    while time.perf_counter() < end:
        begin = time.perf_counter()
        answer = await client(call)
        waits.append((time.perf_counter() - begin) * 1e6)
        if answer.this_dc != 2:
            raise RuntimeError(f'the wrong data centre: {answer}')
    await client.disconnect()
    print(json.dumps({'version': f'Telethon {telethon.__version__}', 'p50_us': statistics.median(waits)}))


asyncio.run(live())
