// Success with a value, or an error: boost::system::result, with our own error types where a
// code is not enough to tell a person what is wrong and where.
#pragma once

#include <boost/system/result.hpp>

namespace tl {

template <class T, class E = boost::system::error_code>
using Result = boost::system::result<T, E>;

}  // namespace tl
