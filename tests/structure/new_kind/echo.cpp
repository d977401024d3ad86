// A kind of action for a test: it says a text. This file and a line in kinds.cpp are all that the engine needs of a new kind.
#include <array>

#include "action/executor.h"
#include "runbook/action_kind.h"

namespace runbook {

extern const ActionKind echo_kind;
std::unique_ptr<Executor> make_echo_executor(int supervisor);

namespace {

constexpr std::array<KeyRow, 1> keys{
    {KeyRow{"text", FieldType::text, KeyRow::Need::required, "What is said.", "할 말."}.like("hello")}};
constexpr std::array<ResultRow, 1> result{{{"said", "string"}}};

std::string text_of(const Record& fields) {
  const auto text = fields.find("text");
  return text == fields.end() ? "" : to_text(text->second);
}

class EchoAttempt final : public ActiveAttempt {
 public:
  explicit EchoAttempt(AttemptContext context) : context_(std::move(context)) {
    turn_ = context_.loop.at(context_.loop.now(), [this] { say(); });
  }
  void go_on() override {}
  void cancel(CancelReason) override {}

 private:
  void say() {
    AttemptResult out;
    out.result = {{"said", text_of(context_.fields)}};
    out.started = out.ended = context_.loop.now();
    context_.report(std::move(out));
  }
  AttemptContext context_;
  Timer turn_;
};

class EchoExecutor final : public Executor {
 public:
  Result<Stamp, Failure> prepare(const AttemptContext&) override { return Stamp{}; }
  std::unique_ptr<ActiveAttempt> start(AttemptContext context) override {
    return std::make_unique<EchoAttempt>(std::move(context));
  }
  std::unique_ptr<ActiveAttempt> recover(AttemptContext context) override { return start(std::move(context)); }
};

}  // namespace

const ActionKind echo_kind{
    "echo", "Says a text.", "글을 말합니다.", "text", keys, {}, result, "said != \"\"", nullptr, text_of, [](const Fields&) {
      return Effect::reads;
    }};

std::unique_ptr<Executor> make_echo_executor(int) { return std::make_unique<EchoExecutor>(); }

}  // namespace runbook
