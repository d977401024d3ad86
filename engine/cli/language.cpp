// Commands about the language itself: its schema, its reference, its manual pages, its completion.
#include <fmt/format.h>

#include "base/edit_distance.h"
#include "cli/commands.h"
#include "cli/completion.h"
#include "cli/manual.h"
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
  const auto language = context.style.language;
  const auto parts = key.empty() ? key_reference(all_kinds(), language) : key_reference(all_kinds(), key, language);
  if (parts.empty()) {
    const auto near = nearest(key, reference_names(all_kinds()));
    return context.fail(ExitCode::usage,
                        fmt::format("there is no key `{}`{}", key, near ? fmt::format("; did you mean `{}`?", *near) : ""));
  }
  const auto& format = context.arguments.format;
  if (format != "text" && format != "md") return context.fail(ExitCode::usage, "--keys is told as text or md");
  context.terminal.result(format == "md" ? reference_markdown(parts) : reference_text(parts, context.style));
  return ExitCode::done;
}

ExitCode man_command(const Context& context) {
  context.terminal.result(context.arguments.topic == "5"
                              ? manual_of_language(key_reference(all_kinds(), context.style.language), context.style.language)
                              : manual_of_commands(command_words()));
  return ExitCode::done;
}

}  // namespace runbook
