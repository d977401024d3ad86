#include "runbook/read_runbook.h"

#include <algorithm>
#include <filesystem>

#include "runbook/channels.h"
#include "runbook/messages.h"
#include "runbook/step_reader.h"
#include "runbook/unit_maker.h"

namespace runbook {
namespace {

using Kind = yaml::Node::Kind;

// A file that uses two that use two ...: what is spliced in counts each time.
constexpr std::size_t most_units = 256;

// Nobody reads more, and what is marked because of so many errors leaves nothing to look further at.
constexpr std::size_t enough = 200;

class RunbookReader {
 public:
  RunbookReader(const Inputs& inputs, const Files& files, Kinds kinds)
      : inputs_(inputs),
        kinds_(kinds),
        files_(inputs, files, kinds, reading_.diagnostics),
        units_(inputs, reading_.diagnostics) {}

  Reading read() {
    if (const auto* main = files_.load(inputs_.path, inputs_.shown, {})) read_main(*main);
    reading_.sources = files_.sources();
    book_.sources = files_.sources();
    in_order(reading_.diagnostics);
    book_.is_sound = !has_errors(reading_.diagnostics);
    const bool is_readable = reading_.diagnostics.size() < enough;
    if (main_ != nullptr && book_.is_sound) reading_.runbook = std::move(book_);
    else if (main_ != nullptr && is_readable) reading_.readable = std::move(book_);
    return std::move(reading_);
  }

 private:
  // One unit while it is read: its values, and what is known before the run.
  struct Open {
    const SourceDocument& document;
    unsigned index;
    ValueReader values;
    bool incomplete;
  };

  Open open(const SourceDocument& document, const Caller& caller) {
    values_ += document.values;
    auto made = units_.make(document, caller);
    const auto index = static_cast<unsigned>(book_.units.size());
    book_.units.push_back(std::move(made.unit));
    if (caller.unit == nullptr) book_.unanswered = std::move(made.unanswered);
    Open out{document, index, ValueReader(reading_.diagnostics), made.incomplete};
    // Through the index: the vector of units grows while they are read.
    out.values.know({[this, index](std::string_view root) { return unit_scope(book_.units[index], inputs_.environment)(root); },
                     [this, index](std::string_view name) {
                       const auto variable = book_.units[index].variables.find(std::string(name));
                       return variable != book_.units[index].variables.end() && variable->second.each.has_value();
                     },
                     made.incomplete,
                     [this, index](const auto& references) { return reads_unread(references, book_.units[index]); }});
    for (const auto& [name, variable] : book_.units[index].variables)
      if (variable.candidates) check_connection(*variable.candidates, book_.units[index], reading_.diagnostics);
    return out;
  }

  void read_main(const SourceDocument& document) {
    main_ = &document;
    book_.units.reserve(most_units);
    Open unit = open(document, {});
    opened_.push_back(&document);
    header(unit);
    const auto& root = document.root;
    book_.is_part = root.find("steps") == nullptr;
    const auto list_of = [&](const char* key, const auto& read) -> std::vector<Step> {
      if (const auto* list = root.find(key)) return read(*list, key);
      if (document.refused.may_be(key)) return {unread_step(unit.index, root.at)};
      return {};
    };
    const auto checks_as = [&](Where where) {
      return [this, &unit, where](const yaml::Node& list, const char* key) { return numbered(checks(unit, list, key, where)); };
    };
    const auto all_steps = [&](const yaml::Node& list, const char* key) { return steps(unit, list, key); };
    book_.preconditions = list_of("preconditions", checks_as(Where::precondition));
    book_.baseline = list_of("baseline", checks_as(Where::baseline));
    book_.watch = list_of("watch", checks_as(Where::watch));
    book_.steps = list_of("steps", all_steps);
    book_.success = list_of("success", checks_as(Where::criterion));
    book_.finally = list_of("finally", all_steps);
    if (const auto* list = root.find("after")) book_.after = follow_ups(unit, *list);
    if (const auto* list = root.find("notify")) book_.notify = read_channels(*list, unit.values, kinds_);
    if (const auto* outputs = root.find("outputs")) book_.outputs = unit.values.expressions(*outputs, "outputs");
  }

  void header(Open& unit) {
    auto& values = unit.values;
    const auto& root = unit.document.root;
    if (const auto* id = root.find("id")) book_.id = file_id(values, *id);
    if (book_.id.empty()) book_.id = std::filesystem::path(unit.document.path).stem().string();
    const auto text = [&](const char* key, Text& into) {
      if (const auto* node = root.find(key)) into = values.text(*node, key).value_or(Text{});
    };
    text("title", book_.title);
    text("description", book_.description);
    text("use_when", book_.use_when);
    text("owner", book_.owner);
    text("approver", book_.approver);
    text("contact", book_.contact);
    text("impact", book_.impact);
    if (const auto* risk = root.find("risk")) book_.risk = values.word(*risk, "risk", "low medium high critical").value_or("");
    if (const auto* expected = root.find("expected")) book_.expected = values.duration_range(*expected, "expected");
    if (const auto* references = root.find("references")) book_.references = values.literals(*references, "references");
    if (const auto* lock = root.find("lock")) {
      if (lock->kind == Kind::sequence) book_.locks = values.texts(*lock, "lock");
      else if (auto one = values.text(*lock, "lock")) book_.locks.push_back(std::move(*one));
    }
    if (const auto* source = root.find("source"); source != nullptr && values.is_map(*source, where_name(Where::source))) {
      const KeyedMap map(*source, Where::source, kinds_, values.wrong());
      if (const auto* document = map.find("document")) book_.source_document = values.literal(*document, "document").value_or("");
      if (const auto* section = map.find("section")) book_.source_section = values.literal(*section, "section").value_or("");
      if (const auto* hash = map.find("hash")) {
        book_.source_hash = values.literal(*hash, "hash").value_or("");
        book_.source_hash_at = whole(*hash);
      }
    }
  }

  static std::string file_id(ValueReader& values, const yaml::Node& node) {
    const auto* text = values.scalar(node, "id");
    return text != nullptr && values.check_file_id(*text, whole(node)) ? *text : "";
  }

  StepReader reader(Open& unit) {
    return StepReader(unit.values, kinds_, book_.units[unit.index], unit.index,
                      {[this, &unit](const yaml::Node& use, bool each) { return used_steps(unit, use, each); },
                       [this, &unit](const yaml::Node& use, std::string_view list) { return used_checks(unit, use, list); }});
  }
  std::vector<Step> steps(Open& unit, const yaml::Node& list, std::string_view key) { return reader(unit).steps(list, key); }
  std::vector<Step> checks(Open& unit, const yaml::Node& list, std::string_view key, Where where) {
    return reader(unit).checks(list, key, where);
  }

  // The used file as a unit of its own, until `close`. Nothing: complained about.
  std::optional<Open> open_used(Open& by, const yaml::Node& use, bool each = false) {
    auto& wrong = reading_.diagnostics;
    bool passes_unread = false;
    if (use.kind == Kind::map) {
      const KeyedMap map(use, Where::use, kinds_, wrong);
      passes_unread = map.refused().may_be("vars");
      if (map.lacks("file")) wrong.push_back(diagnose(messages::missing_key, use.at, "`use`", "file"));
      if (map.find("file") == nullptr) return {};
    }
    const auto name = by.values.literal(*used_file(use), "use");
    if (!name) return {};
    if (name->empty()) {
      wrong.push_back(diagnose(messages::empty_text, used_file(use)->at, "use"));
      return {};
    }
    const auto* document = files_.used(by.document, use);
    if (document == nullptr) return {};
    // A circle: complained about when the files were loaded.
    if (std::find(opened_.begin(), opened_.end(), document) != opened_.end()) return {};
    if (book_.units.size() >= most_units) {
      wrong.push_back(diagnose(messages::too_many_files, whole(*used_file(use)), most_units));
      return {};
    }
    if (values_ + document->values > most_values()) {
      wrong.push_back(diagnose(messages::too_many_values, whole(*used_file(use)), most_values()));
      return {};
    }
    opened_.push_back(document);
    const auto* passed = passed_values(use);
    const bool is_unread = passes_unread || (passed != nullptr && passed->kind != Kind::map);
    return open(*document, {&book_.units[by.index], by.index, passed, whole(*used_file(use)), by.incomplete, each, is_unread});
  }
  void close() { opened_.pop_back(); }
  // Of all units: some large files are used twice, a bomb is used often.
  std::size_t most_values() const { return inputs_.limits.nodes * 5 / 2; }

  const yaml::Node* list_of(const Open& unit, const yaml::Node& use, std::string_view list) {
    const auto* found = unit.document.root.find(list);
    if (found == nullptr)
      reading_.diagnostics.push_back(
          diagnose(messages::no_such_list, whole(*used_file(use)), files_.sources()[unit.document.file].name, list));
    return found;
  }

  std::optional<UsedSteps> used_steps(Open& by, const yaml::Node& use, bool each) {
    auto unit = open_used(by, use, each);
    if (!unit) return {};
    auto out = steps_of(*unit, use);
    close();
    return out;
  }
  std::optional<UsedSteps> steps_of(Open& used, const yaml::Node& use) {
    Open* const unit = &used;
    const auto* list = list_of(*unit, use, "steps");
    if (list == nullptr) return {};
    UsedSteps out;
    out.unit = unit->index;
    const auto& root = unit->document.root;
    // Its title is shown among the caller's steps, whose names it does not know.
    if (const auto* title = root.find("title"))
      if (const auto text = unit->values.text(*title, "title"))
        out.title = Text{cel::Template::literal(cel::preview(text->text, unit->values.known().scope)), text->map};
    out.steps = steps(*unit, *list, "steps");
    if (const auto* outputs = root.find("outputs")) out.outputs = unit->values.expressions(*outputs, "outputs");
    for (const char* key : {"lock", "finally"})
      if (root.find(key) != nullptr) {
        const auto& file = files_.sources()[unit->document.file].name;
        reading_.diagnostics.push_back(
            diagnose(messages::not_taken, whole(*used_file(use)), key, file)
                .helped(phrase("write it in the file that uses {}", "{} 를 쓰는 파일에 적으십시오", file)));
      }
    return out;
  }

  std::vector<Step> used_checks(Open& by, const yaml::Node& use, std::string_view list) {
    auto unit = open_used(by, use);
    if (!unit) return {unread_step(by.index, whole(use))};
    std::vector<Step> out{unread_step(by.index, whole(use))};
    if (const auto* found = list_of(*unit, use, list))
      out = checks(*unit, *found, list,
                   list == "success"    ? Where::criterion
                   : list == "baseline" ? Where::baseline
                   : list == "watch"    ? Where::watch
                                        : Where::precondition);
    close();
    return out;
  }

  std::vector<FollowUp> follow_ups(Open& unit, const yaml::Node& list) {
    std::vector<FollowUp> out;
    if (!unit.values.is_list(list, "after")) return out;
    for (const auto& node : list.items) {
      FollowUp one;
      one.unit = unit.index;
      if (node.kind != Kind::map) {
        if (auto text = unit.values.text(node, "after")) {
          one.title = std::move(*text);
          out.push_back(std::move(one));
        }
        continue;
      }
      if (node.entries.size() == 1 && find_key(node.entries[0].key.text, Where::follow_up) == nullptr) {
        reading_.diagnostics.push_back(
            diagnose(messages::map_for_text, whole(node.entries[0].key), "after")
                .helped(phrase("`: ` makes a map: quote the sentence", "`: ` 는 맵이 됩니다: 문장을 따옴표로 싸십시오")));
        continue;
      }
      const KeyedMap map(node, Where::follow_up, kinds_, reading_.diagnostics);
      if (const auto* use = map.find("use")) {
        auto used = open_used(unit, *use);
        if (!used) continue;
        if (const auto* theirs = list_of(*used, *use, "after")) {
          auto more = follow_ups(*used, *theirs);
          std::move(more.begin(), more.end(), std::back_inserter(out));
        }
        close();
        continue;
      }
      if (const auto* title = map.find("title")) one.title = unit.values.text(*title, "title").value_or(Text{});
      if (const auto* items = map.find("items")) one.items = unit.values.texts(*items, "items");
      if (map.find("title") == nullptr && map.find("items") == nullptr)
        reading_.diagnostics.push_back(missing_key(node.at, Where::follow_up, "title"));
      if (!one.title.text.text().empty() || !one.items.empty()) out.push_back(std::move(one));
    }
    return out;
  }

  const Inputs& inputs_;
  Kinds kinds_;
  Reading reading_;
  FileSet files_;
  UnitMaker units_;
  Runbook book_;
  const SourceDocument* main_ = nullptr;
  std::vector<const SourceDocument*> opened_;  // the file that is read, and those that use it
  std::size_t values_ = 0;                     // of all units
};

}  // namespace

void in_order(Diagnostics& all) {
  const auto place = [](const Diagnostic& d) { return std::tie(d.at.file, d.at.line, d.at.column); };
  std::stable_sort(all.begin(), all.end(), [&](const Diagnostic& a, const Diagnostic& b) { return place(a) < place(b); });
  Diagnostics once;
  for (auto& one : all) {
    const auto same_place =
        std::find_if(once.rbegin(), once.rend(), [&](const Diagnostic& d) { return place(d) != place(one); }).base();
    const auto is_said = [&](const Diagnostic& d) { return d.code == one.code && d.text == one.text; };
    if (std::none_of(same_place, once.end(), is_said)) once.push_back(std::move(one));
  }
  all = std::move(once);
}

Reading read_runbook(const Inputs& inputs, const Files& files, std::span<const ActionKind* const> kinds) {
  return RunbookReader(inputs, files, kinds).read();
}

}  // namespace runbook
