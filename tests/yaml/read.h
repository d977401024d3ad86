// Diagnostics as short lines: "RB132 2:9 `: `: sentence (help)".
#pragma once
#include <catch2/catch.hpp>

#include "yaml/document.h"

namespace runbook::yaml::tests {

inline std::string line_of(const Diagnostic& each, const std::string& text) {
  std::string line = each.code + (each.severity == Severity::warning ? " warning" : "");
  if (each.at.line > 0) {
    std::size_t start = 0;
    for (std::uint32_t n = 1; n < each.at.line; ++n) start = text.find('\n', start) + 1;
    line += " " + std::to_string(each.at.line) + ":" + std::to_string(each.at.column) + " `" +
            text.substr(start + each.at.column - 1, each.at.length) + "`";
  }
  line += ": " + each.text.en;
  if (!each.help.empty()) line += " (" + each.help.en + ")";
  CHECK_FALSE(each.text.ko.empty());
  CHECK(each.help.ko.empty() == each.help.en.empty());
  return line;
}

// Errors and warnings of a text, a line each; empty: nothing is wrong.
inline std::string complaints_of(const std::string& text, const Limits& limits = {}) {
  Diagnostics all, warnings;
  const auto parsed = parse(text, 0, limits, warnings);
  if (!parsed) all = parsed.error();
  all.insert(all.end(), warnings.begin(), warnings.end());
  std::string lines;
  for (const Diagnostic& each : all) lines += (lines.empty() ? "" : "\n") + line_of(each, text);
  return lines;
}

inline Node parsed(const std::string& text) {
  Diagnostics warnings;
  INFO(text);
  auto node = parse(text, 0, {}, warnings);
  if (!node) FAIL(line_of(node.error()[0], text));
  return *node;
}

}  // namespace runbook::yaml::tests
