// Commands about the language itself: schema.
#include "cli/commands.h"
#include "view/event_schema.h"
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

}  // namespace runbook
