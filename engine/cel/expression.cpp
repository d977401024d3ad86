#include "cel/expression.h"

#include "cel/parser.h"
#include "cel/references.h"

namespace runbook::cel {

Result<Expression, Complaints> Expression::parse(std::string_view text) {
  Expression expression;
  expression.text_ = text;
  auto root = Parser(expression.text_).parse();
  if (!root) return failure(Complaints{std::move(root.error())});
  expression.references_ = collect_references(**root);
  expression.root_ = std::move(*root);
  return expression;
}

const Names* Names::find(std::string_view name) const {
  for (const auto& [member, names] : members)
    if (member == name) return names.get();
  return nullptr;
}

}  // namespace runbook::cel
