// Literals of texts and bytes: '...' "..." '''...''' """...""", with r (raw) and b (bytes) before them.
#pragma once
#include <string_view>

#include "cel/expression.h"

namespace runbook::cel {

struct TextLiteral {
  std::size_t length = 0;  // bytes, with prefix and quotes
  Value value;             // a string or bytes
};

// At `start` stands the prefix or the opening quote.
Result<TextLiteral, Complaint> read_text_literal(std::string_view text, std::size_t start);

}  // namespace runbook::cel
