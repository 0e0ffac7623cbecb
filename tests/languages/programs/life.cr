# crystal run life.cr -- HOST PORT NOTATION TEXT
require "json"
require "socket"

host, port, notation, text = ARGV

def ask(tg, request)
  tg.puts request.to_json
  JSON.parse(tg.gets.not_nil!)
end

options = {json: notation, updates: false}

tg = TCPSocket.new(host, port.to_i)
ask(tg, {options: options, signin: {phone: "9996620001"}})
saved = ask(tg, {signin: {code: "22222"}})["session"].to_json
tg.close

tg = TCPSocket.new(host, port.to_i)
ask(tg, {options: options, session: JSON.parse(saved)})
found = ask(tg, {message: {_cons: "contacts.resolveUsername", username: "echobot"}})
user = found["message"]["users"][0]
peer = {_cons: "inputPeerUser", user_id: user["id"], access_hash: user["access_hash"]}
puts ask(tg, {message: {_cons: "messages.sendMessage", peer: peer, message: text}}).to_json
