#include "cel/regex.h"

#include <re2/re2.h>

namespace runbook::cel {
namespace {

re2::StringPiece piece(std::string_view text) { return {text.data(), text.size()}; }

RE2::Options options() {
  RE2::Options o;
  o.set_log_errors(false);  // the complaint says it; stderr belongs to the screen
  o.set_max_mem(8 << 20);
  return o;
}

}  // namespace

struct Regex::Compiled {
  RE2 re2;
};

Regex::Regex(std::string_view pattern) : pattern_(pattern), compiled_(new Compiled{RE2(piece(pattern), options())}) {
  if (!compiled_->re2.ok()) error_ = compiled_->re2.error();
}

Regex::~Regex() = default;

bool Regex::matches(std::string_view text) const { return RE2::PartialMatch(piece(text), compiled_->re2); }

}  // namespace runbook::cel
