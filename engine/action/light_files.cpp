#include "action/light_files.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <cstdlib>

namespace runbook {
namespace {

Result<std::pair<Descriptor, Descriptor>, Failure> make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return failure(system_failure("cannot make a pipe", errno));
  return std::pair(Descriptor(ends[0]), Descriptor(ends[1]));
}

Result<std::string, Failure> write_script(const AttemptContext& context, const std::string& text) {
  if (context.directory >= 0) {
    const auto name = attempt_file(context, "sh");
    auto file = open_beneath(context.directory, name, O_WRONLY | O_CREAT | O_TRUNC);
    if (!file) return failure(file.error());
    if (auto written = write_all(file->get(), text); !written) return failure(written.error());
    return context.directory_path + "/" + name;
  }
  // A store in memory has no directory.
  const char* place = std::getenv("TMPDIR");
  std::string path = std::string(place != nullptr && *place != '\0' ? place : "/tmp") + "/runbook-XXXXXX.sh";
  const Descriptor file(::mkostemps(path.data(), 3, O_CLOEXEC));
  if (!file) return failure(system_failure("cannot make " + path, errno));
  if (auto written = write_all(file.get(), text); !written) return failure(written.error());
  return path;
}

}  // namespace

void LightFiles::remove_script() const {
  if (!script.empty()) ::unlink(script.c_str());
}

Result<LightFiles, Failure> make_light_files(const AttemptContext& context, const Command& command) {
  LightFiles out;
  out.out = Descriptor(::memfd_create("runbook-out", MFD_CLOEXEC));
  out.err = Descriptor(::memfd_create("runbook-err", MFD_CLOEXEC));
  if (!out.out || !out.err) return failure(system_failure("cannot make a memory file", errno));
  auto record = make_pipe();
  if (!record) return failure(record.error());
  auto leash = make_pipe();
  if (!leash) return failure(leash.error());
  out.record = std::move(record->first);
  out.record_write = std::move(record->second);
  ::fcntl(out.record.get(), F_SETFL, O_NONBLOCK);
  out.leash_read = std::move(leash->first);
  out.leash = std::move(leash->second);
  if (command.takes == Command::Script::none) return out;
  auto script = write_script(context, command.script);
  if (!script) return failure(script.error());
  out.script = std::move(*script);
  return out;
}

}  // namespace runbook
