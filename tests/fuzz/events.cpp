// Lines of "type {JSON}" as the events of a run: decoded, written again, folded. What cannot be folded (a step that the plan does
// not have) is a broken promise, and the fold must notice: where the engine would end, this input ends.
#include <algorithm>
#include <csetjmp>
#include <cstdlib>

#include "run/decide.h"
#include "run/state.h"
#include "tests/fuzz/kinds.h"
#include "tests/fuzz/one_file.h"

namespace {

std::jmp_buf noticed;

// seeds/whole.events is a run of it.
constexpr const char* book = R"(runbook: 1
preconditions: [{ id: p, shell: "true" }]
watch: [{ id: w, shell: "true", every: 5s }]
steps:
  - { id: a, shell: "echo 1", changes: none, retry: { every: 1s, for: 1m }, outputs: { n: size(lines) } }
  - { id: g, steps: [{ id: b, shell: "exit 1", changes: x, preconditions: [{ id: q, shell: "true" }], rescue: [{ id: r, shell: "true", changes: none }] }] }
  - { id: f, for_each: [x, y], needs: [a], when: steps.a.n > 0, shell: "true", changes: x, undo: { shell: "true" }, probe: { shell: "true", expect: exit == 0 } }
  - { id: m, manual: { ask: 확인, items: [하나, 둘] }, timeout: 5m }
  - { id: y, approve: { ask: 승인, count: 1, by: ["user:root"] }, timeout: 5m, optional: 할까요, confirm: 네 }
success: [{ id: c, expect: steps.a.n > 0 }]
finally: [{ id: e, shell: "true", changes: none }]
)";

const runbook::Plan& plan() {
  using namespace runbook;
  static const Plan made = [] {
    auto reading = read_runbook(fuzz::inputs_of_fuzzed(), fuzz::OneFile(book), fuzz::kinds());
    auto planning = make_plan(std::move(reading.runbook).value(), {});
    return std::move(planning.plan).value();
  }();
  return made;
}

void run(std::string_view input) {
  using namespace runbook;
  State state(plan());
  std::uint64_t seq = 0;
  while (!input.empty() && seq < 200) {
    const auto line = input.substr(0, input.find('\n'));
    input.remove_prefix(std::min(line.size() + 1, input.size()));
    const auto blank = line.find(' ');
    if (blank == std::string_view::npos) continue;
    const auto body = decode_body(line.substr(0, blank), line.substr(blank + 1));
    if (!body || !*body) continue;
    const auto again = decode_body(line.substr(0, blank), encode_body(**body));
    if (!again || !*again || encode_body(**again) != encode_body(**body)) std::abort();
    ++seq;
    state.apply({seq, Instant(std::chrono::seconds(seq)), **body});
    decide(state.plan(), state, Instant(std::chrono::seconds(seq)));
  }
}

}  // namespace

namespace runbook {

// Takes the place of the engine's, which aborts.
void broken_promise(const char*, const char*, int) noexcept { std::longjmp(noticed, 1); }

}  // namespace runbook

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  plan();
  if (setjmp(noticed) == 0) run({reinterpret_cast<const char*>(data), size});
  return 0;
}
