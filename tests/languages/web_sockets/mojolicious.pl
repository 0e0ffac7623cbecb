# Perl's Mojolicious. The option is `max_websocket_size`.
use strict; use warnings;
use Mojo::UserAgent; use Mojo::IOLoop;

my ($url, $size, $lift) = @ARGV;
my $ua = Mojo::UserAgent->new;
$ua->websocket($url => sub {
    my ($ua, $tx) = @_;
    unless ($tx->is_websocket) { warn $tx->res->code, " ", $tx->res->body, "\n"; return Mojo::IOLoop->stop }
    $tx->max_websocket_size(1 << 30) if $lift;
    $tx->on(message => sub { print length($_[1]), "\n"; Mojo::IOLoop->stop });
    $tx->on(finish => sub { warn "closed: ", $_[1] // "", "\n"; Mojo::IOLoop->stop });
    $tx->send('{"options":{},"@extra":"' . "x" x $size . '"}');
});
Mojo::IOLoop->start;
