-- lua5.4 life_lua_cjson.lua HOST PORT NOTATION TEXT
local socket = require "socket"
local json = require "cjson"

local host, port, notation, text = ...

local function dial() return assert(socket.connect(host, tonumber(port))) end

local function ask(tg, request)
  tg:send(json.encode(request) .. "\n")
  return (json.decode((tg:receive())))
end

local options = {json = notation, updates = false}

local tg = dial()
ask(tg, {options = options, signin = {phone = "9996620001"}})
local saved = json.encode(ask(tg, {signin = {code = "22222"}}).session)
tg:close()

tg = dial()
ask(tg, {options = options, session = json.decode(saved)})
local found = ask(tg, {message = {_cons = "contacts.resolveUsername", username = "echobot"}})
local user = found.message.users[1]
local peer = {_cons = "inputPeerUser", user_id = user.id, access_hash = user.access_hash}
local reply = ask(tg, {message = {_cons = "messages.sendMessage", peer = peer, message = text}})
print(json.encode(reply))
