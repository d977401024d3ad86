// `watch`: a run as its operator sees it, from another terminal: what has happened, then each event as it is stored.
#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/end_facts.h"
#include "cli/output_age.h"
#include "view/end_screen.h"
#include "view/event_json.h"
#include "view/progress.h"

namespace runbook {
namespace {

constexpr Duration heartbeat = std::chrono::minutes(1);
constexpr Duration redraw = std::chrono::milliseconds(500);
constexpr Duration between_looks = std::chrono::seconds(1);  // where nothing tells that something was stored

class Watcher {
 public:
  Watcher(const Context& context, Store& store, StoredRun& run, Loop& loop)
      : context_(context),
        store_(store),
        run_(run),
        loop_(loop),
        state_(run.plan),
        last_line_(loop.now()) {
    state_.run_id = run.row.id.text();
    const auto& wanted = context.arguments.progress;
    json_ = wanted == "json";
    if (wanted == "tty" || (wanted == "auto" && is_terminal(2))) context_.terminal.live(loop);
  }

  ExitCode run() {
    take_news();
    if (!over()) {
      if (!is_owned()) tell_that_it_lives();
      if (store_.news() >= 0)
        news_ = loop_.watch(store_.news(), Interest::read, [this] {
          store_.forget_news();
          take_news();
        });
      tick();
      loop_.run();
    }
    context_.terminal.clear_block();
    if (broken_) return context_.fail(*broken_);
    if (!json_)
      context_.terminal.lines(end_screen(state_.plan(), state_, state_.run_id,
                                         end_facts(context_, store_, run_.row, state_.plan(), state_), context_.style));
    return exit_code_of(state_.finished ? *state_.finished : *state_.settled);
  }

 private:
  bool over() const { return broken_ || state_.finished || (state_.settled && !is_owned()); }
  bool is_owned() const {
    const auto owner = engine_owner(store_, run_.row.id);
    return owner && owner->alive;
  }
  void take_news() {
    const auto rows = store_.read(run_.row.id, state_.seq);
    if (!rows) broken_ = rows.error();
    else
      for (const auto& row : *rows) take(row);
    if (over()) loop_.stop();
    else draw();
  }
  void take(const Row& row) {
    const auto body = decode_body(row.type, row.body);
    if (!body) broken_ = StoreError{StoreError::Kind::damaged, body.error(), {}};
    if (broken_) return;
    if (!*body) {
      state_.seq = row.seq;
      return;
    }
    const Event event{row.seq, row.at, **body};
    if (std::holds_alternative<RunAmended>(event.body) && !knows_what_it_goes_by()) return;
    state_.apply(event);
    last_line_ = loop_.now();
    if (json_) context_.terminal.result(event_json(state_.run_id, event) + "\n");
    else
      for (const auto& line : plain_lines(state_.plan(), state_, event, context_.style)) context_.terminal.line(line);
  }
  // Amended while it is watched: what it goes by now is read before the event is folded.
  bool knows_what_it_goes_by() {
    auto again = load_run(context_, store_, state_.run_id);
    if (again) run_.plan.amended = std::move(again->plan.amended);
    else broken_ = StoreError{StoreError::Kind::damaged, "what the run goes by now cannot be read", {}};
    return again.has_value();
  }
  void draw() {
    if (context_.terminal.is_live() && !json_)
      context_.terminal.block(live_block(state_.plan(), state_, loop_.now(), context_.style, Beholder::watches));
  }
  void tick() {
    tick_ = loop_.at(loop_.now() + (context_.terminal.is_live() ? redraw : between_looks), [this] {
      take_news();
      if (!json_ && !over() && loop_.now() - last_line_ >= heartbeat) tell_that_it_lives();
      if (!over()) tick();
    });
  }
  void tell_that_it_lives() {
    last_line_ = loop_.now();
    if (!is_owned())
      return context_.terminal.line(fmt::format("no engine works on run {0} now; runbook resume {0} goes on", state_.run_id));
    const auto ages = output_ages(state_, store_.run_directory_path(run_.row.id));
    for (const auto& line : heartbeat_lines(state_.plan(), state_, loop_.now(), ages, context_.style))
      context_.terminal.line(line);
  }

  const Context& context_;
  Store& store_;
  StoredRun& run_;
  Loop& loop_;
  State state_;
  Instant last_line_;
  bool json_ = false;
  Watch news_;
  Timer tick_;
  std::optional<StoreError> broken_;
};

}  // namespace

ExitCode watch_command(const Context& context) {
  const auto store = context.open_store(Access::read);
  if (!store) return context.fail(store.error());
  auto run = load_run(context, **store, context.arguments.run);
  if (!run) return run.error();
  const auto loop = make_loop();
  return Watcher(context, **store, *run, *loop).run();
}

}  // namespace runbook
