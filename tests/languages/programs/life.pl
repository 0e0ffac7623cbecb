# perl life.pl HOST PORT NOTATION TEXT
use strict; use warnings;
use IO::Socket::INET; use JSON::PP;

my ($host, $port, $notation, $text) = @ARGV;
my $json = JSON::PP->new->utf8->canonical;

sub dial { IO::Socket::INET->new(PeerAddr => $host, PeerPort => $port) or die "no connection: $@" }

sub ask {
    my ($socket, $request) = @_;
    print $socket $json->encode($request), "\n";
    return $json->decode(scalar <$socket>);
}

my $options = {json => $notation, updates => JSON::PP::false};

my $tg = dial();
ask($tg, {options => $options, signin => {phone => "9996620001"}});
my $saved = $json->encode(ask($tg, {signin => {code => "22222"}})->{session});
close $tg;

$tg = dial();
ask($tg, {options => $options, session => $json->decode($saved)});
my $found = ask($tg, {message => {_cons => "contacts.resolveUsername", username => "echobot"}});
my $user = $found->{message}{users}[0];
my $peer = {_cons => "inputPeerUser", user_id => $user->{id}, access_hash => $user->{access_hash}};
my $reply = ask($tg, {message => {_cons => "messages.sendMessage", peer => $peer, message => $text}});
print $json->encode($reply), "\n";
