// Replaces secrets in whatever leaves the engine: raw, base64, URL- and JSON-escaped, and each line of a multi-line one.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/value.h"

namespace runbook {

class Masker {
 public:
  static constexpr std::size_t shortest = 6;  // shorter secrets would mask half the alphabet
  static constexpr std::string_view mask = "******";

  // False: too short to be masked, and the caller says so.
  bool add(std::string_view secret);
  std::string text(std::string_view raw) const;
  Value value(const Value& raw) const;  // every text in it, keys too
  bool empty() const { return forms_.empty(); }

 private:
  std::vector<std::string> forms_;  // longest first
};

}  // namespace runbook
