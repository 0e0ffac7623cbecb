"""Runs the blocks of Python that server/FROM_OTHER_LIBRARIES.md shows, one after another, with one client of Telethon.

Standard input: {"port", "key": a PEM file, "blocks": [text…]}. Standard output: a line as each block is over.
"""
import asyncio
import json
import sys
import textwrap

from telethon import TelegramClient, network
from telethon.crypto import rsa
from telethon.sessions import MemorySession


async def until(is_so):
    for _ in range(1000):
        if is_so():
            return
        await asyncio.sleep(0.02)
    raise TimeoutError('it never became so')


async def main():
    told = json.load(sys.stdin)
    with open(told['key']) as file:
        rsa.add_key(file.read(), old=False)
    session = MemorySession()
    session.set_dc(2, '127.0.0.1', told['port'])
    client = TelegramClient(session, 12345, 'abcdef', connection=network.ConnectionTcpFull, connection_retries=2)
    await client.connect()
    for number, block in enumerate(told['blocks']):
        names = {'client': client, 'until': until}
        if 'heard = []' in block:
            block += "await until(lambda: 'hear me' in heard)\n"
        exec('async def block():\n' + textwrap.indent(block, '    '), names)
        await names['block']()
        print(number, flush=True)
    await client.disconnect()


asyncio.run(main())
