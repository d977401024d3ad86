#include "supervisor/program/pump.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "supervisor/program/clock.h"
#include "supervisor/program/kept_output.h"

namespace runbook {
namespace {

std::array<unsigned char, 65536> buffer;

// One read, kept; false at EOF. A pipe that is empty for now is no end.
bool carry(int pipe, KeptOutput& into, std::size_t most, std::size_t& carried) {
  const auto size = ::read(pipe, buffer.data(), std::min(most, buffer.size()));
  carried = size > 0 ? static_cast<std::size_t>(size) : 0;
  if (size > 0) into.add(buffer.data(), carried);
  return size > 0 || (size < 0 && (errno == EAGAIN || errno == EINTR));
}

// What the pipe holds now, at most: somebody left behind may go on writing for ever.
void drain(int pipe, KeptOutput& into) {
  const int capacity = ::fcntl(pipe, F_GETPIPE_SZ);
  auto left = static_cast<std::size_t>(capacity > 0 ? capacity : 65536);
  for (std::size_t carried = 1; left > 0 && carried > 0; left -= carried)
    if (!carry(pipe, into, left, carried)) return;
}

void discard_until_end(std::array<struct pollfd, 2>& pipes) {
  while (pipes[0].fd >= 0 || pipes[1].fd >= 0) {
    if (::poll(pipes.data(), pipes.size(), -1) < 0 && errno != EINTR) return;
    for (auto& pipe : pipes) {
      if (pipe.fd < 0 || pipe.revents == 0) continue;
      if (::read(pipe.fd, buffer.data(), buffer.size()) == 0) pipe.fd = -1;
    }
  }
}

[[noreturn]] void pump_main(const Order& order, const OutputPipes& pipes, int control) {
  if (::chdir("/") != 0) {}
  KeptOutput out(order.out, order.keep), err(order.err, order.keep);
  std::array<struct pollfd, 3> ready{{{pipes.out_read, POLLIN, 0}, {pipes.err_read, POLLIN, 0}, {control, POLLIN, 0}}};
  // Until the supervisor asks. If it dies instead, everything up to EOF is still worth keeping.
  bool asked = false;
  while (!asked && (ready[0].fd >= 0 || ready[1].fd >= 0 || ready[2].fd >= 0)) {
    if (::poll(ready.data(), ready.size(), -1) < 0) {
      if (errno == EINTR) continue;
      ::_exit(1);
    }
    std::size_t carried = 0;
    if (ready[0].revents != 0 && !carry(pipes.out_read, out, buffer.size(), carried)) ready[0].fd = -1;
    if (ready[1].revents != 0 && !carry(pipes.err_read, err, buffer.size(), carried)) ready[1].fd = -1;
    if (ready[2].revents != 0) {
      char question = 0;
      asked = ::recv(control, &question, 1, MSG_DONTWAIT) == 1;
      if (!asked) ready[2].fd = -1;
    }
  }
  if (ready[0].fd >= 0) drain(pipes.out_read, out);
  if (ready[1].fd >= 0) drain(pipes.err_read, err);
  const auto sync = order.slot >= 0 ? KeptOutput::Sync::yes : KeptOutput::Sync::no;
  const PumpReport report{out.finish(sync), err.finish(sync)};
  ::send(control, &report, sizeof report, MSG_NOSIGNAL);
  ::close(control);
  ::close(order.out);
  ::close(order.err);
  std::array<struct pollfd, 2> rest{{{ready[0].fd, POLLIN, 0}, {ready[1].fd, POLLIN, 0}}};
  discard_until_end(rest);
  ::_exit(0);
}

}  // namespace

std::optional<OutputPipes> make_output_pipes() {
  std::array<int, 2> out{}, err{};
  if (::pipe2(out.data(), O_CLOEXEC) != 0) return std::nullopt;
  if (::pipe2(err.data(), O_CLOEXEC) != 0) return std::nullopt;
  for (const int end : {out[1], err[1]}) ::fchmod(end, 0666);
  for (const int end : {out[0], err[0]}) ::fcntl(end, F_SETFL, O_NONBLOCK);
  return OutputPipes{out[0], out[1], err[0], err[1]};
}

void close_write_ends(OutputPipes& pipes) {
  ::close(pipes.out_write);
  ::close(pipes.err_write);
  pipes.out_write = pipes.err_write = -1;
}

Pump start_pump(const Order& order, const OutputPipes& pipes, PumpDuty duty) {
  std::array<int, 2> control{};
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, control.data()) != 0) return {};
  const pid_t pid = ::fork();
  if (pid == 0) {
    ::close(control[0]);
    for (const int number : {pipes.out_write, pipes.err_write, order.attempts, order.record, order.leash})
      if (number >= 0) ::close(number);
    if (duty == PumpDuty::discard) {
      ::close(control[1]);
      std::array<struct pollfd, 2> rest{{{pipes.out_read, POLLIN, 0}, {pipes.err_read, POLLIN, 0}}};
      discard_until_end(rest);
      ::_exit(0);
    }
    pump_main(order, pipes, control[1]);
  }
  ::close(control[1]);
  if (pid < 0) {
    ::close(control[0]);
    return {};
  }
  return {pid, control[0]};
}

std::optional<PumpReport> finish_pump(Pump& pump, std::int64_t patience) {
  if (pump.control < 0 || ::send(pump.control, "F", 1, MSG_NOSIGNAL) != 1) return std::nullopt;
  const auto give_up = monotonic() + patience;
  for (;;) {
    struct pollfd ready {
      pump.control, POLLIN, 0
    };
    const auto left = to_timespec(give_up - monotonic());
    const int answer = ::ppoll(&ready, 1, &left, nullptr);
    if (answer < 0 && errno == EINTR) continue;
    if (answer <= 0) return std::nullopt;
    PumpReport report;
    if (::recv(pump.control, &report, sizeof report, 0) != static_cast<ssize_t>(sizeof report)) return std::nullopt;
    return report;
  }
}

}  // namespace runbook
