#include "base/quoted_word.h"

#include <catch2/catch.hpp>
#include <cstdio>
#include <string>

using namespace runbook;

namespace {

// What a shell makes of the word.
std::string read_by_shell(const std::string& word) {
  std::string out;
  FILE* shell = ::popen(("printf %s " + word).c_str(), "r");
  REQUIRE(shell != nullptr);
  for (int c = std::fgetc(shell); c != EOF; c = std::fgetc(shell)) out += static_cast<char>(c);
  ::pclose(shell);
  return out;
}

}  // namespace

TEST_CASE("what a shell reads as it is written stays without quotes, and nothing else") {
  CHECK(quoted_word("data/restore") == "data/restore");
  CHECK(quoted_word("success:error_rate") == "success:error_rate");
  CHECK(quoted_word("user@host-1.example") == "user@host-1.example");
  CHECK(quoted_word("e[b]") == "'e[b]'");
  CHECK(quoted_word("복구.yaml") == "'복구.yaml'");
  CHECK(quoted_word("") == "''");
}

TEST_CASE("a shell reads every quoted word as the text that it was made of") {
  const std::string text =
      GENERATE("e[a b]", "it's", "''", "$HOME `id` \"x\" \\ !!", "~/x", "a=b", "a;b|c&d>e<f(g){h}*?#", "=ls", "서울", "a\nb");
  CHECK(read_by_shell(quoted_word(text)) == text);
}
