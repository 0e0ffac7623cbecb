<?php // php life.php HOST PORT NOTATION TEXT
[, $host, $port, $notation, $text] = $argv;

function dial() {
    global $host, $port;
    return stream_socket_client("tcp://$host:$port");
}

function ask($socket, $request) {
    fwrite($socket, json_encode($request) . "\n");
    return json_decode(fgets($socket), true);
}

$options = ['json' => $notation, 'updates' => false];

$tg = dial();
ask($tg, ['options' => $options, 'signin' => ['phone' => '9996620001']]);
$saved = json_encode(ask($tg, ['signin' => ['code' => '22222']])['session']);
fclose($tg);

$tg = dial();
ask($tg, ['options' => $options, 'session' => json_decode($saved, true)]);
$found = ask($tg, ['message' => ['_cons' => 'contacts.resolveUsername', 'username' => 'echobot']]);
$user = $found['message']['users'][0];
$peer = ['_cons' => 'inputPeerUser', 'user_id' => $user['id'], 'access_hash' => $user['access_hash']];
$reply = ask($tg, ['message' => ['_cons' => 'messages.sendMessage', 'peer' => $peer, 'message' => $text]]);
echo json_encode($reply), "\n";
