// Lets Catch2 print a Result whose value can't be printed. Include it where CHECK(result) is written.
#pragma once

#include <boost/system/result.hpp>
#include <catch2/catch.hpp>
#include <string>

namespace Catch {

template <class T, class E>
struct StringMaker<boost::system::result<T, E>> {
  static std::string convert(const boost::system::result<T, E>& result) {
    return result.has_value() ? "a value" : StringMaker<E>::convert(result.error());
  }
};

}  // namespace Catch
