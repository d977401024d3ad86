// Plain values as bytes and back, for what two of our own programs say to each other: numbers as they lie in memory
// (little-endian), texts and lists with their length before them. One list of fields serves both ways.
#pragma once
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace runbook {

class PackingWriter {
 public:
  void text(const std::string& value) {
    number(static_cast<std::uint64_t>(value.size()));
    out += value;
  }
  void texts(const std::vector<std::string>& values) {
    number(static_cast<std::uint64_t>(values.size()));
    for (const auto& value : values) text(value);
  }
  template <class T>
  void number(const T& value) {
    out.append(reinterpret_cast<const char*>(&value), sizeof value);
  }

  std::string out;
};

class PackingReader {
 public:
  explicit PackingReader(std::string_view in) : in_(in) {}
  void text(std::string& value) {
    std::uint64_t size = 0;
    number(size);
    if (size > in_.size()) return fail();
    value.assign(in_.substr(0, size));
    in_.remove_prefix(size);
  }
  void texts(std::vector<std::string>& values) {
    std::uint64_t count = 0;
    number(count);
    if (count > in_.size()) return fail();  // each takes eight bytes at least
    values.resize(count);
    for (auto& value : values) text(value);
  }
  template <class T>
  void number(T& value) {
    if (sizeof value > in_.size()) return fail();
    std::memcpy(&value, in_.data(), sizeof value);
    in_.remove_prefix(sizeof value);
  }
  bool whole() const { return good_ && in_.empty(); }  // nothing is missing, nothing is left

 private:
  void fail() {
    good_ = false;
    in_ = {};
  }
  std::string_view in_;
  bool good_ = true;
};

}  // namespace runbook
