// What the process asks of the system, once, at start.
#pragma once

#include <cstddef>

namespace server {

// No core dumps, no debugger of the same user looking in, no death by a closed pipe,
// nor by SIGUSR2 before there is a log whose level it turns.
void harden_process();

// Has buffers of a megabyte and more go back to the system as soon as they are freed. By default
// the allocator keeps what was freed once, up to 32 MiB of it for each of its threads. Of smaller
// ones each keeps 4 MiB: taking new pages for each part of a file, which is 700 KB of text, would be
// a third of what an upload costs.
void give_back_large_memory();

// Raises the soft limit of open files to the hard one; gives what it is then.
std::size_t raise_file_limit();

// Clients that fit into `files`: each may have an upstream connection, and something must be left
// for the rest.
constexpr std::size_t most_clients(std::size_t files) {
  constexpr std::size_t reserve = 64;
  return files > 2 * reserve ? (files - reserve) / 2 : reserve / 2;
}

}  // namespace server
