# ruby life.rb HOST PORT NOTATION TEXT
require 'json'
require 'socket'

HOST, PORT, NOTATION, TEXT = ARGV

def ask(tg, request)
  tg.puts(JSON.generate(request))
  JSON.parse(tg.gets)
end

options = { json: NOTATION, updates: false }

tg = TCPSocket.new(HOST, PORT)
ask(tg, { options: options, signin: { phone: '9996620001' } })
saved = JSON.generate(ask(tg, { signin: { code: '22222' } })['session'])
tg.close

tg = TCPSocket.new(HOST, PORT)
ask(tg, { options: options, session: JSON.parse(saved) })
found = ask(tg, { message: { _cons: 'contacts.resolveUsername', username: 'echobot' } })
user = found['message']['users'][0]
peer = { _cons: 'inputPeerUser', user_id: user['id'], access_hash: user['access_hash'] }
reply = ask(tg, { message: { _cons: 'messages.sendMessage', peer: peer, message: TEXT } })
puts JSON.generate(reply)
