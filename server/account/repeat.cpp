#include "server/account/repeat.hpp"

#include <algorithm>

#include "server/protocol/only_reads.hpp"

namespace server::account {

mtproto::Repeat repeat_of(const tl::Combinator& method) {
  // A random_id behind a flag may be absent, and then nothing tells the second call from the first.
  const bool known_again = std::ranges::any_of(method.fields, [](const tl::Field& field) {
    return field.name == "random_id" && !field.conditional();
  });
  return only_reads(method.name) || known_again ? mtproto::Repeat::freely : mtproto::Repeat::ask;
}

}  // namespace server::account
