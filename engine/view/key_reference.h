// The reference of the language, made from the tables of keys: as parts, and drawn for a terminal or in Markdown.
#pragma once
#include <span>
#include <string>
#include <vector>

#include "runbook/action_kind.h"
#include "view/style.h"

namespace runbook {

// A place of the language, a kind of step, or one key.
struct ReferencePart {
  std::string heading;
  std::vector<std::string> above;              // sentences
  std::vector<std::vector<std::string>> rows;  // key, value, what it is; of one key: label, text
  std::vector<std::string> below;
};
// Every key: described where it first may stand, named where it also may.
std::vector<ReferencePart> key_reference(std::span<const ActionKind* const> kinds, Language language);
// One key, or one kind of step, with the places where it may stand, its default and an example. Empty: there is none.
std::vector<ReferencePart> key_reference(std::span<const ActionKind* const> kinds, std::string_view name, Language language);

std::string reference_text(const std::vector<ReferencePart>& parts, const Style& style);
std::string reference_markdown(const std::vector<ReferencePart>& parts);

// Keys and kinds, each once, in the order of the reference.
std::vector<std::string> reference_names(std::span<const ActionKind* const> kinds);

}  // namespace runbook
