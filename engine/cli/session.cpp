#include "cli/session.h"

#include <fmt/format.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "action/supervised.h"
#include "cli/end_facts.h"
#include "cli/output_age.h"
#include "cli/prompter.h"
#include "drive/engine.h"
#include "drive/notifier.h"
#include "net/net.h"
#include "supervisor/process_table.h"
#include "view/end_screen.h"
#include "view/event_json.h"
#include "view/notice.h"
#include "view/progress.h"
#include "view/questions.h"

namespace runbook {
namespace {

constexpr Duration heartbeat = std::chrono::minutes(1);
// An operator at the terminal answers most questions at once; whoever is not there need not hear of those.
constexpr Duration patience = std::chrono::minutes(1);
// At the end of the run, for what is still to be told.
constexpr Duration telling = std::chrono::seconds(10);
constexpr Duration redraw = std::chrono::milliseconds(500);

sigset_t engine_signals() {
  sigset_t set;
  ::sigemptyset(&set);
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) ::sigaddset(&set, number);
  return set;
}

class Session {
 public:
  Session(const Context& context, const SessionPlan& session, Loop& loop, Executors& executors)
      : context_(context),
        session_(session),
        loop_(loop),
        run_(session.row.id.text()),
        can_ask_(session.may_ask && context.can_ask),
        engine_(
            {session.plan, session.store, loop, [&executors](const ActionKind& kind) -> Executor& { return executors.of(kind); },
             [this](const Event& event) { observe(event); }, context.environment, context.host, world(),
             can_ask_ || context.arguments.wait ? Engine::Waiting::stay : Engine::Waiting::leave, one_by_one()},
            session.row.id),
        prompter_(context, loop,
                  {[this](Request r) { engine_.request(std::move(r)); }, [this](StepIndex step) { engine_.allow(step); },
                   [this] {
                     held_.reset();
                     engine_.allow_all();
                     look_soon();
                   },
                   [this] { leave_when_waiting(); }}),
        notifier_({loop, [this] { return http(); }, [this]() -> const State& { return engine_.state(); },
                   [this](const Channel& channel, const News& news) {
                     return notice(channel, engine_.state(), news, context_.style.language);
                   },
                   [this](Notified told) { engine_.record_notice(std::move(told)); }, context.environment,
                   can_ask_ ? patience : Duration{}}) {
    const auto& wanted = context.arguments.progress;
    json_ = wanted == "json";
    if (wanted == "tty" || (wanted == "auto" && is_terminal(2) && is_terminal(0))) context_.terminal.live(loop);
  }

  ExitCode run() {
    listen_to_signals();
    for (const auto& request : session_.first) engine_.request(request);
    if (const auto attached = engine_.attach(); !attached) return context_.fail(attached.error());
    tick();
    loop_.run();
    tell_the_rest();
    context_.terminal.clear_block();
    if (engine_.broken()) {
      context_.fail(*engine_.broken());
      context_.terminal.line(fmt::format("  next: runbook resume {}", run_));
      return ExitCode::broken;
    }
    return finish();
  }

 private:
  const Plan& plan() const { return engine_.state().plan(); }  // as it has grown
  std::function<void(std::optional<StepIndex>)> one_by_one() {
    if (!context_.arguments.step_by_step || !can_ask_) return {};
    return [this](std::optional<StepIndex> held) {
      held_ = held;
      look_soon();
    };
  }
  void listen_to_signals() {
    const auto set = engine_signals();
    signals_ = Descriptor(::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
    if (signals_) signal_watch_ = loop_.watch(signals_.get(), Interest::read, [this] { take_signals(); });
  }
  void take_signals() {
    signalfd_siginfo info{};
    while (::read(signals_.get(), &info, sizeof info) == static_cast<ssize_t>(sizeof info)) {
      const int number = static_cast<int>(info.ssi_signo);
      if (number == SIGHUP) {  // the terminal is gone; the run goes on
        context_.terminal.gone();
        leave_when_waiting();
        continue;
      }
      if (engine_.is_over()) {  // nothing runs; only channels are still told
        notifier_.give_up();
        continue;
      }
      stopped_by_ = number;
      Request r;
      r.what = Request::What::interrupt;
      r.by = context_.person;
      r.by.how = number == SIGINT ? "Ctrl-C" : "SIGTERM";
      r.reason = r.by.how;
      r.hard = ++interruptions_ > 1;
      const bool korean = context_.style.language == Language::korean;
      if (!r.hard)
        context_.terminal.line(
            korean ? "멈추는 중: 새로 시작하지 않고, 실행 중인 단계에 끝내라고 알립니다. 다시 누르면 바로 죽입니다."
                   : "stopping: nothing more is started, what runs is asked to end; once more kills it at once");
      engine_.request(std::move(r));
    }
  }
  Result<Http*, Failure> http() {
    if (http_ == nullptr) {
      const auto net = load_net();
      if (!net) return failure(net.error());
      http_ = (*net)->http(loop_);
    }
    return http_.get();
  }
  // The run is over; those who are told by a channel are told so. The engine stops the loop after each turn.
  void tell_the_rest() {
    const auto enough = loop_.at(loop_.now() + telling, [this] { notifier_.give_up(); });
    notifier_.look();
    while (!notifier_.is_idle() && !engine_.broken()) loop_.run();
  }
  void leave_when_waiting() {
    can_ask_ = false;
    // A step that waits for a yes would wait for ever.
    if (!context_.arguments.wait || context_.arguments.step_by_step) engine_.leave_when_waiting();
  }

  void observe(const Event& event) {
    if (json_) {
      context_.terminal.result(event_json(run_, event) + "\n");
    } else if (!is_asked_here(event)) {
      for (const auto& line : plain_lines(plan(), engine_.state(), event, context_.style)) context_.terminal.line(line);
    }
    last_line_ = loop_.now();
    if (const auto* refused = std::get_if<RequestRefused>(&event.body)) last_refusal_ = refused->why;
    look_soon();
  }
  // A question that the prompter puts with all its lines is not told before.
  bool is_asked_here(const Event& event) const {
    const auto* waiting = std::get_if<Waiting>(&event.body);
    const auto step = waiting != nullptr && can_ask_ ? plan().find(waiting->step) : std::nullopt;
    if (!step) return false;
    const auto& question = engine_.state().steps[*step].question;
    return question && question->seq == event.seq && !question->answer;
  }
  void look_soon() {
    if (!look_)
      look_ = loop_.at(loop_.now(), [this] {
        look_.reset();
        after_change();
      });
  }
  void after_change() {
    notifier_.look();
    if (engine_.is_over()) return;
    if (can_ask_) prompter_.look(engine_.state(), held_);
    draw();
  }
  void draw() {
    if (context_.terminal.is_live() && !prompter_.is_asking() && !json_)
      context_.terminal.block(live_block(plan(), engine_.state(), loop_.now(), context_.style));
  }
  void tick() {
    const bool live = context_.terminal.is_live();
    tick_ = loop_.at(loop_.now() + (live ? redraw : heartbeat), [this] {
      if (context_.terminal.is_live()) draw();
      else if (!json_ && loop_.now() - last_line_ >= heartbeat - std::chrono::seconds(1))
        for (const auto& line :
             heartbeat_lines(plan(), engine_.state(), loop_.now(),
                             output_ages(engine_.state(), session_.store.run_directory_path(session_.row.id)), context_.style))
          context_.terminal.line(line);
      if (!engine_.is_over()) tick();
    });
  }

  ExitCode finish() {
    const State& state = engine_.state();
    const auto status = state.finished ? *state.finished : state.settled.value_or(RunStatus::interrupted);
    if (!json_ && (session_.end == SessionPlan::End::told || !state.finished))
      context_.terminal.lines(
          end_screen(plan(), state, run_, end_facts(context_, session_.store, session_.row, plan(), state), context_.style));
    ExitCode code = exit_code_of(status);
    if (code == ExitCode::interrupted && stopped_by_ == SIGTERM) code = ExitCode::terminated;
    if (code == ExitCode::interrupted && stopped_by_ == 0) code = ExitCode::stopped;
    return code;
  }

  const Context& context_;
  const SessionPlan& session_;
  Loop& loop_;
  std::string run_;
  bool can_ask_, json_ = false;
  Engine engine_;
  Prompter prompter_;
  std::unique_ptr<Http> http_;  // for the channels of `notify`, from the first notice on
  Notifier notifier_;
  Descriptor signals_;
  Watch signal_watch_;
  Timer tick_, look_;
  std::optional<StepIndex> held_;  // by --step
  Instant last_line_{};
  std::string last_refusal_;
  int interruptions_ = 0, stopped_by_ = 0;
};

}  // namespace

void hold_signals() {
  const auto set = engine_signals();
  ::sigprocmask(SIG_BLOCK, &set, nullptr);
}
void release_signals() {
  const auto set = engine_signals();
  ::sigprocmask(SIG_UNBLOCK, &set, nullptr);
}

ExitCode run_session(const Context& context, const SessionPlan& session) {
  // Before any thread of the loop: they come through a descriptor.
  hold_signals();
  const auto lock = lock_engine(session.store, session.row.id, std::chrono::seconds(2));
  if (!lock) return context.fail(lock.error());
  const auto supervisor = open_supervisor();
  if (!supervisor) return context.fail(ExitCode::broken, supervisor.error());
  const auto loop = make_loop();
  Executors executors(supervisor->get());
  return Session(context, session, *loop, executors).run();
}

}  // namespace runbook
