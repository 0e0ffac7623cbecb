#include <catch2/catch.hpp>

#include "mtproto/host/salt_schedule.hpp"
#include "mtproto/host/sequence_check.hpp"
#include "mtproto/message/ack_queue.hpp"
#include "mtproto/message/message_ids.hpp"
#include "mtproto/message/received_ids.hpp"
#include "mtproto/message/sequence.hpp"
#include "mtproto/message/service_ack.hpp"
#include "mtproto/session/salt_book.hpp"
#include "tests/support/scripted_random.hpp"

using namespace mtproto;
using namespace std::chrono_literals;

namespace {
const UnixTime noon{1'700'000'000s};
}

TEST_CASE("message ids follow the clock, increase always, and say whose they are") {
  support::ScriptedRandom random;
  MessageIdSource source;
  const auto first = source.next(noon, MessageKind::from_client, random);
  CHECK(first.value() >> 32 == 1'700'000'000);
  CHECK(first.value() % 4 == 0);
  const auto again = source.next(noon, MessageKind::answer, random);
  CHECK(again > first);
  CHECK(again.value() % 4 == 1);
  const auto back = source.next(noon - 1h, MessageKind::from_server, random);
  CHECK(back > again);
  CHECK(back.value() % 4 == 3);
  source.reset();
  CHECK(source.next(noon - 1h, MessageKind::from_client, random) < first);
}

TEST_CASE("a message id tells its time to the microsecond, and carries the fraction") {
  support::ScriptedRandom random;
  MessageIdSource source;
  const auto time = noon + 123'456us;
  const auto id = source.next(time, MessageKind::from_client, random);
  CHECK(time_of(id) >= time - 1us);
  CHECK(time_of(id) <= time + 1us);
  CHECK((id.value() & 0xffffffff) != 0);
}

TEST_CASE("sequence numbers count content twice and go on from the last one") {
  Sequence sequence;
  CHECK(sequence.next(false) == 0);
  CHECK(sequence.next(true) == 1);
  CHECK(sequence.next(false) == 2);
  CHECK(sequence.next(true) == 3);
  CHECK(sequence.last() == 3);
  CHECK(Sequence(7).next(true) == 9);
  CHECK(Sequence(7).next(false) == 8);
  CHECK(Sequence(8).next(true) == 9);
  sequence.used(101);
  CHECK(sequence.next(true) == 103);
  sequence.used(5);
  CHECK(sequence.last() == 103);
}

TEST_CASE("received ids are known again, in whatever order they came") {
  ReceivedIds ids;
  using Seen = ReceivedIds::Seen;
  CHECK(ids.add(MessageId(100)) == Seen::fresh);
  CHECK(ids.add(MessageId(50)) == Seen::fresh);
  CHECK(ids.add(MessageId(100)) == Seen::duplicate);
  CHECK(ids.add(MessageId(50)) == Seen::duplicate);
  CHECK(ids.state(MessageId(50)) == message_state::received);
  CHECK(ids.state(MessageId(75)) == message_state::not_received);
  CHECK(ids.state(MessageId(101)) == message_state::not_received_yet);
}

TEST_CASE("the window of received ids is bounded, and what is below it is too old") {
  ReceivedIds ids(100);
  using Seen = ReceivedIds::Seen;
  for (std::uint64_t i = 1; i <= 1000; ++i) CHECK(ids.add(MessageId(i)) == Seen::fresh);
  CHECK(ids.look(MessageId(1)) == Seen::too_old);
  CHECK(ids.state(MessageId(1)) == message_state::unknown);
  CHECK(ids.look(MessageId(950)) == Seen::duplicate);
  for (std::uint64_t i = 1; i <= 1000; ++i) CHECK(ids.add(MessageId(i)) != Seen::fresh);
}

TEST_CASE(
    "a quiet session forgets ids of more than a minute ago; a busy one keeps up to the most") {
  constexpr std::uint64_t second = std::uint64_t{1} << 32;
  using Seen = ReceivedIds::Seen;
  ReceivedIds quiet(1024, 256);
  for (std::uint64_t i = 1; i <= 2000; ++i) quiet.add(MessageId(i * second));
  for (std::uint64_t i = 1; i < 192; ++i) {
    CHECK(quiet.look(MessageId((2000 - i) * second)) == Seen::duplicate);
  }
  CHECK(quiet.look(MessageId((2000 - 257) * second)) == Seen::too_old);
  ReceivedIds busy(1024, 256);
  for (std::uint64_t i = 1; i <= 2000; ++i) busy.add(MessageId(i * second / 20));
  CHECK(busy.look(MessageId((2000 - 767) * second / 20)) == Seen::duplicate);
  CHECK(busy.look(MessageId((2000 - 1025) * second / 20)) == Seen::too_old);
}

TEST_CASE("acknowledgements are due when they are many or old") {
  AckQueue acks(2, 10s);
  const Time start{1h};
  CHECK_FALSE(acks.due(start));
  CHECK_FALSE(acks.deadline().has_value());
  acks.add(MessageId(1), start);
  acks.add(MessageId(1), start + 5s);
  CHECK(acks.deadline() == start + 10s);
  CHECK_FALSE(acks.due(start + 9s));
  CHECK(acks.due(start + 10s));
  acks.add(MessageId(2), start);
  CHECK_FALSE(acks.due(start));
  acks.add(MessageId(3), start);
  CHECK(acks.due(start));
  acks.remove(MessageId(2));
  CHECK(acks.take() == std::vector{MessageId(1), MessageId(3)});
  CHECK(acks.empty());
}

TEST_CASE("one msgs_ack names at most 8192 messages") {
  AckQueue acks(1, 10s);
  for (std::uint64_t i = 0; i < 8200; ++i) acks.add(MessageId(i), {});
  CHECK(acks.take().size() == 8192);
  CHECK(acks.take().size() == 8);
}

TEST_CASE("a salt book goes on to an announced salt in its time") {
  SaltBook book(1);
  const std::int32_t now = 1'700'000'000;
  book.learn({{}, now, {{now + 1800, now + 5400, 3}, {now, now + 3600, 1}}});
  CHECK(book.at(noon) == 1);
  CHECK_FALSE(book.wants_more(noon));
  CHECK(book.at(noon + 1859s) == 1);
  CHECK(book.at(noon + 1860s) == 3);
  CHECK_FALSE(book.wants_more(noon + 1860s));
  CHECK(book.wants_more(noon + 5100s));
}

TEST_CASE("what the server says of its salt outdoes what it announced") {
  SaltBook book(1);
  CHECK_FALSE(book.wants_more(noon));
  book.take(5);
  CHECK(book.at(noon) == 5);
  CHECK_FALSE(book.wants_more(noon));
  book.accepted();
  book.take(6);
  CHECK(book.wants_more(noon));
}

TEST_CASE("a salt schedule keeps one salt half an hour and takes it half an hour more") {
  support::ScriptedRandom random;
  const Time start{1h};
  SaltSchedule salts(1, start);
  CHECK(salts.current(start + 29min, random) == 1);
  const auto second = salts.current(start + 30min, random);
  CHECK(second != 1);
  CHECK(salts.accepts(1, start + 59min, random));
  CHECK(salts.accepts(second, start + 59min, random));
  CHECK_FALSE(salts.accepts(1, start + 60min, random));
  CHECK_FALSE(salts.accepts(second, start + 24h, random));
  CHECK(salts.current(start + 24h, random) != second);
}

TEST_CASE("sequence numbers have to grow with message ids") {
  SequenceCheck check;
  using Result = SequenceCheck::Result;
  check.add(MessageId(100), 5);
  CHECK(check.look(MessageId(200), 5) == Result::too_low);
  CHECK(check.look(MessageId(200), 4) == Result::too_low);
  CHECK(check.look(MessageId(200), 6) == Result::fine);
  CHECK(check.look(MessageId(200), 7) == Result::fine);
  CHECK(check.look(MessageId(50), 5) == Result::too_high);
  CHECK(check.look(MessageId(50), 7) == Result::too_high);
  CHECK(check.look(MessageId(50), 3) == Result::fine);
}
