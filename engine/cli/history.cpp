// Commands about runs that were: runs, show, logs, report.
#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/json.h"
#include "base/text_width.h"
#include "cli/commands.h"
#include "cli/end_facts.h"
#include "cli/output_tails.h"
#include "cli/shared_sentences.h"
#include "cli/undo.h"
#include "drive/stored_request.h"
#include "view/report.h"
#include "view/runs_table.h"
#include "view/show.h"

namespace runbook {
namespace {

constexpr Sentence by_run{"run {}, {}", "실행 {}, {}"},
    gap{"[... {} of its {} bytes were not kept ...]", "[... {1}바이트 중 {0}바이트는 남기지 않음 ...]"};
constexpr std::size_t longest_log = 64U << 20U;

RunStatus status_named(std::string_view name) {
  for (const auto status : {RunStatus::running, RunStatus::waiting, RunStatus::interrupted, RunStatus::succeeded,
                            RunStatus::failed, RunStatus::criteria_failed, RunStatus::refused, RunStatus::cancelled})
    if (name_of(status) == name) return status;
  return RunStatus::running;
}

std::string engine_words(const Store& store, const RunId& run) {
  const auto owner = engine_owner(store, run);
  return owner && owner->alive ? fmt::format("{} pid {}", owner->host, owner->pid) : "";
}

std::string undone_by(const Context& context, const Store& store, const RunId& run) {
  const auto rows = store.runs();
  if (!rows) return {};
  std::vector<std::string> by;
  for (const auto& row : *rows)
    if (row.title == undo_title(run))
      by.push_back(say(context.style.language, by_run, row.id.text(), word_of(status_named(row.status), context.style.language)));
  return join(by, "; ");
}

// What a living engine takes at once lies here only where there is none.
std::vector<Request> filed_requests(const Store& store, const RunId& run) {
  std::vector<Request> out;
  const auto rows = store.requests(run);
  if (!rows) return out;
  for (const auto& row : *rows)
    if (auto request = request_in(row)) out.push_back(*std::move(request));
  return out;
}

// Of an attempt that ended; of tries that were counted only the latest is known.
const Record* facts_of(const std::vector<Event>& events, const std::string& path, std::int64_t k) {
  const Record* out = nullptr;
  for (const auto& event : events) {
    if (const auto* finished = std::get_if<AttemptFinished>(&event.body))
      if (finished->step == path && finished->k == k) out = &finished->facts;
    if (const auto* polled = std::get_if<Polled>(&event.body))
      if (polled->step == path && polled->k == k) out = &polled->facts;
  }
  return out;
}

std::string only_its_end(const OutputTail& tail, Language language) {
  if (!tail.of) return "";
  return language == Language::korean ? fmt::format(" (전체 {}바이트 중 마지막 {}바이트만 남아 있음)", *tail.of, tail.text.size())
                                      : fmt::format(" (only the last {} of its {} bytes were kept)", tail.text.size(), *tail.of);
}

// How much went into a stream; only an attempt that ended says so, and not of output that was lost.
std::optional<std::int64_t> written_to(const std::string& stream, const Record* facts) {
  if (facts == nullptr || !facts->contains(stream + "_sha256")) return std::nullopt;
  const auto bytes = facts->find(stream + "_bytes");
  const auto* number = bytes != facts->end() ? bytes->second.integer() : nullptr;
  return number != nullptr ? std::optional(*number) : std::nullopt;
}

// Beyond its cap a file holds the first and the last half of what fits, with nothing between them.
std::string log_text(const Masker& masker, const std::string& bytes, std::optional<std::int64_t> written, Language language) {
  const auto kept = static_cast<std::int64_t>(bytes.size());
  if (written.value_or(0) <= kept) return masker.text(bytes);
  const auto half = bytes.size() / 2;
  return masker.text(bytes.substr(0, half)) + "\n" + say(language, gap, *written - kept, *written) + "\n" +
         masker.text(bytes.substr(half));
}

}  // namespace

ExitCode runs_command(const Context& context) {
  auto store = context.open_store(Access::read);
  if (!store) return context.fail(store.error());
  const auto rows = (*store)->runs();
  if (!rows) return context.fail(rows.error());
  std::vector<RunLine> lines;
  for (const auto& row : *rows) {
    RunLine line;
    line.run = row.id.text();
    line.runbook = row.runbook;
    line.title = row.title;
    line.status = status_named(row.status);
    line.is_open = !row.closed;
    line.created = row.created;
    line.now = now();
    line.host = context.host;
    if (!row.closed)
      if (const auto owner = engine_owner(**store, row.id)) line.is_alive = owner->alive;
    if (const auto events = (*store)->read(row.id); events && !events->empty()) {
      if (row.closed) line.ended = events->back().at;
      if (const auto body = decode_body(events->front().type, events->front().body); body && *body)
        if (const auto* created = std::get_if<RunCreated>(&**body)) {
          line.by = created->by.name;
          line.host = created->host;
        }
    }
    lines.push_back(std::move(line));
  }
  context.terminal.result(context.arguments.output == "json" ? to_json(runs_value(lines)) + "\n"
                                                             : runs_table(lines, context.style));
  return ExitCode::done;
}

ExitCode show_command(const Context& context) {
  auto store = context.open_store(Access::read);
  if (!store) return context.fail(store.error());
  const auto run = load_run(context, **store, context.arguments.run);
  if (!run) return run.error();
  const State state = fold(*run);
  RunFacts facts;
  facts.run = run->row.id.text();
  facts.file = run->row.file;
  facts.engine = engine_words(**store, run->row.id);
  facts.now = end_facts(context, **store, run->row, state.plan(), state);
  facts.undone = undone_by(context, **store, run->row.id);
  if (facts.engine.empty()) facts.filed = filed_requests(**store, run->row.id);
  if (const auto bytes = DiskFiles().read(run->row.file); !bytes || *bytes != state.plan().runbook.sources.front().text.view())
    facts.file_changed = "the file is no longer what the run was started with; the run goes on with its own copy";
  context.terminal.result(context.arguments.output == "json"
                              ? to_json(show_value(state.plan(), state, run->events, facts)) + "\n"
                              : show_screen(state.plan(), state, run->events, facts, context.style));
  return ExitCode::done;
}

ExitCode logs_command(const Context& context) {
  auto store = context.open_store(Access::read);
  if (!store) return context.fail(store.error());
  const auto run = load_run(context, **store, context.arguments.run);
  if (!run) return run.error();
  const State state = fold(*run);
  const Plan& plan = state.plan();
  const auto& wanted = context.arguments.step;
  if (!wanted.empty() && !plan.find(wanted))
    return context.fail(ExitCode::usage, say(context.style.language, no_such_step, run->row.id.text(), wanted));
  const auto masker = masker_for(state);
  if (!masker)
    return context.fail(
        ExitCode::broken,
        fmt::format("the logs are not shown, because a secret that they may hold cannot be masked: {}", masker.error()));
  const std::string folder = (*store)->run_directory_path(run->row.id);
  bool any = false;
  for (StepIndex i = 0; i < plan.steps.size(); ++i) {
    const auto& planned = plan.at(i);
    const auto& s = state.steps[i];
    if ((!wanted.empty() && planned.path != wanted) || s.attempts == 0) continue;
    const auto k = context.arguments.attempt > 0 ? context.arguments.attempt : s.attempts;
    const Record* facts = facts_of(run->events, planned.path, k);
    bool on_disk = false;
    for (const char* extension : {"out", "err"}) {
      const auto bytes = read_file(fmt::format("{}/{:04}.{}.{}", folder, planned.number, k, extension), longest_log);
      if (!bytes) continue;
      on_disk = true;
      if (bytes->empty()) continue;
      any = true;
      context.terminal.result(
          fmt::format("== {} attempt {} {}\n", planned.path, k, std::string_view(extension) == "out" ? "stdout" : "stderr"));
      auto text = log_text(*masker, *bytes, written_to(extension, facts), context.style.language);
      if (is_terminal(1)) text = printable_lines(text);
      if (!text.ends_with('\n')) text += '\n';
      context.terminal.result(text);
    }
    // What only reads keeps the end of its output with the verdict.
    if (on_disk || facts == nullptr) continue;
    for (const auto& tail : output_tails(*facts)) {
      any = true;
      context.terminal.result(fmt::format("== {} attempt {} {}{}\n{}", planned.path, k, tail.name,
                                          only_its_end(tail, context.style.language), tail.text));
    }
  }
  if (!any) context.terminal.line("no output was kept");
  return ExitCode::done;
}

ExitCode report_command(const Context& context) {
  auto store = context.open_store(Access::read);
  if (!store) return context.fail(store.error());
  const auto run = load_run(context, **store, context.arguments.run);
  if (!run) return run.error();
  const State state = fold(*run);
  context.terminal.result(
      report_markdown(state.plan(), state, run->events, {run->row.id.text(), run->row.file}, context.style.language));
  return ExitCode::done;
}

}  // namespace runbook
