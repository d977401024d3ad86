// Commands about the language itself: its schema, its reference, its completion.
#include <fmt/format.h>

#include "base/edit_distance.h"
#include "cli/commands.h"
#include "cli/completion.h"
#include "view/event_schema.h"
#include "view/key_reference.h"
#include "view/plan_schema.h"
#include "view/runbook_schema.h"

namespace runbook {

ExitCode schema_command(const Context& context) {
  const auto& of = context.arguments.topic;
  context.terminal.result(schema_text(of == "event"  ? event_schema()
                                      : of == "plan" ? plan_schema()
                                                     : runbook_schema(all_kinds())));
  return ExitCode::done;
}

ExitCode completion_command(const Context& context) {
  context.terminal.result(completion_script(context.arguments.topic));
  return ExitCode::done;
}

ExitCode keys_command(const Context& context) {
  const auto& key = context.arguments.topic;
  const auto text = key.empty() ? key_reference(all_kinds(), context.style) : key_reference(all_kinds(), key, context.style);
  if (text.empty()) {
    const auto near = nearest(key, reference_names(all_kinds()));
    return context.fail(ExitCode::usage,
                        fmt::format("there is no key `{}`{}", key, near ? fmt::format("; did you mean `{}`?", *near) : ""));
  }
  context.terminal.result(text);
  return ExitCode::done;
}

}  // namespace runbook
