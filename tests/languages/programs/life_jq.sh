# bash life_jq.sh HOST PORT NOTATION TEXT
host=$1 port=$2 notation=$3 text=$4

dial() { exec 3<>"/dev/tcp/$host/$port"; }
ask() { printf '%s\n' "$1" >&3; IFS= read -r reply <&3; }

options=$(jq -nc --arg json "$notation" '{json: $json, updates: false}')

dial
ask "$(jq -nc --argjson options "$options" '{options: $options, signin: {phone: "9996620001"}}')"
ask '{"signin":{"code":"22222"}}'
saved=$(jq -c .session <<<"$reply")
exec 3>&-

dial
ask "$(jq -c --argjson options "$options" '{options: $options, session: .}' <<<"$saved")"
ask '{"message":{"_cons":"contacts.resolveUsername","username":"echobot"}}'
ask "$(jq -c --arg text "$text" '.message.users[0] as $user |
  {message: {_cons: "messages.sendMessage", message: $text,
    peer: {_cons: "inputPeerUser", user_id: $user.id, access_hash: $user.access_hash}}}' <<<"$reply")"
jq -c . <<<"$reply"
