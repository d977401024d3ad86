#include "drive/snapshot.h"

#include <filesystem>
#include <fstream>

#include "base/json.h"
#include "base/safe_file.h"

namespace runbook {
namespace {

// Of files that were read before: whatever `--limit` said then.
constexpr yaml::Limits read_before{64U << 20U, 100'000'000, 400};

template <class Map>
Value texts(const Map& map) {
  Value::Map out;
  for (const auto& [name, text] : map) out.emplace(name, text);
  return out;
}

template <class Map>
void take_texts(const Value* value, Map& out) {
  if (!value || !value->map()) return;
  for (const auto& [name, text] : *value->map())
    if (name.string() && text.string()) out.emplace(*name.string(), *text.string());
}

// Only what the files name: the rest of the caller's environment is nobody's business.
std::map<std::string, std::string, std::less<>> declared(const Runbook& book, const Inputs& inputs) {
  std::map<std::string, std::string, std::less<>> out;
  for (const auto& unit : book.units)
    for (const auto& [name, at] : unit.requires_.env)
      if (const auto found = inputs.environment.find(name); found != inputs.environment.end()) out.insert(*found);
  return out;
}

}  // namespace

namespace {

Value expansions_value(const Expansions& expanded) {
  Value::Map out;
  for (const auto& [path, elements] : expanded) {
    Value::List list;
    for (const auto& element : elements) list.emplace_back(Value::Map{{"key", element.key}, {"item", element.item}});
    out.emplace(path, std::move(list));
  }
  return out;
}

void take_expansions(const Value* value, Expansions& out) {
  if (!value) return;
  for (const auto& [path, list] : to_record(unpack(*value)))
    if (list.list())
      for (const auto& one : *list.list())
        if (const auto* key = one.find("key"), *item = one.find("item"); key && item) out[path].push_back({to_text(*key), *item});
}

}  // namespace

std::string encode_snapshot(const Snapshot& s) {
  Value::List undo_steps;
  for (const auto& step : s.undo_steps) undo_steps.push_back(step);
  return to_json(Value::Map{{"version", 1},
                            {"path", s.inputs.path},
                            {"shown", s.inputs.shown},
                            {"variables", texts(s.inputs.variables)},
                            {"environment", texts(s.inputs.environment)},
                            {"strict", s.inputs.strict},
                            {"files", texts(s.files)},
                            {"salt", s.inherited.salt},
                            {"inherited", texts(s.inherited.digests)},
                            {"undoes", s.undoes},
                            {"undo_steps", undo_steps},
                            {"recorded", pack(texts(s.recorded))},
                            {"expanded", pack(expansions_value(s.expanded))}});
}

Result<Snapshot, std::string> decode_snapshot(std::string_view bytes) {
  const auto value = parse_json(bytes);
  if (!value || !value->map()) return failure(std::string("the run's snapshot is damaged"));
  Snapshot s;
  const auto text = [&](const char* name) {
    const auto* found = value->find(name);
    return found && found->string() ? *found->string() : std::string();
  };
  s.inputs.path = text("path");
  s.inputs.shown = text("shown");
  take_texts(value->find("variables"), s.inputs.variables);
  take_texts(value->find("environment"), s.inputs.environment);
  if (const auto* strict = value->find("strict")) s.inputs.strict = *strict == Value(true);
  take_texts(value->find("files"), s.files);
  s.inputs.limits = read_before;
  s.inherited.salt = text("salt");
  if (const auto* digests = value->find("inherited")) take_texts(digests, s.inherited.digests);
  s.undoes = text("undoes");
  if (const auto* steps = value->find("undo_steps"); steps && steps->list())
    for (const auto& step : *steps->list()) s.undo_steps.push_back(to_text(step));
  if (const auto* recorded = value->find("recorded"))
    for (const auto& [name, member] : to_record(unpack(*recorded))) s.recorded.emplace(name, member);
  take_expansions(value->find("expanded"), s.expanded);
  if (s.inputs.path.empty() || s.files.empty()) return failure(std::string("the run's snapshot is damaged"));
  return s;
}

Result<std::string, std::string> DiskFiles::read(const std::string& path) const {
  std::error_code error;
  if (const auto size = std::filesystem::file_size(path, error); error || size <= most_) return read_file(path, most_);
  std::ifstream file(path, std::ios::binary);
  std::string beginning(most_ + 1, '\0');
  if (!file.read(beginning.data(), static_cast<std::streamsize>(beginning.size())))
    return failure("cannot read " + path + " as a whole: it changes");
  return beginning;
}

Result<std::string, std::string> KeptFiles::read(const std::string& path) const {
  const auto found = files_.find(path);
  if (found == files_.end()) return failure("the run's snapshot does not hold " + path);
  return found->second;
}

namespace {

// `make` plans what was read; of a runbook with errors it finds what else is wrong.
template <class Make>
Reviewed plan_of(const Inputs& inputs, const Files& files, std::span<const ActionKind* const> kinds, const Make& make) {
  Reading reading = read_runbook(inputs, files, kinds);
  Reviewed out{{}, {}, reading.sources, std::move(reading.diagnostics)};
  auto& book = reading.runbook ? reading.runbook : reading.readable;
  if (!book) return out;
  const auto environment = declared(*book, inputs);
  Planning planning = make(std::move(*book), environment);
  out.plan = std::move(planning.plan);
  out.readable = std::move(planning.readable);
  if (planning.diagnostics.empty()) return out;
  out.diagnostics.insert(out.diagnostics.end(), planning.diagnostics.begin(), planning.diagnostics.end());
  in_order(out.diagnostics);
  return out;
}

}  // namespace

Reviewed review(const Inputs& inputs, const Files& files, std::span<const ActionKind* const> kinds, Digest digest) {
  return plan_of(inputs, files, kinds,
                 [&](Runbook book, const auto& environment) { return make_plan(std::move(book), environment, digest); });
}

Reviewed review(const Snapshot& snapshot, std::span<const ActionKind* const> kinds) {
  const KeptFiles files(snapshot.files);
  if (snapshot.undoes.empty()) return review(snapshot.inputs, files, kinds);
  return plan_of(snapshot.inputs, files, kinds, [&](Runbook book, const auto& environment) {
    return make_undo_plan(std::move(book), environment, snapshot.undo_steps, snapshot.recorded, snapshot.expanded);
  });
}

Snapshot snapshot_of(const Inputs& inputs, const Plan& plan) {
  Snapshot s;
  s.inputs = inputs;
  s.inputs.environment = plan.environment;
  s.inherited = digest_environment(inputs.environment, plan.environment);
  for (const auto& source : plan.runbook.sources) s.files.emplace(source.path, source.text);
  return s;
}

}  // namespace runbook
