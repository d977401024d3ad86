// Files that a test holds in memory, below the folder /books.
#pragma once
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <map>
#include <string>

#include "action/kinds.h"
#include "runbook/read_runbook.h"

namespace runbook::testing {

class MemoryFiles : public Files {
 public:
  void add(const std::string& name, std::string text) { texts_.insert_or_assign("/books/" + name, std::move(text)); }
  Result<std::string, std::string> read(const std::string& path) const override {
    const auto found = texts_.find(path);
    if (found == texts_.end()) return failure("there is no file " + path);
    return found->second;
  }

 private:
  std::map<std::string, std::string> texts_;
};

inline MemoryFiles files_in(std::initializer_list<std::pair<std::string, std::string>> texts) {
  MemoryFiles files;
  for (const auto& [name, text] : texts) files.add(name, text);
  return files;
}

inline Inputs inputs_of(const std::string& name) {
  Inputs inputs;
  inputs.path = "/books/" + name;
  inputs.shown = name;
  return inputs;
}

// Everything wrong, rendered.
inline std::string rendered(const Diagnostics& all, const Sources& sources) {
  std::string out;
  for (const auto& one : all) out += render(one, sources, {});
  return out;
}

// With KEEP_VALID naming a folder, the files of a valid runbook are kept there: tests/schema holds them against the schema.
inline void keep_valid(const Sources& sources) {
  static int count = 0;
  const char* folder = std::getenv("KEEP_VALID");
  if (folder == nullptr) return;
  for (const auto& source : sources) {
    const auto name = std::to_string(::getpid()) + "-" + std::to_string(count++) + ".yaml";
    std::ofstream(std::string(folder) + "/" + name, std::ios::binary) << source.text.view();
  }
}

}  // namespace runbook::testing
