"""One life of Telethon, unmodified, at a sandbox: the steps that it is told, each reported by a line of JSON.

It is told by one line of JSON on its standard input: connection, port, key (a PEM file), phone or bot_token,
passwords, session (a saved one) or file (that it makes), steps.
"""
import asyncio
import json
import sys

import telethon
from telethon import TelegramClient, errors, events, functions, network, types
from telethon.crypto import rsa
from telethon.sessions import SQLiteSession, StringSession
from telethon.tl.alltlobjects import LAYER

connections = {
    'full': network.ConnectionTcpFull,
    'abridged': network.ConnectionTcpAbridged,
    'intermediate': network.ConnectionTcpIntermediate,
    'abridged, obfuscated': network.ConnectionTcpObfuscated,
}


# Telethon greets whom it has signed in on the standard output.
report, sys.stdout = sys.stdout, sys.stderr


def tell(step, **what):
    print(json.dumps({'step': step, **what}), file=report, flush=True)


def make_client(told):
    # The data centre and its address are the session's, and keys can be added.
    session = SQLiteSession(told['file']) if 'file' in told else StringSession(told.get('session'))
    if not told.get('session'):
        session.set_dc(2, '127.0.0.1', told['port'])
    return TelegramClient(session, 12345, 'abcdef', connection=connections[told['connection']],
                          connection_retries=1, timeout=5)


async def code(client, told):
    phone = told['phone']
    passwords = list(told.get('passwords', []))
    await client.start(phone=phone, code_callback=lambda: phone[5] * 5, password=lambda: passwords.pop(0))
    tell('code', name=(await client.get_me()).first_name, left=len(passwords))


async def bot(client, told):
    await client.start(bot_token=told['bot_token'])
    tell('bot', username=(await client.get_me()).username)


async def qr(client, told):
    login = await client.qr_login()
    waiting = asyncio.ensure_future(login.wait(10))
    await asyncio.sleep(0)
    tell('url', url=login.url)
    try:
        user = await waiting
    except errors.SessionPasswordNeededError:
        user = await client.sign_in(password=told['passwords'][0])
    tell('QR', name=user.first_name)


async def dialogs(client, told):
    tell('dialogs', names=[dialog.name for dialog in await client.get_dialogs()])


async def echo(client, told):
    heard = asyncio.get_running_loop().create_future()

    @client.on(events.NewMessage(incoming=True, pattern=told['text']))
    async def on_message(event):
        if not heard.done():
            heard.set_result((await event.get_sender()).username)

    sent = await client.send_message('echobot', told['text'])
    tell('send', text=sent.message)
    tell('update', sender=await asyncio.wait_for(heard, 10))


async def supergroup(client, told):
    made = await client(functions.channels.CreateChannelRequest(title='Tea', about='at five', megagroup=True))
    group = made.chats[0]
    await client(functions.channels.UpdateUsernameRequest(group, 'telethon_tea'))
    await client(functions.channels.InviteToChannelRequest(group, ['alan_turing']))
    said = await client.send_message(group, 'who is here?')
    await client.edit_message(group, said, 'who else?')
    await client.pin_message(group, said)
    members = [user.first_name for user in await client.get_participants(group)]
    texts = [message.text async for message in client.iter_messages(group)]
    rights = await client.get_permissions(group, 'alan_turing')
    await client.edit_admin(group, 'alan_turing', pin_messages=True, title='brewer')
    admins = [user.first_name for user in
              await client.get_participants(group, filter=types.ChannelParticipantsAdmins())]
    await client.kick_participant(group, 'alan_turing')
    tell('supergroup', members=members, texts=texts, was_admin=rights.is_admin, admins=admins,
         left=[user.first_name for user in await client.get_participants(group)])


async def save(client, told):
    tell('save', session=client.session.save())


async def come_back(client, told):
    tell('come back', name=(await client.get_me()).first_name)


async def sign_out(client, told):
    tell('sign out', done=await client.log_out())


async def signed_out(client, told):
    try:
        await client(functions.updates.GetStateRequest())
    except errors.AuthKeyUnregisteredError:
        tell('signed out')


steps = {step.__name__: step for step in
         (code, bot, qr, dialogs, echo, supergroup, save, come_back, sign_out, signed_out)}


async def live():
    told = json.loads(sys.stdin.readline())
    with open(told['key'], encoding='ascii') as pem:
        rsa.add_key(pem.read(), old=False)
    client = make_client(told)
    await client.connect()
    tell('connected', version=telethon.__version__, layer=LAYER)
    for step in told['steps']:
        await steps[step](client, told)
    await client.disconnect()


asyncio.run(asyncio.wait_for(live(), 25))
