#include "action/ssh_target.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "supervisor/host_protocol.h"

namespace runbook {
namespace {

constexpr std::string_view missing = "RBHOST missing ", installed = "RBHOST ready";
constexpr std::string_view folder = R"(d="${XDG_STATE_HOME:-$HOME/.local/state}/runbook-host")";

// Letters, digits, what is not ASCII (an alias of the user's configuration may be 웹서버), and these.
bool is_name(std::string_view text, std::string_view also) {
  return !text.empty() && text.front() != '-' && std::all_of(text.begin(), text.end(), [also](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x80 || (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           also.find(c) != std::string_view::npos;
  });
}

std::string text_of(const Record& fields, std::string_view key) {
  const auto found = fields.find(key);
  return found == fields.end() ? "" : to_text(found->second);
}

// Lines worth reading, the last few, in one.
std::string last_words(std::string_view errors) {
  constexpr std::size_t most = 3;
  std::vector<std::string_view> lines;
  while (!errors.empty()) {
    auto line = errors.substr(0, errors.find('\n'));
    errors.remove_prefix(std::min(line.size() + 1, errors.size()));
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.remove_suffix(1);
    if (!line.empty() && line.find("@@@") == std::string_view::npos && !line.starts_with("Warning: Permanently added"))
      lines.push_back(line);
  }
  if (lines.size() > most) lines.erase(lines.begin(), lines.end() - most);
  return fmt::format("{}", fmt::join(lines, "; "));
}

std::string shell_of_host(const std::string& script) { return "exec /bin/sh -c '" + script + "'"; }

std::string silent_end(const ExitStatus& status) {
  return status.exited ? "the connection ended" : fmt::format("the connection ended: ssh was killed by signal {}", status.signal);
}

struct Refusal {
  std::string_view ssh_says, means;
};
// ssh's own words are never translated. Whatever is not here may pass by itself.
constexpr std::array<Refusal, 9> refusals{{
    {"Host key verification failed", "its host key is not known or has changed: connect once by hand and compare it"},
    {"Permission denied (", "it does not let this user in"},
    {"Too many authentication failures", "it does not let this user in"},
    {"Name or service not known", "there is no such host"},
    {"No address associated with hostname", "there is no such host"},
    {"Bad configuration option", "the ssh configuration is wrong"},
    {"terminating,", "the ssh configuration is wrong"},
    {"Bad owner or permissions", "the ssh configuration is wrong"},
    {"Unable to negotiate", "it and this ssh have no method in common"},
}};

}  // namespace

Result<SshTarget, Failure> ssh_target(const Record& fields) {
  SshTarget out{text_of(fields, "host"), text_of(fields, "user"), 0};
  if (!is_name(out.host, ".-_:%")) return failure(fmt::format("`{}` is no name of a host", out.host));
  if (!out.user.empty() && !is_name(out.user, ".-_@+$")) return failure(fmt::format("`{}` is no name of a user", out.user));
  const auto port = text_of(fields, "port");
  if (port.empty()) return out;
  const auto parsed = std::from_chars(port.data(), port.data() + port.size(), out.port);
  if (parsed.ec != std::errc() || parsed.ptr != port.data() + port.size() || out.port < 1 || out.port > 65535)
    return failure(fmt::format("`{}` is no port: 1 to 65535", port));
  return out;
}

std::string in_words(const SshTarget& target) {
  return (target.user.empty() ? "" : target.user + "@") + target.host + (target.port == 0 ? "" : fmt::format(":{}", target.port));
}

// One line without an exclamation mark: csh and fish take it as sh does.
std::string talk_command(const HostProgram& program) {
  return shell_of_host(fmt::format(R"sh({}; s="$d/supervisor-{}"; [ -x "$s" ] && exec "$s" {} "$d"; echo "{}$(uname -m)")sh",
                                   folder, program.digest, host::role, missing));
}

// Under another name until it is whole and has been run once: a cut link leaves nothing that would be taken for it.
std::string install_command(const HostProgram& program) {
  return shell_of_host(
      fmt::format(R"sh(umask 077; {}; t="$d/.new.$$"; mkdir -p "$d" && cat > "$t" && [ "$(wc -c < "$t")" -eq {} ] && )sh"
                  R"sh(chmod 700 "$t" && "$t" {} && mv "$t" "$d/supervisor-{}" && echo "{}"; e=$?; rm -f "$t"; exit $e)sh",
                  folder, program.size, host::check_role, program.digest, installed));
}

std::vector<std::string> ssh_arguments(const SshTarget& target, const std::string& command) {
  std::vector<std::string> out{"ssh", "-T", "-x"};
  // No question without a person; a dead link is noticed within 15 s; a connection of our own, so that this is ours to say;
  // nothing of what an interactive session is configured to do beside.
  for (const char* option :
       {"BatchMode=yes", "LogLevel=INFO", "ConnectTimeout=15", "ServerAliveInterval=5", "ServerAliveCountMax=3",
        "ControlPath=none", "ControlMaster=no", "ClearAllForwardings=yes", "PermitLocalCommand=no", "RemoteCommand=none",
        "RequestTTY=no", "ForkAfterAuthentication=no", "StdinNull=no"}) {
    out.emplace_back("-o");
    out.emplace_back(option);
  }
  if (!target.user.empty()) out.insert(out.end(), {"-l", target.user});
  if (target.port != 0) out.insert(out.end(), {"-p", std::to_string(target.port)});
  out.insert(out.end(), {"--", target.host, command});
  return out;
}

SshEnd ssh_end(const ExitStatus& status, std::string_view said, std::string_view errors, std::string_view machine) {
  const auto words = last_words(errors);
  if (const auto at = said.find(missing); at != std::string_view::npos) {
    const auto theirs = said.substr(at + missing.size(), said.find('\n', at) - at - missing.size());
    if (theirs.empty() || theirs == machine) return {SshEnd::Kind::not_there, words};
    return {SshEnd::Kind::refused,
            fmt::format("it is another kind of machine ({}); this runbook brings its supervisor for {} only", theirs, machine)};
  }
  if (status.exited && status.code != 255) {  // not ssh's own: it was let in
    return {SshEnd::Kind::not_there, words};
  }
  for (const auto& refusal : refusals)
    if (errors.find(refusal.ssh_says) != std::string_view::npos)
      return {SshEnd::Kind::refused, fmt::format("{}: {}", refusal.means, words)};
  return {SshEnd::Kind::unreachable, words.empty() ? silent_end(status) : words};
}

std::optional<SshEnd> install_end(const ExitStatus& status, std::string_view said, std::string_view errors) {
  if (said.find(installed) != std::string_view::npos) return std::nullopt;
  const auto words = last_words(errors);
  if (!status.exited || status.code == 255) return SshEnd{SshEnd::Kind::unreachable, words.empty() ? silent_end(status) : words};
  return SshEnd{SshEnd::Kind::refused, fmt::format("our supervisor cannot be put there or run there (exit {}): {}", status.code,
                                                   words.empty() ? "it did not say why" : words)};
}

}  // namespace runbook
