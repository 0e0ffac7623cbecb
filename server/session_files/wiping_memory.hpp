// Memory for what holds keys while it is read, such as a parsed JSON text: wiped before it is given
// back.
#pragma once

#include <cstdint>
#include <memory_resource>

#include "mtproto/crypto/secret.hpp"

namespace server::session_files {

class WipingMemory final : public std::pmr::memory_resource {
  void* do_allocate(std::size_t size, std::size_t alignment) override {
    return std::pmr::new_delete_resource()->allocate(size, alignment);
  }
  void do_deallocate(void* at, std::size_t size, std::size_t alignment) override {
    mtproto::wipe({static_cast<std::uint8_t*>(at), size});
    std::pmr::new_delete_resource()->deallocate(at, size, alignment);
  }
  bool do_is_equal(const memory_resource& other) const noexcept override { return this == &other; }
};

}  // namespace server::session_files
