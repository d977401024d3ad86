// A YAML map read by the table of keys: what is unknown or misplaced is refused at once, by name.
#pragma once
#include <cstdint>

#include "runbook/action_kind.h"
#include "runbook/keys.h"
#include "runbook/unread.h"
#include "yaml/document.h"

namespace runbook {

using Kinds = std::span<const ActionKind* const>;

const ActionKind* find_kind(Kinds kinds, std::string_view name);
// What a map of this place needs and has not.
Diagnostic missing_key(Place at, Where where, std::string_view key);
// May an action stand in such a map?
bool takes_action(Where where);

// The keys of a map that were refused, and what they were meant to be.
class RefusedKeys {
 public:
  void meant(std::string_view key);
  void unclear(Where where);  // it may be any key that is not there
  // A key that is not there may have been written as one of them: that it is missing goes without saying.
  bool may_be(std::string_view key) const;
  Unread parts() const { return parts_; }

 private:
  std::vector<std::string> keys_;
  bool any_ = false;
  Unread parts_;
};

class KeyedMap {
 public:
  KeyedMap(const yaml::Node& map, Where where, Kinds kinds, Diagnostics& wrong);

  // The value, or nothing. The key must be in the table for this place: the table is the only list of keys.
  const yaml::Node* find(std::string_view key) const;
  Place place_of(std::string_view key) const;  // of the key, or of the map
  bool lacks(std::string_view key) const { return find(key) == nullptr && !refused_.may_be(key); }
  const RefusedKeys& refused() const { return refused_; }
  const yaml::Node& node() const { return map_; }

 private:
  const yaml::Node& map_;
  Where where_;
  std::uint64_t marks_ = 0;   // of its keys: a reader asks for each key that there is, and nearly all answers are no
  bool has_foreign_ = false;  // keys that are known elsewhere, or nowhere
  RefusedKeys refused_;
};

}  // namespace runbook
