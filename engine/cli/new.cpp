// `runbook new`: a file to start from. Nothing that exists is written over.
#include <fcntl.h>
#include <fmt/format.h>

#include <filesystem>

#include "base/quoted_word.h"
#include "base/safe_file.h"
#include "cli/commands.h"
#include "draft/skeleton.h"
#include "draft/starting_file.h"
#include "yaml/messages.h"
#include "yaml/text_check.h"

namespace runbook {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view schema_path = "schemas/runbook.schema.json";
constexpr std::size_t plan_limit = 2U << 20U;

// The schema as the new file's first line names it: of the nearest folder upward that keeps it.
std::string schema_for(const fs::path& file) {
  std::string up;
  for (fs::path folder = fs::absolute(file).lexically_normal().parent_path();; folder = folder.parent_path(), up += "../") {
    std::error_code ignored;
    if (fs::exists(folder / schema_path, ignored)) return up + std::string(schema_path);
    if (folder == folder.parent_path()) return "../" + std::string(schema_path);
  }
}

// "-": it is printed.
std::string file_of(const Arguments& arguments) {
  if (!arguments.to.empty()) return arguments.to;
  if (arguments.name.empty()) return "-";
  const auto extension = fs::path(arguments.name).extension();
  return extension == ".yaml" || extension == ".yml" ? arguments.name : arguments.name + ".yaml";
}

// What is no text can be no plan; what is only odd in one is cleaned. The error was said.
bool is_text(const Context& context, const std::string& plan) {
  const auto& path = context.arguments.from;
  Diagnostics wrong;
  const bool is_read = yaml::check_text(yaml::SourceText(plan, 0), wrong) == yaml::Readable::yes;
  if (is_read || (wrong.back().code != yaml::messages::not_utf8.code && wrong.back().code != yaml::messages::nul_byte.code))
    return true;
  show_diagnostics(context, {wrong.back()}, {{path, path, plan}});
  return false;
}

Result<std::string, ExitCode> text_for(const Context& context, const std::string& file) {
  const auto& a = context.arguments;
  const auto stem = fs::path(a.name.empty() && file != "-" ? file : a.name).stem().string();
  if (a.from.empty()) return draft::starting_file(draft::id_from(stem), context.style.language);
  const auto text = read_file(a.from, plan_limit);
  if (!text) return failure(context.fail(ExitCode::usage, text.error()));
  if (!is_text(context, *text)) return failure(ExitCode::usage);
  draft::PlanDocument document;
  document.text = *text;
  // A runbook names its document from the folder it lies in; what is printed lies nowhere yet.
  const auto folder = file == "-" ? fs::current_path() : fs::absolute(file).lexically_normal().parent_path();
  document.path = fs::absolute(a.from).lexically_normal().lexically_relative(folder).string();
  const auto name = fs::path(a.from).filename().string();
  document.id = draft::id_from(stem.empty() ? name.substr(0, name.find('.')) : stem);
  document.section = a.section;
  auto made = draft::skeleton(document, context.style.language);
  if (!made) return failure(context.fail(ExitCode::usage, made.error().in(context.style.language)));
  return *made;
}

}  // namespace

ExitCode new_command(const Context& context) {
  const auto& a = context.arguments;
  if (a.name.empty() && a.from.empty()) return context.fail(ExitCode::usage, "new what? give it a NAME, or a plan with --from");
  const std::string file = file_of(a);
  const auto body = text_for(context, file);
  if (!body) return body.error();
  const std::string text = draft::modeline(schema_for(file == "-" ? "printed.yaml" : file)) + *body;
  if (file == "-") {
    context.terminal.result(text);
    return ExitCode::done;
  }
  const auto made = open_file(file, O_WRONLY | O_CREAT | O_EXCL, 0644);
  if (!made) return context.fail(ExitCode::usage, made.error());
  if (const auto written = write_all(made->get(), text); !written) return context.fail(ExitCode::broken, written.error());
  context.terminal.result(fmt::format("{0}\n  runbook lint {1}\n  runbook run {1} --plan\n", file, quoted_word(file)));
  return ExitCode::done;
}

}  // namespace runbook
