// The manual pages: what the formatters say of them, and that they tell everything there is.
#include <catch2/catch.hpp>

#include "cli/arguments.h"
#include "cli/manual.h"
#include "runbook/keys.h"
#include "tests/support/command.h"

namespace runbook::tests {
using Catch::Contains;

TEST_CASE("the manual pages are roff that no checker complains of, in both languages") {
  Workplace w;
  const std::string page = GENERATE("1", "5");
  w.environment["RUNBOOK_LANG"] = GENERATE("en", "ko");
  const auto made = w.runbook({"man", page});
  REQUIRE(made.code == 0);
  w.write("runbook." + page, made.out);
  const auto linted = w.shell("mandoc -Tlint -W warning runbook." + page);
  INFO(linted.out);
  CHECK(linted.out.empty());
  const auto formatted = w.shell("groff -man -ww -K utf8 -T utf8 runbook." + page);
  CHECK(formatted.code == 0);
  CHECK(formatted.err.empty());
  CHECK(w.runbook({"man", "3"}).code == 2);
}

TEST_CASE("the manual pages tell every command, flag and key") {
  const Workplace w;
  w.write("1", w.runbook({"man", "1"}).out);
  w.write("5", w.runbook({"man", "5"}).out);
  const auto commands = w.shell("mandoc -T ascii -O width=1000 1 | sed 's/.\\x08//g'").out;
  for (const auto& command : command_words()) {
    CHECK_THAT(commands, Contains("runbook " + command.name));
    for (const auto& flag : command.flags) CHECK_THAT(commands, Contains(flag.name));
  }
  const auto language = w.shell("mandoc -T ascii -O width=1000 5 | sed 's/.\\x08//g'").out;
  for (const auto& key : all_keys()) CHECK_THAT(language, Contains(std::string(key.doc_en)));
}

TEST_CASE("words that would be requests or escapes of roff are shown as they are") {
  const Workplace w;
  const std::string words = R"(.SH 'no \fBrequest\n "quoted" -x)";
  w.write("5", manual_of_language({{words, {words}, {{words, words, words}}, {words}}}, Language::english));
  CHECK(w.shell("mandoc -Tlint -W warning 5").out.empty());
  const auto shown = w.shell("mandoc -T ascii -O width=1000 5 | sed 's/.\x08//g'").out;
  std::size_t times = 0;
  for (auto at = shown.find(words); at != std::string::npos; at = shown.find(words, at + 1)) ++times;
  CHECK(times == 6);
}

}  // namespace runbook::tests
