#include "drive/inherited.h"

#include <algorithm>
#include <array>

#include "base/digest.h"

namespace runbook {
namespace {

bool differs_everywhere(std::string_view name) {
  constexpr std::array<std::string_view, 16> names{
      "_",    "PWD",       "OLDPWD",  "SHLVL",          "COLUMNS",    "LINES",
      "TERM", "WINDOWID",  "SSH_TTY", "SSH_CONNECTION", "SSH_CLIENT", "XDG_SESSION_ID",
      "TMUX", "TMUX_PANE", "STY",     "INVOCATION_ID"};
  return name.starts_with("RUNBOOK_") || std::find(names.begin(), names.end(), name) != names.end();
}

std::string digest_of(const std::string& salt, const std::string& name, const std::string& value) {
  return sha256_hex(salt + name + '\0' + value).substr(0, 16);
}

Inherited digest_with(const std::string& salt, const Environment& environment, const Environment& declared) {
  Inherited out{salt, {}};
  for (const auto& [name, value] : environment)
    if (declared.count(name) == 0 && !differs_everywhere(name)) out.digests.emplace(name, digest_of(salt, name, value));
  return out;
}

}  // namespace

Inherited digest_environment(const Environment& environment, const Environment& declared) {
  return digest_with(random_hex(16), environment, declared);
}

std::vector<std::string> differing(const Inherited& then, const Environment& now, const Environment& declared) {
  std::vector<std::string> out;
  if (then.salt.empty()) return out;
  const auto present = digest_with(then.salt, now, declared).digests;
  for (const auto& [name, digest] : present)
    if (const auto before = then.digests.find(name); before == then.digests.end() || before->second != digest)
      out.push_back(name);
  for (const auto& [name, digest] : then.digests)
    if (present.count(name) == 0) out.push_back(name);
  std::sort(out.begin(), out.end());
  return out;
}

bool leads_elsewhere(std::string_view name) {
  if (name == "PATH" || name == "HOME") return true;
  for (const std::string_view beginning : {"KUBE", "PG", "AWS_", "GOOGLE_", "AZURE_"})
    if (name.starts_with(beginning)) return true;
  return name.ends_with("_PROXY") || name.ends_with("_proxy");
}

}  // namespace runbook
