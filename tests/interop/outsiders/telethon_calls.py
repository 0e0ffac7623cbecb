"""Telethon, unmodified, as raw calls: a line of JSON on standard input is one, a line on standard output its result.

The first line has port, key (a PEM file) and session (or none). Bytes are {"$bytes": base64}, large numbers {"$int":
digits}. Updates come as {"update": …} when they come.
"""
import asyncio
import base64
import datetime
import json
import sys

import telethon
from telethon import TelegramClient, errors, events, functions, network, types
from telethon.crypto import rsa
from telethon.password import compute_check
from telethon.sessions import StringSession

report, sys.stdout = sys.stdout, sys.stderr


def tell(**what):
    print(json.dumps(what), file=report, flush=True)


def plain(value):
    if isinstance(value, bytes):
        return {'$bytes': base64.b64encode(value).decode()}
    if isinstance(value, datetime.datetime):
        return int(value.timestamp())
    if isinstance(value, int) and abs(value) >= 2 ** 53:
        return {'$int': str(value)}
    if isinstance(value, list):
        return [plain(one) for one in value]
    if isinstance(value, dict):
        return {name: one[:1].lower() + one[1:] if name == '_' else plain(one) for name, one in value.items()}
    return plain(value.to_dict()) if hasattr(value, 'to_dict') else value


class Missing(Exception):
    pass


def named(root, name, suffix=''):
    *before, last = name.split('.')
    place = getattr(root, before[0], None) if before else root
    found = getattr(place, last[:1].upper() + last[1:] + suffix, None)
    if found is None:
        raise Missing(name)
    return found


def build(value):
    if isinstance(value, list):
        return [build(one) for one in value]
    if not isinstance(value, dict):
        return value
    if '$int' in value:
        return int(value['$int'])
    if '$bytes' in value:
        return base64.b64decode(value['$bytes'])
    fields = {name: build(one) for name, one in value.items() if name != '_'}
    return named(types, value['_'])(**fields)


async def answer(client, asked):
    if 'save' in asked:
        return client.session.save()
    if 'password' in asked:
        algorithm = await client(functions.account.GetPasswordRequest())
        check = compute_check(algorithm, asked['password'])
        return await client(functions.auth.CheckPasswordRequest(check))
    request = named(functions, asked['method'], 'Request')
    return await client(request(**{name: build(one) for name, one in asked['params'].items()}))


async def reply(client, asked):
    try:
        tell(id=asked['id'], result=plain(await answer(client, asked)))
    except Missing as missing:
        tell(id=asked['id'], missing=str(missing))
    except errors.RPCError as error:
        tell(id=asked['id'], error=f'{type(error).__name__} {error.message}')
    except Exception as error:  # What went wrong is told, whatever it is.
        tell(id=asked['id'], error=repr(error))


async def live():
    reader = asyncio.StreamReader(limit=1 << 24)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    told = json.loads(await reader.readline())
    with open(told['key'], encoding='ascii') as pem:
        rsa.add_key(pem.read(), old=False)
    session = StringSession(told.get('session'))
    if not told.get('session'):
        session.set_dc(2, '127.0.0.1', told['port'])
    client = TelegramClient(session, 12345, 'abcdef', connection=network.ConnectionTcpFull, connection_retries=1, timeout=5)
    client.add_event_handler(lambda update: asyncio.sleep(0, tell(update=plain(update))), events.Raw)
    await client.connect()
    tell(id=told['id'], result={'version': telethon.__version__})
    while line := await reader.readline():
        await reply(client, json.loads(line))
    await client.disconnect()


asyncio.run(live())
