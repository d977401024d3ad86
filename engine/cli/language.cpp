// Commands about the language itself: schema.
#include "cli/commands.h"
#include "view/runbook_schema.h"

namespace runbook {

ExitCode schema_command(const Context& context) {
  context.terminal.result(schema_text(runbook_schema(all_kinds())));
  return ExitCode::done;
}

}  // namespace runbook
