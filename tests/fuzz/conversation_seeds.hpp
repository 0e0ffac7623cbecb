// Seeds of conversation_fuzz.cpp, for make_fuzz_seeds.
#pragma once

#include <functional>
#include <string>

#include "tl/bytes.hpp"

using SaveSeed = std::function<void(const std::string& name, const tl::Bytes& bytes)>;
void conversation_seeds(const SaveSeed& give);
