// Valid runbooks with one thing changed: a key removed, renamed, duplicated, moved; a value retyped, replaced.
#pragma once
#include <random>
#include <string>

#include "yaml/document.h"

namespace runbook::tests {

struct Mutant {
  std::string what;  // "key removed: title"
  std::string text;  // YAML, in one line
};

// What is drawn is the same for the same state of `random`.
Mutant mutate(yaml::Node runbook, std::mt19937& random);
// The tree as YAML again: flow style, texts in double quotes unless they are plain words.
std::string written(const yaml::Node& node);

}  // namespace runbook::tests
