// The store's contract without a disk: for plans, checks and tests.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <map>

#include "store/store.h"

namespace runbook {
namespace {

using Kind = StoreError::Kind;

struct Run {
  RunRow row;
  std::vector<std::string> snapshots;
  std::uint64_t epoch = 0;
  std::vector<Row> rows;
  std::vector<RequestRow> requests;
};

class MemoryStore final : public Store {
 public:
  Stored<void> create(const NewRun& made, std::span<const Row> rows) override {
    if (find(made.row.id) != nullptr)
      return failure(StoreError{Kind::refused, "there is a run " + made.row.id.text() + " already", {}});
    for (const auto& name : made.locks) {
      const auto held = locks_.find(name);
      if (held != locks_.end() && held->second != made.locks_from)
        return failure(StoreError{Kind::lock_taken, fmt::format("the lock {} is held by run {}", name, held->second.text()),
                                  Owner{held->second.text(), 0, "", "", false}});
    }
    if (auto refused = ascending(made.row.id, 0, rows); !refused) return refused;
    for (const auto& name : made.locks) locks_.insert_or_assign(name, made.row.id);
    runs_.push_back({made.row, {made.snapshot}, 0, {rows.begin(), rows.end()}, {}});
    runs_.back().row.events = rows.size();
    return {};
  }

  Stored<Lease> attach(const RunId& id) override {
    auto* run = find(id);
    if (run == nullptr) return failure(missing(id));
    return Lease{id, ++run->epoch, false};
  }

  Stored<void> append(const Lease& lease, const Batch& batch) override {
    auto* run = find(lease.run);
    if (run == nullptr) return failure(missing(lease.run));
    if (run->epoch != lease.epoch)
      return failure(StoreError{Kind::lost_lease, fmt::format("another engine has taken over run {}", lease.run.text()), {}});
    if (auto refused = ascending(lease.run, run->rows.empty() ? 0 : run->rows.back().seq, batch.rows); !refused) return refused;
    run->rows.insert(run->rows.end(), batch.rows.begin(), batch.rows.end());
    run->row.events = run->rows.size();
    for (const auto id : batch.answered)
      run->requests.erase(std::remove_if(run->requests.begin(), run->requests.end(), [&](const auto& r) { return r.id == id; }),
                          run->requests.end());
    if (batch.status) run->row.status = *batch.status;
    if (batch.resnapshot) {
      run->row.title = batch.resnapshot->title;
      run->row.file = batch.resnapshot->file;
      run->row.digest = batch.resnapshot->digest;
      run->snapshots.push_back(batch.resnapshot->snapshot);
    }
    if (batch.closes) {
      run->row.closed = true;
      for (auto held = locks_.begin(); held != locks_.end();)
        held = held->second == lease.run ? locks_.erase(held) : std::next(held);
    }
    return {};
  }

  Stored<std::vector<Row>> read(const RunId& id, std::uint64_t after) const override {
    const auto* run = find(id);
    if (run == nullptr) return failure(missing(id));
    std::vector<Row> out;
    std::copy_if(run->rows.begin(), run->rows.end(), std::back_inserter(out), [&](const Row& row) { return row.seq > after; });
    return out;
  }

  Stored<std::vector<std::string>> snapshots(const RunId& id) const override {
    const auto* run = find(id);
    if (run == nullptr) return failure(missing(id));
    return run->snapshots;
  }

  Stored<std::vector<RunRow>> runs() const override {
    std::vector<RunRow> out;
    for (auto run = runs_.rbegin(); run != runs_.rend(); ++run) out.push_back(run->row);
    return out;
  }

  Stored<void> submit(const RunId& id, Instant filed, std::string body) override {
    auto* run = find(id);
    if (run == nullptr) return failure(missing(id));
    run->requests.push_back({++last_request_, filed, static_cast<std::int64_t>(::geteuid()), std::move(body)});
    return {};
  }

  Stored<std::vector<RequestRow>> requests(const RunId& id) const override {
    const auto* run = find(id);
    if (run == nullptr) return failure(missing(id));
    return run->requests;
  }

  int news() const override { return -1; }
  void forget_news() override {}
  Stored<Descriptor> run_directory(const RunId& id) const override {
    if (find(id) == nullptr) return failure(missing(id));
    return Descriptor();
  }
  std::string run_directory_path(const RunId&) const override { return ""; }

  Stored<std::vector<std::pair<std::string, RunId>>> locks() const override {
    return std::vector<std::pair<std::string, RunId>>(locks_.begin(), locks_.end());
  }

 private:
  static Stored<void> ascending(const RunId& id, std::uint64_t last, std::span<const Row> rows) {
    for (const auto& row : rows) {
      if (row.seq <= last)
        return failure(StoreError{Kind::refused, fmt::format("event {} of run {} is stored already", row.seq, id.text()), {}});
      last = row.seq;
    }
    return {};
  }
  static StoreError missing(const RunId& id) { return {Kind::no_such_run, "there is no run " + id.text(), {}}; }
  Run* find(const RunId& id) { return const_cast<Run*>(std::as_const(*this).find(id)); }
  const Run* find(const RunId& id) const {
    const auto run = std::find_if(runs_.begin(), runs_.end(), [&](const Run& r) { return r.row.id == id; });
    return run == runs_.end() ? nullptr : &*run;
  }

  std::vector<Run> runs_;  // in order of creation
  std::map<std::string, RunId> locks_;
  RequestId last_request_ = 0;
};

}  // namespace

std::unique_ptr<Store> make_memory_store() { return std::make_unique<MemoryStore>(); }

}  // namespace runbook
