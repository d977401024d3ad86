// A state directory for one test, and rows to put into it.
#pragma once
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <stdexcept>

#include "store/store.h"

class Scratch {
 public:
  Scratch() {
    std::string name = (std::filesystem::temp_directory_path() / "runbook-test-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("mkdtemp");
    path_ = name;
  }
  Scratch(const Scratch&) = delete;
  ~Scratch() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  std::string path() const { return path_; }
  std::string state() const { return path_ + "/state"; }
  std::unique_ptr<runbook::Store> open(const std::string& made = "sqlite",
                                       runbook::Access access = runbook::Access::write) const {
    if (made == "memory") return runbook::make_memory_store();
    auto store = runbook::open_sqlite_store(state(), access);
    if (!store) throw std::runtime_error(store.error().what);
    return std::move(*store);
  }

 private:
  std::string path_;
};

inline runbook::RunId run(std::string_view name) { return runbook::RunId::parse(name).value(); }
inline runbook::Instant at(int second) { return runbook::Instant(std::chrono::seconds(1'800'000'000 + second)); }

inline std::vector<runbook::Row> rows(std::uint64_t first, std::uint64_t last) {
  std::vector<runbook::Row> out;
  for (auto seq = first; seq <= last; ++seq)
    out.push_back({seq, at(static_cast<int>(seq)), "noted", "{\"n\":" + std::to_string(seq) + "}"});
  return out;
}

inline runbook::NewRun new_run(std::string_view name, std::vector<std::string> locks = {}) {
  return {{run(name), "book", "title of " + std::string(name), "/x/book.yaml", "d1", at(0), "running", false, 0},
          std::string("snap\0shot", 9),
          std::move(locks),
          {}};
}
