// The little of SQL that both engines speak alike. A statement has $1, $2 … where values go, is
// prepared once and kept; integers are BIGINT, bytes BYTEA, text TEXT. One object is used by one
// thread at a time.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <variant>
#include <vector>

#include "server/store/store_error.hpp"
#include "tl/bytes.hpp"

namespace server::store {

// A value for a statement: viewed, so it must outlive the call.
class Parameter {
 public:
  using Any = std::variant<std::monostate, std::int64_t, std::string_view, tl::ByteView>;

  Parameter(std::nullopt_t) {}
  Parameter(std::int64_t number) : value_(number) {}
  Parameter(std::string_view text) : value_(text) {}
  Parameter(tl::ByteView blob) : value_(blob) {}
  Parameter(std::optional<std::int64_t> number) {
    if (number) value_ = *number;
  }

  const Any& value() const { return value_; }

 private:
  Any value_;
};

using Parameters = std::span<const Parameter>;

// A value of a row. What is asked for in another type than it has is none, 0 or empty.
class Cell {
 public:
  Cell() = default;
  explicit Cell(std::int64_t number) : value_(number) {}
  explicit Cell(tl::ByteView bytes) : value_(tl::Bytes(bytes.begin(), bytes.end())) {}

  bool is_null() const { return value_.index() == 0; }
  std::int64_t number() const { return optional_number().value_or(0); }
  std::optional<std::int64_t> optional_number() const;
  tl::ByteView blob() const;
  std::string_view text() const { return tl::as_text(blob()); }

 private:
  std::variant<std::monostate, std::int64_t, tl::Bytes> value_;
};

using Row = std::vector<Cell>;

struct Answer {
  std::vector<Row> rows;
  std::int64_t changed = 0;  // rows, by an INSERT, UPDATE or DELETE
};

class Database {
 public:
  enum class Mode { read, write };  // read: all of it sees one moment
  enum class Claim {
    shared,
    alone
  };  // who writes keys; who migrates the schema or changes the key

  virtual ~Database() = default;

  virtual StoreResult<Answer> run(std::string_view sql, Parameters) = 0;
  virtual StoreStatus begin(Mode) = 0;
  virtual StoreStatus commit() = 0;
  virtual void roll_back() = 0;

  // Within a transaction that writes, until its end; waits for those that don't go together.
  virtual StoreStatus claim(Claim) = 0;
  virtual StoreResult<bool> has_table(std::string_view name) = 0;
  // What the engine itself finds wrong; empty: nothing.
  virtual StoreResult<std::string> check() = 0;
  // Outside a transaction: what was overwritten or deleted goes from the disk as far as it can.
  virtual StoreStatus purge() = 0;
};

}  // namespace server::store
