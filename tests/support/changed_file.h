// One file with another text than it has, beside the others as they are: what a test has cut or broken.
#pragma once
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "runbook/read_runbook.h"

namespace runbook::tests {

inline std::string text_of_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

class ChangedFile : public Files {
 public:
  ChangedFile(std::string path, std::string text) : path_(std::move(path)), text_(std::move(text)) {}
  Result<std::string, std::string> read(const std::string& path) const override {
    if (path == path_) return text_;
    if (!std::filesystem::exists(path)) return failure("there is no file " + path);
    return text_of_file(path);
  }

 private:
  std::string path_, text_;
};

}  // namespace runbook::tests
