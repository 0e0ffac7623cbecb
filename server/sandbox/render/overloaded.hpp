// std::visit with a function for each alternative.
#pragma once

namespace server::sandbox {

template <class... Ts>
struct Overloaded : Ts... {
  using Ts::operator()...;
};
template <class... Ts>
Overloaded(Ts...) -> Overloaded<Ts...>;

}  // namespace server::sandbox
