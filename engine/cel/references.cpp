#include "cel/references.h"

#include <algorithm>

namespace runbook::cel {
namespace {

const std::string* constant_key(const Node& node) {
  return node.kind == Node::Kind::index && node.children[1]->kind == Node::Kind::literal ? node.children[1]->value.string()
                                                                                         : nullptr;
}

void collect(const Node& node, std::vector<Reference>& all) {
  if (auto path = path_of(node)) {
    if (path->path.size() > 1 || !is_type_name(path->path[0])) all.push_back(std::move(*path));
    return;
  }
  for (const auto& child : node.children)
    if (child) collect(*child, all);
}

}  // namespace

std::optional<Reference> path_of(const Node& node) {
  if (node.kind == Node::Kind::name) {
    if (node.slot >= 0) return {};
    return Reference{{node.name}, node.offset, node.length, false};
  }
  const bool field = node.kind == Node::Kind::select || node.kind == Node::Kind::has;
  const std::string* key = field ? &node.name : constant_key(node);
  if (!key) return {};
  auto path = path_of(*node.children[0]);
  if (!path) return {};
  path->path.push_back(*key);
  const std::size_t end = node.kind == Node::Kind::has ? node.name_offset + node.name_length : node.offset + node.length;
  path->length = end - path->offset;
  path->only_has = node.kind == Node::Kind::has;
  return path;
}

std::vector<Reference> collect_references(const Node& root) {
  std::vector<Reference> all;
  collect(root, all);
  // A path that is also read outside of has() must exist, wherever it is asked for.
  for (auto& reference : all)
    reference.only_has = reference.only_has && std::none_of(all.begin(), all.end(), [&](const Reference& other) {
                           return !other.only_has && other.path == reference.path;
                         });
  return all;
}

}  // namespace runbook::cel
