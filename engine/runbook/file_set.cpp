#include "runbook/file_set.h"

#include <algorithm>
#include <filesystem>
#include <functional>
#include <set>

#include "runbook/messages.h"

namespace runbook {
namespace {

using Kind = yaml::Node::Kind;
constexpr std::size_t most_files = 100;

bool same(const yaml::Node& a, const yaml::Node& b) {
  if (a.kind != b.kind || a.text != b.text || a.items.size() != b.items.size() || a.entries.size() != b.entries.size())
    return false;
  for (std::size_t i = 0; i < a.items.size(); ++i)
    if (!same(a.items[i], b.items[i])) return false;
  for (const auto& [key, value] : a.entries) {
    const auto* other = b.find(key.text);
    if (other == nullptr || !same(value, *other)) return false;
  }
  return true;
}

std::size_t count(const yaml::Node& node) {
  std::size_t values = 1;
  for (const auto& item : node.items) values += count(item);
  for (const auto& entry : node.entries) values += count(entry.value);
  return values;
}

// Every `use` in a list of steps or checks, also within groups.
void each_use(const yaml::Node& list, const std::function<void(const yaml::Node&)>& visit) {
  if (list.kind != Kind::sequence) return;
  for (const auto& item : list.items) {
    if (item.kind != Kind::map) continue;
    if (const auto* use = item.find("use")) visit(*use);
    if (const auto* steps = item.find("steps")) each_use(*steps, visit);
  }
}

bool names_any_of(const yaml::Node& node, const std::set<std::string>& variables) {
  const auto inside = [&](const yaml::Node& one) { return names_any_of(one, variables); };
  if (std::any_of(node.items.begin(), node.items.end(), inside)) return true;
  if (node.kind != Kind::scalar || node.text.find("${") == std::string::npos) return false;
  const auto text = cel::Template::parse(node.text);
  if (!text) return false;
  const auto references = text->references();
  return std::any_of(references.begin(), references.end(), [&](const cel::Reference& reference) {
    return reference.path.size() > 1 && reference.path[0] == "vars" && variables.contains(reference.path[1]);
  });
}

// Variables of the used file that stay its own: those passed, and those whose defaults are made of them.
std::set<std::string> own_variables(const SourceDocument& used, const yaml::Node* passed) {
  std::set<std::string> own;
  for (const auto& one : used.declared.variables) {
    const auto& name = one.what.variable.name;
    const bool is_passed = passed != nullptr && passed->find(name) != nullptr;
    if (is_passed || (one.what.fallback != nullptr && names_any_of(*one.what.fallback, own))) own.insert(name);
  }
  return own;
}

const std::string& name_of(const DeclaredVariable& one) { return one.variable.name; }
const std::string& name_of(const Secret& one) { return one.name; }
const std::string& name_of(const Connection& one) { return one.name; }
Place place_of(const DeclaredVariable& one) { return one.variable.at; }
Place place_of(const Secret& one) { return one.at; }
Place place_of(const Connection& one) { return one.at; }

// Whether anything was taken over.
template <class T>
bool take_over(std::vector<Declared<T>>& into, const std::vector<Declared<T>>& from, const SourceDocument& document,
               const std::set<std::string>& kept, const char* what, Diagnostics& wrong) {
  bool any = false;
  for (const auto& one : from) {
    if (kept.contains(name_of(one.what))) continue;
    const auto known =
        std::find_if(into.begin(), into.end(), [&](const auto& other) { return name_of(other.what) == name_of(one.what); });
    if (known == into.end()) {
      into.push_back(one);
      any = true;
    } else if (known->from != &document && known->from != one.from && !same(*known->node, *one.node)) {
      wrong.push_back(diagnose(messages::declarations_differ, place_of(one.what), what, name_of(one.what))
                          .noted(place_of(known->what), phrase("the other is here", "다른 하나는 여기에 있습니다"))
                          .helped(phrase("declare it in the file that uses both", "둘을 쓰는 파일에 선언하십시오")));
    }
  }
  return any;
}

}  // namespace

const yaml::Node* used_file(const yaml::Node& use) { return use.kind == Kind::map ? use.find("file") : &use; }
const yaml::Node* passed_values(const yaml::Node& use) { return use.kind == Kind::map ? use.find("vars") : nullptr; }

const SourceDocument* FileSet::load(const std::string& path, const std::string& shown, Place asked_for) {
  for (const auto& entry : entries_) {
    if (entry.path != path) continue;
    if (!entry.is_loading) return entry.document;
    std::string circle;
    for (const auto& loading : entries_)
      if (loading.is_loading) circle += std::filesystem::path(loading.path).filename().string() + " -> ";
    wrong_.push_back(diagnose(messages::use_cycle, asked_for, circle + std::filesystem::path(path).filename().string()));
    return nullptr;
  }
  if (entries_.size() >= most_files) {
    wrong_.push_back(diagnose(messages::too_many_files, asked_for, most_files));
    return nullptr;
  }
  Entry& entry = entries_.emplace_back();
  entry.path = path;
  auto text = files_.read(path);
  if (!text) {
    wrong_.push_back(diagnose(messages::cannot_read, asked_for, text.error()));
    if (sources_.empty()) sources_.push_back({shown, path, ""});
    return nullptr;
  }
  const auto file = static_cast<std::uint16_t>(sources_.size());
  sources_.push_back({shown, path, std::move(*text)});
  auto root = yaml::parse(sources_.back().text, file, inputs_.limits, wrong_);
  if (!root) {
    wrong_.insert(wrong_.end(), root.error().begin(), root.error().end());
    return nullptr;
  }
  SourceDocument& document = documents_.emplace_back();
  document.file = file;
  document.path = path;
  document.folder = std::filesystem::path(path).parent_path().string();
  document.root = std::move(*root);
  document.values = count(document.root);
  entry.is_loading = true;
  if (check_top(document)) {
    ValueReader values(wrong_);
    document.declared = DeclarationReader(document, values, kinds_).read();
    adopt(document);
    entry.document = &document;
  }
  entry.is_loading = false;
  return entry.document;
}

bool FileSet::check_top(SourceDocument& document) {
  ValueReader values(wrong_);
  if (document.root.kind != Kind::map) {
    Place start = document.root.at;
    start.file = document.file;
    auto d = diagnose(messages::not_a_map, start, "a runbook");
    d.text.ko = fmt::format(fmt::runtime(messages::not_a_map.ko), "런북");
    wrong_.push_back(std::move(d).helped(phrase("it begins with `runbook: 1`", "`runbook: 1` 로 시작합니다")));
    return false;
  }
  const auto* version = document.root.find("runbook");
  // Another tool's file: that none of its keys is known goes without saying.
  const bool is_foreign =
      version == nullptr && std::none_of(document.root.entries.begin(), document.root.entries.end(),
                                         [](const auto& entry) { return find_key(entry.key.text, Where::top) != nullptr; });
  if (!is_foreign) document.refused = KeyedMap(document.root, Where::top, kinds_, wrong_).refused();
  if (version == nullptr) {
    wrong_.push_back(missing_key(document.root.at, Where::top, "runbook")
                         .helped(phrase("write `runbook: 1` in the first line", "첫 줄에 `runbook: 1` 을 쓰십시오")));
  } else if (const auto text = values.literal(*version, "runbook"); text && *text != "1") {
    wrong_.push_back(diagnose(messages::bad_version, whole(*version), *text));
  }
  return !is_foreign;
}

const SourceDocument* FileSet::used(const SourceDocument& by, const yaml::Node& use) {
  const auto* file = used_file(use);
  // Complained about where it is read.
  if (file == nullptr || file->kind != Kind::scalar || file->text.empty() || file->text.find("${") != std::string::npos)
    return nullptr;
  const auto shown_by = std::filesystem::path(sources_[by.file].name).parent_path();
  return load(path_in(by.folder, file->text), (shown_by / file->text).lexically_normal().string(), whole(*file));
}

void FileSet::adopt(SourceDocument& document) {
  const auto visit = [&](const yaml::Node& use) { adopt_from(document, use); };
  for (const char* list : {"preconditions", "baseline", "watch", "steps", "success", "finally", "after"})
    if (const auto* node = document.root.find(list)) each_use(*node, visit);
}

void FileSet::adopt_from(SourceDocument& document, const yaml::Node& use) {
  const auto* used_document = used(document, use);
  if (used_document == nullptr) return;
  auto& own = document.declared;
  const auto& theirs = used_document->declared;
  bool adopted =
      take_over(own.variables, theirs.variables, document, own_variables(*used_document, passed_values(use)), "variable", wrong_);
  adopted = take_over(own.secrets, theirs.secrets, document, {}, "secret", wrong_) || adopted;
  adopted = take_over(own.connections, theirs.connections, document, {}, "connection", wrong_) || adopted;
  if (!adopted) return;
  // What is taken over reads the environment that its own file asks for.
  for (const auto& one : theirs.requires_.env)
    if (std::none_of(own.requires_.env.begin(), own.requires_.env.end(),
                     [&](const auto& known) { return known.first == one.first; }))
      own.requires_.env.push_back(one);
}

}  // namespace runbook
