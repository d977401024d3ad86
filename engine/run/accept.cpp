#include "run/accept.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/json.h"
#include "base/quoted_word.h"
#include "plan/followers.h"
#include "run/fit_answer.h"
#include "run/group.h"

namespace runbook {
namespace {

constexpr std::array<std::string_view, 10> words{"stop",    "interrupt", "answer", "approve", "reject",
                                                 "resolve", "note",      "resume", "pause",   "rerun"};

class Acceptor {
 public:
  Acceptor(const Plan& plan, const State& state, const Request& request) : plan_(plan), state_(state), request_(request) {}

  std::vector<Body> run() {
    if (request_.what == Request::What::note) return {Noted{request_.by, request_.reason}};
    if (const auto number = follow_up()) return follow_up(*number);
    if (state_.finished) return refuse(fmt::format("the run has ended ({})", name_of(*state_.finished)));
    switch (request_.what) {
      case Request::What::stop: return stop(true);
      case Request::What::interrupt: return stop(false);
      case Request::What::resume: return resume();
      case Request::What::resolve: return resolve();
      case Request::What::pause: return pause();
      case Request::What::rerun: return rerun();
      default: return answer();
    }
  }

 private:
  std::vector<Body> refuse(std::string why) const {
    std::string what(words[static_cast<std::size_t>(request_.what)]);
    if (!request_.step.empty()) what += " " + request_.step;
    return {RequestRefused{request_.by, what, std::move(why)}};
  }
  // `after/3`, also when the run has ended: they are what remains to be done then.
  std::optional<std::int64_t> follow_up() const {
    if (request_.what != Request::What::answer || !request_.step.starts_with("after/")) return {};
    return std::strtoll(request_.step.c_str() + std::string_view("after/").size(), nullptr, 10);
  }
  std::vector<Body> follow_up(std::int64_t number) const {
    std::int64_t count = 0;
    for (const auto& entry : plan_.runbook.after)
      count += entry.items.empty() ? 1 : static_cast<std::int64_t>(entry.items.size());
    if (number < 1 || number > count) return refuse(fmt::format("the follow-ups are after/1 to after/{}", count));
    return {FollowedUp{number, request_.answer != Value(false), request_.reason, request_.by}};
  }
  std::vector<Body> stop(bool close) const {
    if (request_.engine != 0 && request_.engine != state_.attached)
      return refuse("it was meant for an engine that has ended meanwhile");
    if (state_.closing) return refuse("the run is closing already");
    std::vector<Body> out;
    if (state_.settled) out.push_back(Resumed{request_.by, {}, {}});
    out.push_back(StopRequested{request_.by, request_.reason, close, request_.hard, false});
    return out;
  }
  std::vector<Body> pause() const {
    if (request_.engine != 0 && request_.engine != state_.attached)
      return refuse("it was meant for an engine that has ended meanwhile");
    if (state_.closing) return refuse("the run is closing already");
    if (state_.settled) return refuse("nothing runs that could be paused");
    return {StopRequested{request_.by, request_.reason, false, false, true}};
  }
  // Failed and cancelled steps start again, what was not started because of them becomes pending, criteria run again; so do
  // preconditions and the baseline until a step has started, except for what people have answered; watches look again.
  std::vector<Body> resume() const {
    Resumed resumed{request_.by, {}, request_.answers};
    if (!state_.settled && !state_.stopping) return request_.answers.empty() ? std::vector<Body>{} : std::vector<Body>{resumed};
    for (StepIndex i = 0; i < plan_.steps.size(); ++i) {
      const auto& planned = plan_.at(i);
      const auto status = state_.steps[i].status;
      const bool comes_first = planned.role == Role::precondition || planned.role == Role::baseline;
      const bool again = status == StepStatus::failed || status == StepStatus::cancelled;
      const bool tolerated = again && is_tolerated(plan_, state_, i);
      const bool answered = planned.step.action.kind && planned.step.action.kind->asks_people;
      // Behind the first step only an approval that an amendment asks for is open to anybody.
      const bool is_past = comes_first && state_.something_started && !(planned.role == Role::precondition && answered && again);
      if (planned.owner || planned.is_pattern || is_past) continue;
      const bool looks = planned.role == Role::criterion || planned.role == Role::watch || (comes_first && !answered);
      if (looks ? is_ended(status) : again && !tolerated) resumed.set_back.push_back(planned.path);
    }
    return {resumed};
  }

  std::optional<StepIndex> step() const {
    const auto found = plan_.find(request_.step);
    return found && plan_.at(*found).is_pattern ? std::nullopt : found;
  }

  std::vector<Body> answer() const {
    const auto i = step();
    if (!i) return refuse("there is no such step");
    const auto& s = state_.steps[*i];
    if (!s.question || s.question->answer) return refuse(fmt::format("step `{}` waits for nobody", request_.step));
    const auto& q = *s.question;
    if (request_.wait != 0 && request_.wait != q.seq) return refuse("the question it answers is no longer asked");
    if (q.asked.until && request_.at > *q.asked.until)
      return refuse("its time has run out: `runbook resume` fails the step, and the next one asks again");
    Answered a;
    a.step = request_.step;
    a.item = request_.item;
    a.answer = request_.what == Request::What::reject ? Value(false) : request_.answer;
    a.reason = request_.reason;
    a.by = request_.by;
    if (q.asked.what == Ask::approve) return approve(q, std::move(a));
    if (request_.what == Request::What::approve) return refuse("it is not an approval that is asked for: use `runbook confirm`");
    if (q.asked.what == Ask::in_doubt || q.asked.what == Ask::again)
      return refuse("use `runbook resolve ... --as done|not-done|failed|skipped --reason \"...\"`");
    const auto fitting = fit_answer(q.asked, a.item, a.answer);
    if (!fitting) return refuse(fitting.error());
    a.answer = *fitting;
    return {a};
  }
  std::vector<Body> approve(const Question& q, Answered a) const {
    if (request_.what == Request::What::answer && a.answer != Value(false))
      return refuse("it is an approval that is asked for: use `runbook approve`");
    if (a.answer == Value(false)) return {a};
    a.answer = true;
    const bool is_operator = request_.by.uid >= 0 && request_.by.uid == state_.created.by.uid;
    if (q.asked.not_operator && is_operator) return refuse("whoever runs it may not approve it: another OS user must");
    for (const auto& earlier : q.approvals)
      if (earlier.uid == request_.by.uid) return refuse("the same person has approved it already");
    bool enforced = false, fits = false;
    for (const auto& by : q.asked.by) {
      if (by.starts_with("user:")) {
        enforced = true;
        fits = fits || by.substr(5) == request_.by.name;
      }
      if (by.starts_with("group:")) {
        enforced = true;
        fits = fits || std::find(request_.groups.begin(), request_.groups.end(), by.substr(6)) != request_.groups.end();
      }
    }
    if (enforced && !fits) return refuse(fmt::format("it may be approved by {}", fmt::join(q.asked.by, ", ")));
    return {a};
  }
  // Only where nothing is under way: what needs the step, and the criteria, have read what it left.
  std::vector<Body> rerun() const {
    const auto i = step();
    if (!i) return refuse("there is no such step");
    if (plan_.at(*i).role != Role::step || plan_.at(*i).owner) return refuse("only steps can run again");
    if (request_.reason.empty()) return refuse("it needs a reason");
    if (!state_.settled) return refuse("the run is under way: pause it first");
    if (!is_ended(state_.steps[*i].status)) return refuse("it has not ended");
    if (request_.attempt >= 0 && request_.attempt != state_.steps[*i].attempts) return refuse("it has been started again since");
    std::set<StepIndex> own = with_children(plan_, *i);
    const std::set<StepIndex> later = what_needs(plan_, *i);
    for (std::optional<StepIndex> at = i; at; at = plan_.at(*at).parent) {
      if (plan_.at(*at).is_rescue) return refuse("it belongs to a rescue, which runs when its step has failed");
      if (state_.steps[*at].status == StepStatus::rescuing)
        return refuse(fmt::format("step `{}` is being rescued", plan_.at(*at).path));
    }
    SetBack again{{}, request_.reason, true, request_.by};
    for (const auto* steps : {&std::as_const(own), &later})
      for (const auto one : *steps) {
        const auto status = state_.steps[one].status;
        const bool is_at_rest = status == StepStatus::pending || is_ended(status) ||
                                (plan_.at(one).step.is_group && status == StepStatus::running) ||
                                (status == StepStatus::waiting && (request_.downstream || steps == &own));
        if (!is_at_rest) return refuse(fmt::format("step `{}` is {}: that comes first", plan_.at(one).path, name_of(status)));
      }
    if (request_.downstream) own.insert(later.begin(), later.end());
    for (const auto one : own)
      if (one == *i || state_.steps[one].status != StepStatus::pending) again.steps.push_back(plan_.at(one).path);
    return {again};
  }
  // A failure that is tolerated, of the step or of a group around it, and a step that goes on from there.
  bool is_gone_on_from(StepIndex i) const {
    for (std::optional<StepIndex> at = i; at; at = plan_.at(*at).parent) {
      const auto& s = state_.steps[*at];
      const auto& next = plan_.at(*at).dependents;
      const auto begun = [&](StepIndex d) { return state_.steps[d].status != StepStatus::pending; };
      if (is_ended(s.status) && is_good(plan_.at(*at), s) && std::any_of(next.begin(), next.end(), begun)) return true;
    }
    return false;
  }
  // What can be done instead of settling it; nothing where that is refused, too.
  std::string or_run_again() const {
    Request again = request_;
    again.what = Request::What::rerun;
    if (!refusal(plan_, state_, again).empty()) return "";
    return fmt::format("; it can run again: runbook rerun {} {} --reason \"...\"", state_.run_id, quoted_word(request_.step));
  }
  std::vector<Body> resolve() const {
    const auto i = step();
    if (!i) return refuse("there is no such step");
    const auto& s = state_.steps[*i];
    if (s.open) return refuse("it is running");
    if (s.status == StepStatus::rescuing) return refuse("its rescue is running: resolve the step of that which waits");
    // What was done by hand for one failure says nothing of the next.
    for (std::optional<StepIndex> at = i; at; at = plan_.at(*at).parent)
      if (plan_.at(*at).is_rescue && state_.steps[*plan_.at(*at).parent].status != StepStatus::rescuing)
        return refuse(
            fmt::format("the rescue of `{0}` is not under way: resolve `{0}` itself, or let it run again, and its rescue with it",
                        plan_.at(*plan_.at(*at).parent).path));
    if (request_.reason.empty()) return refuse("it needs a reason");
    const std::string word = to_text(request_.answer);
    const bool settles = word == "done" || word == "failed" || word == "skipped" || word == "not-done";
    if (!settles) return refuse("as done, not-done, failed or skipped");
    if (word == "not-done" && lacks_only_outputs(s))
      return refuse("its effect is there, and it is not run again: say what it leaves behind, --as done --output NAME=VALUE");
    const bool asked =
        s.question && !s.question->answer && (s.question->asked.what == Ask::in_doubt || s.question->asked.what == Ask::again);
    if (request_.wait != 0 && !(s.question && !s.question->answer && request_.wait == s.question->seq))
      return refuse("the question it answers is no longer asked");
    if (request_.attempt >= 0 && request_.attempt != s.attempts) return refuse("it has been started again since");
    if (s.status == StepStatus::succeeded || s.status == StepStatus::skipped || s.status == StepStatus::rescued)
      return refuse("it has ended: nothing is to be resolved" + or_run_again());
    if (is_gone_on_from(*i)) return refuse("its failure does not stop the run, and what follows it has begun" + or_run_again());
    Answered a;
    a.step = request_.step;
    a.answer = request_.answer;
    a.reason = request_.reason;
    a.by = request_.by;
    a.outputs = request_.outputs;
    std::vector<Body> out;
    if (asked || s.status == StepStatus::in_doubt) {
      // An in-doubt step that nobody was asked about yet is asked by the way.
      if (!asked) {
        Waiting w;
        w.step = request_.step;
        w.what = Ask::in_doubt;
        w.sentence = s.why;
        out.emplace_back(std::move(w));
      }
      out.emplace_back(std::move(a));
      return out;
    }
    // A failed or cancelled one is set back first; one that has not begun is settled as it stands.
    if (is_ended(s.status)) out.emplace_back(SetBack{{request_.step}, "resolved by hand"});
    if (word == "not-done") return out.empty() ? refuse("it has not been started") : out;
    Waiting w;
    w.step = request_.step;
    w.what = Ask::again;
    w.sentence = "settled by hand";
    out.emplace_back(std::move(w));
    out.emplace_back(std::move(a));
    return out;
  }

  const Plan& plan_;
  const State& state_;
  const Request& request_;
};

}  // namespace

std::vector<Body> accept(const Plan& plan, const State& state, const Request& request) {
  return Acceptor(plan, state, request).run();
}

std::string refusal(const Plan& plan, const State& state, const Request& request) {
  for (const auto& body : accept(plan, state, request))
    if (const auto* refused = std::get_if<RequestRefused>(&body)) return refused->why;
  return "";
}

std::string_view name_of(Request::What what) { return words[static_cast<std::size_t>(what)]; }

std::string encode_request(const Request& r) {
  Value::List groups;
  for (const auto& g : r.groups) groups.push_back(g);
  return to_json(Value::Map{{"what", words[static_cast<std::size_t>(r.what)]},
                            {"step", r.step},
                            {"item", r.item},
                            {"answer", pack(r.answer)},
                            {"reason", r.reason},
                            {"outputs", pack(to_value(r.outputs))},
                            {"answers", pack(to_value(r.answers))},
                            {"hard", r.hard},
                            {"downstream", r.downstream},
                            {"wait", static_cast<std::int64_t>(r.wait)},
                            {"attempt", r.attempt},
                            {"engine", static_cast<std::int64_t>(r.engine)},
                            {"name", r.by.name},
                            {"how", r.by.how},
                            {"groups", groups}});
}

Result<Request, std::string> decode_request(std::string_view json) {
  const auto value = parse_json(json);
  if (!value || !value->map()) return failure(std::string("a request that is no JSON object"));
  const auto text = [&](const char* name) {
    const auto* found = value->find(name);
    return found && found->string() ? *found->string() : std::string();
  };
  const auto number = [&](const char* name, std::int64_t otherwise) {
    const auto* found = value->find(name);
    return found && found->integer() ? *found->integer() : otherwise;
  };
  Request r;
  const auto word = std::find(words.begin(), words.end(), text("what"));
  if (word == words.end()) return failure(std::string("an unknown request"));
  r.what = static_cast<Request::What>(word - words.begin());
  r.step = text("step");
  r.item = number("item", -1);
  if (const auto* answer = value->find("answer")) r.answer = unpack(*answer);
  r.reason = text("reason");
  if (const auto* outputs = value->find("outputs")) r.outputs = to_record(unpack(*outputs));
  if (const auto* answers = value->find("answers")) r.answers = to_record(unpack(*answers));
  if (const auto* hard = value->find("hard")) r.hard = *hard == Value(true);
  if (const auto* downstream = value->find("downstream")) r.downstream = *downstream == Value(true);
  r.wait = static_cast<std::uint64_t>(number("wait", 0));
  r.attempt = number("attempt", -1);
  r.engine = static_cast<std::uint64_t>(number("engine", 0));
  r.by.name = text("name");
  r.by.how = text("how");
  if (const auto* groups = value->find("groups"); groups && groups->list())
    for (const auto& g : *groups->list()) r.groups.push_back(to_text(g));
  return r;
}

}  // namespace runbook
