// How a scalar stands in the source: where it begins and ends, and which byte of it came from where.
// yaml-cpp gives the decoded text and a start; carets inside expressions need the way back.
#pragma once
#include <string>

#include "yaml/document.h"
#include "yaml/source_text.h"

namespace runbook::yaml {

struct ScalarSource {
  Scalar::Style style = Scalar::Style::plain;
  Place at;
  TextMap map;
  std::size_t begin = 0, end = 0;  // of what is written, quotes included
  bool closed = true;              // false: a quote without its end
};

// `begin`: of the scalar itself, behind tag and anchor. `decoded`: what yaml-cpp made of it.
ScalarSource locate_scalar(const SourceText& source, std::size_t begin, const std::string& decoded);

// Behind `&anchor` and `!tag`, blanks, comments and newlines.
std::size_t skip_properties(const SourceText& source, std::size_t offset);

}  // namespace runbook::yaml
