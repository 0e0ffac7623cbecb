#!/bin/sh
# clang 14.0.6 (Debian 12) cannot assemble a coroutine with -fsanitize=function -ffunction-sections at -O0.
#
# Each alone works, and so do both at -O2. The sanitizer puts the distance from a function to its type before
# the function's code. A coroutine is split into several functions; the parts keep the distance of the whole,
# and with a section for each function that is one between sections, which the object format cannot hold.
# The error has no place in the source: "Cannot represent a difference across sections".
# The types of <coroutine> are declared here, so that no library has a part in it.
set -eu
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
chmod 755 "$here"
cd "$here"
apt-get download -q clang-14=1:14.0.6-12 libclang-common-14-dev=1:14.0.6-12 libclang-cpp14=1:14.0.6-12 \
  libllvm14=1:14.0.6-12 libedit2=3.1-20221030-2 libffi8=3.4.4-1 libxml2=2.9.14+dfsg-1.3~deb12u6 \
  libicu72=72.1-3+deb12u1 libz3-4=4.8.12-3.1 libbsd0=0.11.7-2 libmd0=1.0.4-2 libtinfo6=6.4-4 \
  >apt.log 2>&1 || exit 77
for package in ./*.deb; do dpkg -x "$package" root; done
export LC_ALL=C
LD_LIBRARY_PATH=$here/root/usr/lib/x86_64-linux-gnu:$here/root/lib/x86_64-linux-gnu
export LD_LIBRARY_PATH

cat >main.cpp <<'END'
namespace std {
template <class Result, class...>
struct coroutine_traits {
    using promise_type = typename Result::promise_type;
};
template <class Promise = void>
struct coroutine_handle {
    static coroutine_handle from_address(void* frame) noexcept { return {frame}; }
    void* frame_;
};
template <>
struct coroutine_handle<void> {
    coroutine_handle() = default;
    template <class Promise>
    coroutine_handle(coroutine_handle<Promise> other) noexcept : frame_(other.frame_) {}
    static coroutine_handle from_address(void* frame) noexcept;
    void* frame_ = nullptr;
};
} // namespace std

struct Pause {
    bool await_ready() noexcept { return false; }
    void await_suspend(std::coroutine_handle<>) noexcept {}
    void await_resume() noexcept {}
};
struct Task {
    struct promise_type {
        Task get_return_object() { return {}; }
        Pause initial_suspend() noexcept { return {}; }
        Pause final_suspend() noexcept { return {}; }
        void return_void() {}
        void unhandled_exception() {}
    };
};
Task run() { co_await Pause{}; }
END
try() {
  if root/usr/lib/llvm-14/bin/clang++ -std=c++20 -c main.cpp -o main.o "$@" 2>log; then
    echo "$*: compiles"
  else
    echo "$*: $(sort -u log | grep '^error: ')"
  fi
}
{
  try -O0 -fsanitize=function
  try -O0 -ffunction-sections
  try -O0 -fsanitize=function -ffunction-sections
  try -O2 -fsanitize=function -ffunction-sections
} >out
cat out
diff - out <<'END'
-O0 -fsanitize=function: compiles
-O0 -ffunction-sections: compiles
-O0 -fsanitize=function -ffunction-sections: error: Cannot represent a difference across sections
-O2 -fsanitize=function -ffunction-sections: compiles
END
echo 'as found'
