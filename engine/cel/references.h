// Which names of its scope an expression reads.
#pragma once
#include <optional>
#include <vector>

#include "cel/expression.h"
#include "cel/node.h"

namespace runbook::cel {

// `a.b["c"]` as a path; nothing when it does not begin with a name of the scope.
std::optional<Reference> path_of(const Node& node);
std::vector<Reference> collect_references(const Node& root);

}  // namespace runbook::cel
