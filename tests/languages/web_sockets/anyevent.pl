# Perl's AnyEvent::WebSocket::Client. The option is `max_payload_size`.
use strict; use warnings;
use AnyEvent; use AnyEvent::WebSocket::Client;

my ($url, $size, $lift) = @ARGV;
my $done = AnyEvent->condvar;
my $client = AnyEvent::WebSocket::Client->new($lift ? (max_payload_size => 1 << 30) : ());
my $tg = $client->connect($url)->recv;
$tg->on(each_message => sub { print length($_[1]->body), "\n"; $done->send });
$tg->on(parse_error => sub { warn $_[1]; $done->send });
$tg->on(finish => sub { $done->send });
$tg->send('{"options":{},"@extra":"' . "x" x $size . '"}');
$done->recv;
