// The files of one runbook: each read, parsed and declared once; what a file uses is found and loaded with it.
#pragma once
#include <deque>

#include "runbook/declarations.h"
#include "runbook/read_runbook.h"

namespace runbook {

class FileSet {
 public:
  FileSet(const Inputs& inputs, const Files& files, Kinds kinds, Diagnostics& wrong)
      : inputs_(inputs),
        files_(files),
        kinds_(kinds),
        wrong_(wrong) {}

  // Nothing: complained about, at `asked_for` (nowhere for the file that the operator named).
  const SourceDocument* load(const std::string& path, const std::string& shown, Place asked_for);
  // The document that a `use` names.
  const SourceDocument* used(const SourceDocument& by, const yaml::Node& use);
  const Sources& sources() const { return sources_; }
  Sources& sources() { return sources_; }

 private:
  struct Entry {
    std::string path;
    const SourceDocument* document = nullptr;
    bool is_loading = false;
  };

  void adopt(SourceDocument& document);
  void adopt_from(SourceDocument& document, const yaml::Node& use);
  bool check_top(SourceDocument& document);

  const Inputs& inputs_;
  const Files& files_;
  Kinds kinds_;
  Diagnostics& wrong_;
  Sources sources_;
  std::deque<SourceDocument> documents_;
  std::deque<Entry> entries_;
};

// The file that a `use` value names: a text, or {file, vars}.
const yaml::Node* used_file(const yaml::Node& use);
const yaml::Node* passed_values(const yaml::Node& use);

}  // namespace runbook
