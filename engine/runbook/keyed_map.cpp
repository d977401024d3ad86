#include "runbook/keyed_map.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/edit_distance.h"
#include "base/invariant.h"
#include "runbook/messages.h"
#include "runbook/value_reader.h"

namespace runbook {
namespace {

Phrase joined(const std::vector<Where>& places) {
  std::string en, ko;
  for (const Where place : places) {
    const Phrase name = where_name(place);
    en += (en.empty() ? "" : ", ") + name.en;
    ko += (ko.empty() ? "" : ", ") + name.ko;
  }
  return {en, ko};
}

// "`ssh: { }`": where the key stands one level deeper; empty: nowhere.
std::string kinds_with(std::string_view key, Kinds kinds) {
  std::string out;
  for (const auto* kind : kinds)
    if (std::any_of(kind->keys.begin(), kind->keys.end(), [&](const KeyRow& row) { return row.name == key; }))
      out += (out.empty() ? "" : ", ") + fmt::format("`{}: {{ }}`", kind->name);
  return out;
}

Diagnostic unknown(const yaml::Scalar& key, Where where, Kinds kinds, RefusedKeys& refused) {
  const std::string_view shown = one_line(key.text);
  const auto places = places_of(key.text);
  const bool is_kind = find_kind(kinds, key.text) != nullptr;
  if (!places.empty() || is_kind) {
    const Phrase here = where_name(where);
    auto misplaced = diagnose(messages::misplaced_key, whole(key), shown, here.en);
    misplaced.text.ko = fmt::format(fmt::runtime(messages::misplaced_key.ko), shown, here.ko);
    const Phrase there = places.empty() ? where_name(Where::step) : joined(places);
    misplaced.help = phrase("it belongs to: {}", "쓸 수 있는 곳: {}", there.en);
    misplaced.help.ko = fmt::format("쓸 수 있는 곳: {}", there.ko);
    refused.meant(is_kind ? "action" : key.text);
    return misplaced;
  }
  auto known = key_names(where);
  if (takes_action(where))
    for (const auto* kind : kinds) known.emplace_back(kind->name);
  auto complaint = diagnose(messages::unknown_key, whole(key), shown);
  const std::string_view familiar = familiar_name(key.text);
  const bool familiar_here =
      find_key(familiar, where) != nullptr || (takes_action(where) && find_kind(kinds, familiar) != nullptr);
  const auto near = familiar_here ? std::string(familiar) : nearest(key.text, known);
  if (const auto inside = takes_action(where) && !familiar_here ? kinds_with(key.text, kinds) : std::string(); !inside.empty()) {
    complaint.help = phrase("it belongs into {}", "다음 안에 씁니다: {}", inside);
    refused.meant("action");
    return complaint;
  }
  if (familiar_here) complaint.help = phrase("here it is called `{}`", "여기서는 `{}` (이)라고 합니다", familiar);
  else if (near) complaint.help = phrase("did you mean `{}`?", "`{}` 입니까?", *near);
  else complaint.help = phrase("known here: {}", "여기에 쓸 수 있는 키: {}", fmt::format("{}", fmt::join(known, ", ")));
  if (near) refused.meant(find_kind(kinds, *near) != nullptr ? "action" : *near);
  else refused.unclear(where);
  return complaint;
}

// A bit that is set for a key, and for few others.
std::uint64_t mark_of(std::string_view key) {
  return key.empty() ? 1 : std::uint64_t{1} << ((key.size() * 7 + static_cast<unsigned char>(key[0])) % 64);
}

}  // namespace

void RefusedKeys::meant(std::string_view key) {
  keys_.emplace_back(key);
  parts_.add(part_of(key));
}

void RefusedKeys::unclear(Where where) {
  any_ = true;
  parts_.add(where == Where::top ? Unread::everything() : Unread::everything_of_a_step());
}

bool RefusedKeys::may_be(std::string_view key) const { return any_ || std::find(keys_.begin(), keys_.end(), key) != keys_.end(); }

Part part_of(std::string_view key) {
  struct Row {
    std::string_view key;
    Part part;
  };
  static constexpr std::array<Row, 13> rows{{{"id", Part::id},
                                             {"needs", Part::needs},
                                             {"for_each", Part::for_each},
                                             {"action", Part::action},
                                             {"steps", Part::action},
                                             {"use", Part::action},
                                             {"outputs", Part::outputs},
                                             {"vars", Part::variables},
                                             {"secrets", Part::secrets},
                                             {"connections", Part::connections},
                                             {"env", Part::environment},
                                             {"requires", Part::environment},
                                             {"cwd", Part::folder}}};
  const auto row = std::find_if(rows.begin(), rows.end(), [&](const Row& one) { return one.key == key; });
  return row == rows.end() ? Part::rest : row->part;
}

const ActionKind* find_kind(Kinds kinds, std::string_view name) {
  for (const auto* kind : kinds)
    if (kind->name == name) return kind;
  return nullptr;
}

Diagnostic missing_key(Place at, Where where, std::string_view key) {
  const Phrase here = where_name(where);
  auto d = diagnose(messages::missing_key, at, here.en, key);
  d.text.ko = fmt::format(fmt::runtime(messages::missing_key.ko), here.ko, key);
  return d;
}

bool takes_action(Where where) {
  switch (where) {
    case Where::step:
    case Where::precondition:
    case Where::criterion:
    case Where::guard:
    case Where::baseline:
    case Where::watch:
    case Where::probe:
    case Where::undo:
    case Where::candidates: return true;
    default: return false;
  }
}

KeyedMap::KeyedMap(const yaml::Node& map, Where where, Kinds kinds, Diagnostics& wrong) : map_(map), where_(where) {
  constexpr std::size_t enough = 1000;  // of errors: nobody reads more, and each costs a search for the key that was meant
  for (const auto& entry : map.entries) marks_ |= mark_of(entry.key.text);
  for (const auto& [key, value] : map.entries) {
    if (wrong.size() >= enough) {
      has_foreign_ = true;
      refused_.unclear(where);
      return;
    }
    if (find_key(key.text, where) != nullptr) continue;
    // An action in a group is the second of two: its reader says so.
    if ((takes_action(where) || where == Where::group) && find_kind(kinds, key.text) != nullptr) continue;
    has_foreign_ = true;
    wrong.push_back(unknown(key, where, kinds, refused_));
  }
}

const yaml::Node* KeyedMap::find(std::string_view key) const {
  if ((marks_ & mark_of(key)) == 0) return nullptr;
  const auto* found = map_.find(key);
  if (found != nullptr && has_foreign_ && find_key(key, where_) == nullptr) return nullptr;  // known elsewhere, and refused here
  return found;
}

Place KeyedMap::place_of(std::string_view key) const {
  const auto* found = map_.key(key);
  return found != nullptr ? whole(*found) : map_.at;
}

}  // namespace runbook
