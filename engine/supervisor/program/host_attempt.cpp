#include "supervisor/program/host_attempt.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <map>

#include "base/byte_lock.h"
#include "supervisor/file_identity.h"
#include "supervisor/process_table.h"
#include "supervisor/program/clock.h"
#include "supervisor/remains.h"

namespace runbook {
namespace {

constexpr std::int64_t sweep_patience = 10 * seconds;

int sealed(const std::string& bytes) {
  const int file = ::memfd_create("runbook-order", MFD_CLOEXEC | MFD_ALLOW_SEALING);
  if (file < 0) return -1;
  const bool written = ::pwrite(file, bytes.data(), bytes.size(), 0) == static_cast<ssize_t>(bytes.size());
  if (written && ::fcntl(file, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) == 0) return file;
  ::close(file);
  return -1;
}

// What the login gave, and on top of it what the runbook sets.
std::vector<std::string> on_top_of_login(const std::vector<std::string>& ours) {
  std::map<std::string, std::string> all;
  const auto add = [&all](const std::string& entry) { all[entry.substr(0, entry.find('='))] = entry; };
  for (char** entry = environ; *entry != nullptr; ++entry) add(*entry);
  for (const auto& entry : ours) add(entry);
  std::vector<std::string> out;
  for (auto& [name, entry] : all) out.push_back(std::move(entry));
  return out;
}

void close_one(int& descriptor) {
  if (descriptor >= 0) ::close(descriptor);
  descriptor = -1;
}

}  // namespace

HostAttempt::~HostAttempt() {
  close_all();
  if (light_) files_.remove(nonce_);
}

void HostAttempt::close_all() {
  for (int* descriptor : {&slots_, &out_, &err_, &record_, &leash_}) close_one(*descriptor);
}

Why HostAttempt::launch(host::Launch what) {
  identity_ = what.identity;
  world_ = what.order.world;
  auto& order = what.order;
  if (what.script_is_last_argument) order.arguments.push_back(files_.path(nonce_, "script"));
  order.environment = on_top_of_login(order.environment);
  if (order.cwd.empty() || order.cwd.front() != '/') {
    std::array<char, 4096> home{};
    order.cwd = (::getcwd(home.data(), home.size()) != nullptr ? std::string(home.data()) : "/") + "/" + order.cwd;
  }
  return order.slot < 0 ? launch_light(std::move(order), what.script) : launch_durable(std::move(order));
}

void HostAttempt::look(const host::Look& what) {
  identity_ = what.identity;
  world_ = what.world;
  if (slots_ < 0) slots_ = files_.open(nonce_, "attempts");
}

Why HostAttempt::launch_durable(Order order) {
  slots_ = files_.open(nonce_, "attempts");
  if (slots_ < 0 || identity_of_file(slots_) != identity_) return {};  // its evidence tells
  // A description of its own, locked before the supervisor exists and handed over: never a moment without a holder.
  order.attempts = files_.open(nonce_, "attempts");
  if (order.attempts < 0) return failed("cannot open the attempt's record");
  const auto lock = try_lock_byte(order.attempts, 0);
  if (lock == LockState::unknown) {
    const auto why = failed("the kernel there has no locks of the kind that this needs");
    ::close(order.attempts);
    return why;
  }
  Why why;
  // Held, claimed or ended: somebody was here before, on another connection. An attempt starts at most once, ever.
  if (lock == LockState::free && state_of(read_block(slots_, BlockKind::claim), BlockKind::claim) == BlockState::none &&
      state_of(read_block(slots_, BlockKind::exit), BlockKind::exit) == BlockState::none) {
    order.out = files_.open(nonce_, "out");
    order.err = files_.open(nonce_, "err");
    if (order.out >= 0 && order.err >= 0) why = spawn(order, {order.attempts, order.out, order.err});
  }
  close_one(order.attempts);
  close_one(order.out);
  close_one(order.err);
  return why;
}

Why HostAttempt::launch_light(Order order, const std::string& script) {
  light_ = true;
  if (auto why = files_.write_script(nonce_, script); !why.empty()) return why;
  std::array<int, 2> record{-1, -1}, leash{-1, -1};
  out_ = ::memfd_create("runbook-out", MFD_CLOEXEC);
  err_ = ::memfd_create("runbook-err", MFD_CLOEXEC);
  if (out_ < 0 || err_ < 0 || ::pipe2(record.data(), O_CLOEXEC) != 0 || ::pipe2(leash.data(), O_CLOEXEC) != 0)
    return failed("cannot make a pipe");
  record_ = record[0];
  leash_ = leash[1];
  ::fcntl(record_, F_SETFL, O_NONBLOCK);
  order.out = out_;
  order.err = err_;
  order.record = record[1];
  order.leash = leash[0];
  auto why = spawn(order, {order.out, order.err, order.record, order.leash});
  close_one(record[1]);
  close_one(leash[0]);
  return why;
}

Why HostAttempt::spawn(const Order& order, std::initializer_list<int> handed_over) {
  const int input = sealed(encode(order));
  if (input < 0) return failed("cannot make a memory file");
  const auto shown = order.name.run + "/" + order.name.step;
  std::array<char*, 3> arguments{const_cast<char*>("runbook-supervisor"), const_cast<char*>(shown.c_str()), nullptr};
  child_ = ::fork();
  if (child_ == 0) {
    ::setsid();
    for (const int descriptor : handed_over) ::fcntl(descriptor, F_SETFD, 0);
    if (::dup2(input, 0) == 0) ::syscall(SYS_execveat, program_, "", arguments.data(), environ, AT_EMPTY_PATH);
    ::_exit(127);
  }
  const auto why = child_ < 0 ? failed("cannot make a process") : Why();
  ::close(input);
  return why;
}

void HostAttempt::signal(int number) {
  signal_ = number;
  pass_signal_on();
}

void HostAttempt::pass_signal_on() {
  if (!signal_) return;
  if (child_ > 0) {  // not reaped: the number is still its own
    ::kill(child_, *signal_);
    signal_.reset();
    return;
  }
  if (light_ || slots_ < 0) return;
  const auto claim = decode_claim(read_block(slots_, BlockKind::claim));
  if (!claim || claim->world != world()) return;
  const auto pid = static_cast<pid_t>(claim->supervisor.pid);
  const int process = static_cast<int>(::syscall(SYS_pidfd_open, pid, 0U));
  if (identity_of_process(pid) == claim->supervisor) {
    if (process >= 0) ::syscall(SYS_pidfd_send_signal, process, *signal_, nullptr, 0U);
    else ::kill(pid, *signal_);  // a kernel before 5.3
  }
  if (process >= 0) ::close(process);
  signal_.reset();
}

bool HostAttempt::is_running() {
  int status = 0;
  if (child_ > 0 && ::waitpid(child_, &status, WNOHANG) == child_) {
    child_ = -1;
    child_exit_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }
  if (child_ > 0) return true;
  return !light_ && slots_ >= 0 && look_at_byte(slots_, 0) != LockState::free;
}

std::optional<host::Found> HostAttempt::ended() {
  pass_signal_on();
  if (is_running()) return std::nullopt;
  auto found = light_ ? evidence_of_light() : evidence();
  found.nonce = nonce_;
  if (child_exit_) found.supervisor_exit = *child_exit_;
  return found;
}

// After the lock: claim, then exit (3-execution.md, section 3).
host::Found HostAttempt::evidence() const {
  host::Found found;
  found.same_world = world_ == world();
  if (slots_ < 0) {
    found.files = Files::missing_or_foreign;
    return found;
  }
  const auto claim_block = read_block(slots_, BlockKind::claim), exit_block = read_block(slots_, BlockKind::exit);
  found.claim = state_of(claim_block, BlockKind::claim);
  found.exit = state_of(exit_block, BlockKind::exit);
  const auto claim = decode_claim(claim_block);
  const auto exit = decode_exit(exit_block);
  const int out = files_.open(nonce_, "out"), err = files_.open(nonce_, "err");
  const bool foreign = identity_of_file(slots_) != identity_ || (claim && claim->name.nonce != nonce_) ||
                       (exit && exit->name.nonce != nonce_) || out < 0 || err < 0;
  if (foreign) found.files = Files::missing_or_foreign;
  if (!foreign && exit) {
    found.record.assign(exit_block.begin(), exit_block.end());
    found.out = read_whole(out);
    found.err = read_whole(err);
  }
  for (const int file : {out, err})
    if (file >= 0) ::close(file);
  if (!foreign && !exit && found.claim != BlockState::none && found.same_world) {  // its supervisor died
    const auto leader = decode_leader(read_block(slots_, BlockKind::leader));
    const auto process = leader && leader->name.nonce == nonce_ ? std::optional(leader->process) : std::nullopt;
    const auto give_up = monotonic() + sweep_patience;
    do {
      found.living = kill_remains(attempt_mark(nonce_), process);
      if (!found.living.empty()) pause_for(10 * milliseconds);
    } while (!found.living.empty() && monotonic() < give_up);
  }
  return found;
}

host::Found HostAttempt::evidence_of_light() const {
  host::Found found;
  Block block{};
  if (::read(record_, block.data(), block.size()) != static_cast<ssize_t>(block.size())) return found;
  found.exit = state_of(block, BlockKind::exit);
  found.record.assign(block.begin(), block.end());
  found.out = read_whole(out_);
  found.err = read_whole(err_);
  return found;
}

}  // namespace runbook
