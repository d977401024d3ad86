#include "action/ssh_link.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdlib>

namespace runbook {
namespace {

using namespace std::chrono_literals;

constexpr Duration first_pause = 500ms, longest_pause = 10s;
constexpr Duration between_pings = 30s;  // a third of the host's patience
constexpr Duration kept_without_company = 60s;
constexpr std::size_t longest_preface = 64U << 10U;  // what a login may print before our program speaks

// The user's `ssh`, as a shell would find it.
Result<Descriptor, Failure> find_ssh() {
  const char* found = std::getenv("PATH");
  std::string_view rest = found != nullptr ? found : "/usr/bin:/bin";
  while (!rest.empty()) {
    const auto folder = rest.substr(0, rest.find(':'));
    rest.remove_prefix(std::min(folder.size() + 1, rest.size()));
    const auto path = std::string(folder) + "/ssh";
    if (!folder.empty() && ::access(path.c_str(), X_OK) == 0) return open_file(path, O_RDONLY);
  }
  return failure(Failure("there is no `ssh` in PATH"));
}

std::vector<std::string> own_environment() {
  std::vector<std::string> out;
  for (char** entry = environ; *entry != nullptr; ++entry) out.emplace_back(*entry);
  return out;
}

std::string machine() {
  struct utsname names {};
  return ::uname(&names) == 0 ? names.machine : "";
}

std::string nonce_of(const host::FromHost& message) {
  return std::visit(
      [](const auto& m) -> std::string {
        if constexpr (requires { m.nonce; }) return m.nonce;
        else return {};
      },
      message);
}

}  // namespace

SshLink::SshLink(Loop& loop, SshTarget target, const HostProgram& program)
    : loop_(loop),
      target_(std::move(target)),
      program_(program) {}

SshLink::~SshLink() { hang_up(); }

void SshLink::join(const std::string& nonce, Party& party) {
  parties_[nonce] = &party;
  company_.reset();
  newcomers_.push_back(nonce);
  if (!joined_) joined_ = loop_.at(loop_.now(), [this] { greet_newcomers(); });
}

// Where a connection is on its way, all are told at once.
void SshLink::greet_newcomers() {
  joined_.reset();
  if (state_ == State::idle) return connect();
  for (const auto& nonce : std::exchange(newcomers_, {}))
    if (const auto found = parties_.find(nonce); state_ == State::up && found != parties_.end()) found->second->reached();
}

void SshLink::leave(const std::string& nonce) {
  parties_.erase(nonce);
  if (parties_.empty()) company_ = loop_.at(loop_.now() + kept_without_company, [this] { hang_up(); });
}

void SshLink::connect() {
  state_ = State::connecting;
  newcomers_.clear();
  if (auto started = start(talk_command(program_), -1); !started) end({SshEnd::Kind::refused, started.error()});
}

void SshLink::install() {
  tried_to_install_ = true;
  state_ = State::installing;
  auto program = open_file(fmt::format("/proc/self/fd/{}", program_.descriptor), O_RDONLY);
  auto started = program ? start(install_command(program_), program->get()) : Result<void, Failure>(failure(program.error()));
  if (!started) end({SshEnd::Kind::refused, started.error()});
}

Result<void, Failure> SshLink::start(const std::string& command, int input) {
  auto ssh = find_ssh();
  if (!ssh) return failure(ssh.error());
  std::array<int, 2> there{-1, -1}, back{-1, -1};
  if (::pipe2(back.data(), O_CLOEXEC) != 0) return failure(system_failure("cannot make a pipe", errno));
  from_ = Descriptor(back[0]);
  const Descriptor output(back[1]);
  Descriptor own_input;
  if (input < 0) {
    if (::pipe2(there.data(), O_CLOEXEC) != 0) return failure(system_failure("cannot make a pipe", errno));
    own_input = Descriptor(there[0]);
    to_ = Descriptor(there[1]);
    ::fcntl(to_.get(), F_SETFL, O_NONBLOCK);
  }
  ::fcntl(from_.get(), F_SETFL, O_NONBLOCK);
  errors_ = Descriptor(::memfd_create("ssh-errors", MFD_CLOEXEC));
  said_.clear();
  outgoing_.clear();
  frames_ = {};
  ChildSpec spec;
  spec.executable = ssh->get();
  spec.handed_over = {ssh->get()};  // it may be a script of the user's, which is read by its number
  spec.arguments = ssh_arguments(target_, command);
  spec.environment = own_environment();
  spec.standard_input = input < 0 ? own_input.get() : input;
  spec.standard_output = output.get();
  spec.standard_error = errors_.get();
  auto child = loop_.start(spec, [this](ExitStatus status) { ended(status); });
  if (!child) return failure(child.error());
  child_ = std::move(*child);
  reading_ = loop_.watch(from_.get(), Interest::read, [this] { read(); });
  return {};
}

bool SshLink::read() {
  std::array<char, 65536> bytes;
  const auto size = ::read(from_.get(), bytes.data(), bytes.size());
  if (size < 0) return errno == EINTR;
  if (size > 0) {
    take({bytes.data(), static_cast<std::size_t>(size)});
    return true;
  }
  reading_.reset();  // its end is told by the child's
  timer_ = loop_.at(loop_.now() + 2s, [this] {
    if (child_) child_->signal(SIGKILL);
  });
  return false;
}

void SshLink::take(std::string_view bytes) {
  if (state_ == State::connecting || state_ == State::installing) {
    said_.append(bytes);
    const auto at = state_ == State::connecting ? said_.find(host::greeting) : std::string::npos;
    if (at == std::string::npos) {
      if (said_.size() > longest_preface) child_->signal(SIGKILL);
      return;
    }
    state_ = State::greeted;
    frames_.add(std::string_view(said_).substr(at + host::greeting.size()));
  } else {
    frames_.add(bytes);
  }
  while (const auto message = frames_.next_from_host()) {
    if (const auto* hello = std::get_if<host::Hello>(&*message)) {
      state_ = State::up;
      tried_to_install_ = false;
      pause_ = {};
      world_ = hello->world;
      host_clock_ = hello->monotonic;
      greeted_ = loop_.now();
      keep_alive();
      const auto present = parties_;
      for (const auto& [nonce, party] : present) party->reached();
    } else if (const auto found = parties_.find(nonce_of(*message)); found != parties_.end()) {
      found->second->hear(*message);
    }
  }
  if (frames_.broken()) child_->signal(SIGKILL);
}

void SshLink::say(const host::ToHost& message) {
  if (state_ != State::up) return;
  outgoing_ += encode(message);
  write();
}

void SshLink::write() {
  while (!outgoing_.empty()) {
    const auto size = ::write(to_.get(), outgoing_.data(), outgoing_.size());
    if (size > 0) {
      outgoing_.erase(0, static_cast<std::size_t>(size));
    } else if (size < 0 && errno == EAGAIN) {
      if (!writing_) writing_ = loop_.watch(to_.get(), Interest::write, [this] { write(); });
      return;
    } else if (errno != EINTR) {
      break;  // its end is told by the child's
    }
  }
  writing_.reset();
}

void SshLink::keep_alive() {
  keep_alive_ = loop_.at(loop_.now() + between_pings, [this] {
    say(host::Ping{});
    keep_alive();
  });
}

std::int64_t SshLink::host_clock(Instant when) const {
  return host_clock_ + std::chrono::duration_cast<std::chrono::nanoseconds>(when - greeted_).count();
}

std::string SshLink::errors() const {
  std::string out(16U << 10U, '\0');
  const auto size = ::pread(errors_.get(), out.data(), out.size(), 0);
  out.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
  return out;
}

void SshLink::ended(ExitStatus status) {
  const auto was = state_;
  while (reading_ && read()) {}  // what it said last
  const auto text = errors();
  const auto said = said_;
  hang_up();
  if (was == State::installing) {
    const auto wrong = install_end(status, said, text);
    return wrong ? end(*wrong) : connect();
  }
  auto how = ssh_end(status, was == State::connecting ? said : "", text, machine());
  if (was == State::connecting && how.kind == SshEnd::Kind::not_there) {
    if (!tried_to_install_) return install();
    how = {SshEnd::Kind::refused, "our supervisor was put there and does not answer: " + how.why};
  }
  end(how);
}

// Told to all, and tried again: also what was refused may be mended meanwhile, where somebody has to wait for it.
void SshLink::end(const SshEnd& how) {
  hang_up();
  tried_to_install_ = false;
  const auto present = parties_;
  state_ = State::pausing;
  pause_ = pause_ == Duration{} ? first_pause : std::min(pause_ * 2, longest_pause);
  timer_ = loop_.at(loop_.now() + pause_, [this] {
    state_ = State::idle;
    if (!parties_.empty()) connect();
  });
  for (const auto& [nonce, party] : present) party->lost(how);
}

void SshLink::hang_up() {
  for (auto* handle : {&reading_, &writing_, &timer_, &keep_alive_}) handle->reset();
  if (child_) child_->signal(SIGTERM);
  child_.reset();
  to_ = Descriptor();
  from_ = Descriptor();
  state_ = State::idle;
}

}  // namespace runbook
