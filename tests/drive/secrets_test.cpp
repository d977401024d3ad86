// Secrets that commands print.
#include "drive/secrets.h"

#include <signal.h>

#include <catch2/catch.hpp>

using namespace runbook;
using namespace std::chrono_literals;

namespace {

Secret printed_by(const std::string& script) {
  Secret out;
  out.name = "token";
  out.from = Secret::From::command;
  out.what = {"sh", "-c", script};
  return out;
}
std::string said(Secrets& secrets, const std::string& script) {
  const auto value = secrets.read(printed_by(script));
  return value ? *value : "error: " + value.error();
}

}  // namespace

TEST_CASE("a command's output is the secret, without its last newline, and is masked from then on") {
  Secrets secrets;
  CHECK(said(secrets, "printf 'a b\\n\\n'") == "a b\n");
  CHECK(said(secrets, "echo hunter2") == "hunter2");
  CHECK(secrets.masker().text("it is hunter2") == "it is ******");
  CHECK(said(secrets, "echo no; exit 3") == "error: secret `token`: the command sh failed");
  CHECK(said(secrets, "head -c 70000 /dev/zero") == "error: secret `token`: larger than 65536 bytes");
}

TEST_CASE("a command that prints a secret is not run to say whether it is there: its program is looked for") {
  const auto by = [](const std::string& program) {
    Secret out = printed_by("");
    out.what = {program, "show"};
    return is_present(out);
  };
  CHECK(by("false"));
  CHECK(by("/bin/sh"));
  CHECK_FALSE(by("/nonexistent/pass"));
  CHECK_FALSE(by("no-such-program-anywhere"));
  CHECK_FALSE(by("pass show x"));
  CHECK_FALSE(by("/"));  // a folder
}

TEST_CASE("a command that does not end is given up, also when what it started holds its output open") {
  Secrets secrets(50ms);
  CHECK(said(secrets, "exec sleep 1000") == "error: secret `token`: the command sh did not end within 50ms");
  CHECK(said(secrets, "sleep 3 & wait") == "error: secret `token`: the command sh did not end within 50ms");
}

TEST_CASE("signals that the engine holds back reach a secret's command") {
  sigset_t held, before;
  ::sigemptyset(&held);
  ::sigaddset(&held, SIGTERM);
  ::sigprocmask(SIG_BLOCK, &held, &before);
  Secrets secrets;
  const auto answer = said(secrets, "kill -TERM $$; echo survived");
  ::sigprocmask(SIG_SETMASK, &before, nullptr);
  CHECK(answer == "error: secret `token`: the command sh failed");
}
