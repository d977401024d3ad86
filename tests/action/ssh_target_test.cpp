// Where an `ssh` step goes, what the login shell there is given, and what ssh's end means.
#include <algorithm>
#include <catch2/catch.hpp>

#include "action/ssh_target.h"

using namespace runbook;
using Catch::Contains;

namespace {

Record fields_of(const std::string& host, const std::string& user, const std::string& port) {
  Record out{{"host", Value(host)}};
  if (!user.empty()) out.emplace("user", Value(user));
  if (!port.empty()) out.emplace("port", Value(port));
  return out;
}

}  // namespace

TEST_CASE("a host, user or port that a shell or ssh would take for something else is refused") {
  struct Case {
    const char *host, *user, *port, *words;  // words: "" where it is refused
  };
  const auto c = GENERATE(values<Case>({
      {"web1", "", "", "web1"},
      {"web1.example.org", "deploy", "2222", "deploy@web1.example.org:2222"},
      {"fe80::1%eth0", "", "22", "fe80::1%eth0:22"},
      {"웹서버", "", "", "웹서버"},
      {"10.0.0.1", "a.b-c_d@realm", "", "a.b-c_d@realm@10.0.0.1"},
      {"", "", "", ""},
      {"-oProxyCommand=touch x", "", "", ""},
      {"a b", "", "", ""},
      {"$(touch x)", "", "", ""},
      {"a;b", "", "", ""},
      {"a`b`", "", "", ""},
      {"a\nb", "", "", ""},
      {"a'b", "", "", ""},
      {"web1", "-l", "", ""},
      {"web1", "$(id)", "", ""},
      {"web1", "", "0", ""},
      {"web1", "", "65536", ""},
      {"web1", "", "22x", ""},
      {"web1", "", "-1", ""},
  }));
  INFO(c.host << " " << c.user << " " << c.port);
  const auto target = ssh_target(fields_of(c.host, c.user, c.port));
  CHECK((target ? in_words(*target) : "") == c.words);
}

TEST_CASE("ssh asks nobody, checks what the user's configuration says, and the host comes after `--`") {
  const auto arguments = ssh_arguments({"web1", "deploy", 2222}, "command");
  std::string all;
  for (const auto& argument : arguments) all += argument + " ";
  CHECK_THAT(all, Contains("-o BatchMode=yes") && Contains("-l deploy -p 2222 -- web1 command "));
  CHECK_THAT(all, !Contains("StrictHostKeyChecking"));
}

TEST_CASE("the login shell is given one line of constants, which csh and fish take as sh does") {
  const HostProgram program{-1, std::string(32, 'a'), 1000};
  for (const auto& command : {talk_command(program), install_command(program)}) {
    INFO(command);
    CHECK(command.rfind("exec /bin/sh -c '", 0) == 0);
    CHECK(command.find_first_of("!\n\\") == std::string::npos);
    CHECK(std::count(command.begin(), command.end(), '\'') == 2);
  }
}

TEST_CASE("ssh's end tells whether waiting may help") {
  struct Case {
    int code;
    const char *said, *errors;
    SshEnd::Kind kind;
    const char* why;
  };
  using K = SshEnd::Kind;
  const auto c = GENERATE(values<Case>({
      {255, "", "ssh: connect to host h port 22: Connection refused\r\n", K::unreachable, "Connection refused"},
      {255, "", "ssh: connect to host h port 22: No route to host\n", K::unreachable, "No route"},
      {255, "", "Timeout, server h not responding.\r\n", K::unreachable, "not responding"},
      {255, "", "ssh: Could not resolve hostname h: Temporary failure in name resolution\n", K::unreachable, "Temporary"},
      {255, "", "", K::unreachable, "the connection ended"},
      {255, "", "ssh: Could not resolve hostname h: Name or service not known\n", K::refused, "there is no such host"},
      {255, "", "No ED25519 host key is known for h and you have requested strict checking.\nHost key verification failed.\n",
       K::refused, "host key is not known"},
      {255, "", "root@h: Permission denied (publickey,password).\n", K::refused, "does not let this user in"},
      {255, "", "/home/u/.ssh/config: line 1: Bad configuration option: x\n", K::refused, "configuration is wrong"},
      {0, "Welcome!\nRBHOST missing x86_64\n", "", K::not_there, ""},
      {0, "RBHOST missing aarch64\n", "", K::refused, "another kind of machine (aarch64)"},
      {127, "", "sh: 1: /bin/sh: not found\n", K::not_there, "not found"},
      {0, "This account is currently not available.\n", "", K::not_there, ""},
  }));
  INFO(c.said << c.errors);
  const auto end = ssh_end({true, c.code, 0}, c.said, c.errors, "x86_64");
  CHECK(end.kind == c.kind);
  CHECK_THAT(end.why, Contains(c.why));
}

TEST_CASE("an installation is done when the host says so, and what it says otherwise is told") {
  CHECK(!install_end({true, 0, 0}, "noise\nRBHOST ready\n", ""));
  const auto full = install_end({true, 1, 0}, "", "cat: write error: No space left on device\n");
  REQUIRE(full);
  CHECK(full->kind == SshEnd::Kind::refused);
  CHECK_THAT(full->why, Contains("exit 1") && Contains("No space left"));
  const auto cut = install_end({true, 255, 0}, "", "client_loop: send disconnect: Broken pipe\n");
  REQUIRE(cut);
  CHECK(cut->kind == SshEnd::Kind::unreachable);
}
