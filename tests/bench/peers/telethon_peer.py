"""Telethon; told and telling the same as the others (measure.mjs)."""
import asyncio
import gc
import json
import math
import os
import re
import statistics
import sys
import time

import telethon
from telethon import TelegramClient, functions
from telethon.crypto import rsa
from telethon.sessions import StringSession

WARM, IN_FLIGHT = 200, 64
told = json.loads(sys.argv[1])
rsa.add_key(told['key']['pem'], old=False)
clients = []


async def open_client(phone=None):
    session = StringSession()
    session.set_dc(2, '127.0.0.1', told['port'])
    client = TelegramClient(session, 12345, 'abcdef')
    clients.append(client)
    await client.connect()
    if phone:
        await client.send_code_request(phone)
        await client.sign_in(phone, phone[5] * 5)

    async def call():
        answer = await client(functions.help.GetNearestDcRequest())
        if answer.this_dc != 2:
            raise RuntimeError(f'the wrong data centre: {answer}')
    return call


def resident():
    gc.collect()
    with open('/proc/self/status') as status:
        return 1024 * int(re.search(r'VmRSS:\s+(\d+)', status.read()).group(1))


async def warm_client():
    call = await open_client()
    for _ in range(WARM):
        await call()
    return call


async def trip():
    call = await warm_client()
    waits = []
    end = time.perf_counter() + told['seconds']
    while time.perf_counter() < end:
        begin = time.perf_counter()
        await call()
        waits.append((time.perf_counter() - begin) * 1e6)
    return {'p50_us': statistics.median(waits)}


async def cpu():
    call = await warm_client()
    end = time.perf_counter() + told['seconds']
    begin = time.process_time()

    async def one():
        calls = 0
        while time.perf_counter() < end:
            await call()
            calls += 1
        return calls
    calls = sum(await asyncio.gather(*(one() for _ in range(IN_FLIGHT))))
    return {'cpu_us': (time.process_time() - begin) * 1e6 / calls, 'per_second': calls / told['seconds']}


async def memory():
    for _ in range(math.ceil(told['accounts'] / 5)):
        await open_client(told['phone'])
    await asyncio.sleep(2)
    before = resident()
    for _ in range(told['accounts']):
        await open_client(told['phone'])
    await asyncio.sleep(2)
    return {'bytes': (resident() - before) / told['accounts']}


async def live():
    measured = await {'trip': trip, 'cpu': cpu, 'memory': memory}[told['measure']]()
    print(json.dumps({'version': f'Telethon {telethon.__version__}', **measured}), flush=True)
    os._exit(0)


asyncio.run(live())
