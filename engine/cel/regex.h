// Regular expressions of matches(): RE2, whose time is linear in the text. Its headers stay in regex.cpp.
#pragma once
#include <memory>
#include <string>
#include <string_view>

namespace runbook::cel {

class Regex {
 public:
  explicit Regex(std::string_view pattern);
  Regex(const Regex&) = delete;
  Regex& operator=(const Regex&) = delete;
  ~Regex();
  const std::string& error() const { return error_; }  // empty: it can be used
  const std::string& pattern() const { return pattern_; }
  bool matches(std::string_view text) const;  // anywhere in the text

 private:
  struct Compiled;
  std::string pattern_, error_;
  std::unique_ptr<const Compiled> compiled_;
};

}  // namespace runbook::cel
