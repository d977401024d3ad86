// One scenario as its author wrote it, typed, with what it uses spliced in and its variables resolved. Not yet a graph.
#pragma once
#include <memory>
#include <optional>
#include <set>

#include "runbook/action_kind.h"
#include "runbook/unread.h"

namespace runbook {

enum class VariableType { string, integer, number, boolean, duration, path, enumeration, list };

struct Action {
  const ActionKind* kind = nullptr;  // nullptr: none (a check that is an expression alone, a group)
  Fields fields;
  Place at;
  bool operator==(const Action&) const = default;
};

struct Variable {
  std::string name;
  Place at;
  VariableType type = VariableType::string;
  Text help, ask;  // ask: the question, when it is not given
  bool required = false;
  std::string pattern;               // RE2, the whole value; empty: any
  std::vector<Value> choices;        // written ones
  std::optional<Action> candidates;  // a read-only action whose output lines are the candidates
  // given: --var, --vars or an answer. passed: by `use: {vars}`. outer: the caller's of the same name. fallback: its default.
  // asked: has a question and no value yet. unset: nothing; using it is an error. unread: its declaration or value was refused.
  enum class Source { given, passed, outer, fallback, asked, unset, unread } source = Source::unset;
  std::optional<Value> value;
  // Passed by a `use` under `for_each`: its value is another one for each element. In the names of the unit that passes it.
  std::optional<Field> each;
  unsigned each_unit = 0;
};

struct Secret {
  std::string name;
  Place at;
  enum class From { env, file, command } from = From::env;
  std::vector<std::string> what;  // a name, a path (absolute), or a command's words
  bool late = false;
};

struct Connection {
  std::string name;
  Place at;
  Fields fields;
  Unread unread;
};

struct Requires {
  std::vector<std::pair<std::string, Place>> env, commands;
};

struct Defaults {
  Duration timeout = std::chrono::minutes(5);
  Duration check_timeout = std::chrono::seconds(10);
  Duration every = std::chrono::seconds(5);
};

// One file's names and settings: the steps of a used file see these, not its caller's.
struct Unit {
  std::uint16_t file = 0;
  std::string cwd;  // absolute
  std::map<std::string, Variable> variables;
  std::map<std::string, Secret> secrets;
  std::map<std::string, Connection> connections;
  std::map<std::string, Text> env;  // `env:`, only sets
  Requires requires_;
  Defaults defaults;
  Unread unread;
};

enum class Changes { unsaid, none, says };
enum class OnFail { stop, go_on };
enum class NoData { fail, ask };

struct Retry {
  Duration every{};
  std::optional<Duration> limit;  // `for`; nothing: once is all (a bare step) or, for criteria, the default of 1m
  bool operator==(const Retry&) const = default;
};

inline constexpr std::int64_t most_elements = 1000;

// `for_each`: the step once for every element.
struct ForEach {
  Field list;  // a Condition, or a list as written
  std::int64_t at_once = 1, max_failures = 0;
};

// Times that are others for each element of a `for_each`, as written: with `${item...}`, or a variable that is passed for each.
struct ElementTimes {
  std::optional<Text> timeout, expected, hold, every, limit;
};

struct Step {
  std::string id;
  Place at;  // of its id
  unsigned unit = 0;
  Unread unread;
  Text title;
  std::optional<std::vector<std::pair<std::string, Place>>> needs;  // nothing: after everything above it
  Boxed<Condition> when;
  Boxed<ForEach> for_each;
  Action action;
  bool is_group = false, is_use = false;
  std::vector<Step> steps;                                 // of a group
  std::vector<std::pair<std::string, Condition>> outputs;  // of a `use`: the used file's declared outputs
  unsigned outputs_unit = 0;                               // of a `use`: whose names they see
  std::vector<Step> preconditions;
  std::vector<Step> rescue;  // done when it has failed
  Boxed<Condition> expect;
  Boxed<Retry> retry;
  std::optional<Duration> hold;
  std::optional<Duration> timeout;  // nothing: the unit's default for its role
  Boxed<DurationRange> expected;
  Boxed<ElementTimes> of_element;  // until the element is known, what stands above is only in its place
  Changes changes = Changes::unsaid;
  Boxed<Text> changes_text;                 // where `changes` says
  std::shared_ptr<const Step> undo, probe;  // each with an action; id empty
  Boxed<Text> confirm, optional_question;
  bool rerun_safe = false;
  bool background_allowed = false;
  OnFail on_fail = OnFail::stop;
  NoData no_data = NoData::fail;
  bool pauses = false;  // of a watch: what runs is left to end
  std::map<std::string, Text> env;
  Boxed<Text> cwd;  // relative to the unit's; resolved when the step starts
};

struct FollowUp {  // `after`
  unsigned unit = 0;
  Text title;
  std::vector<Text> items;  // empty: the title alone is the item
};

// Whoever is told by a webhook what the run waits for and how it ends.
enum class Notice { waiting, failed, in_doubt, finished };
struct Channel {
  enum class Format { slack, json } format = Format::slack;
  Text url;
  std::map<std::string, Text> headers;
  std::set<Notice> tell;
};

struct Runbook {
  std::string id;
  Text title, description, use_when, owner, approver, contact, impact;
  std::string risk;  // low, medium, high, critical or empty
  std::string source_document, source_section, source_hash;
  Place source_hash_at;
  std::vector<std::string> references;
  std::optional<DurationRange> expected;
  std::vector<Text> locks;
  std::vector<Unit> units;  // [0]: the file itself
  std::vector<Step> preconditions, baseline, watch, steps, success, finally;
  std::vector<FollowUp> after;
  std::vector<Channel> notify;
  std::vector<std::pair<std::string, Condition>> outputs;
  Sources sources;       // every file that was read, [0] the one named
  bool is_part = false;  // has no steps: only to be used
  bool is_sound = true;  // nothing in it was refused
  // The file's own variables (also those adopted from used files) that ask and have no value yet, in the order written.
  std::vector<std::string> unanswered;
};

}  // namespace runbook
