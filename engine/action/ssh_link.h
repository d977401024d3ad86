// One connection to one host, shared by all attempts there: made when the first comes, made again when it is cut, closed a
// while after the last has gone. It carries messages; what they mean is the attempts' business.
#pragma once
#include <map>

#include "action/ssh_target.h"
#include "supervisor/host_protocol.h"

namespace runbook {

class SshLink {
 public:
  class Party {  // an attempt on that host; told of everything that follows its joining, never inside a call of its own
   public:
    virtual ~Party() = default;
    virtual void reached() = 0;                            // what is said from now on arrives, unless `lost` follows
    virtual void lost(const SshEnd& end) = 0;              // also when it could not be reached; it is tried again, and again
    virtual void hear(const host::FromHost& message) = 0;  // of this attempt's nonce
  };

  SshLink(Loop& loop, SshTarget target, const HostProgram& program);
  SshLink(const SshLink&) = delete;
  SshLink& operator=(const SshLink&) = delete;
  ~SshLink();

  void join(const std::string& nonce, Party& party);
  void leave(const std::string& nonce);
  bool is_up() const { return state_ == State::up; }
  void say(const host::ToHost& message);  // nothing while it is not up
  // While it is up: the host's monotonic clock at that time. The word travelled, so it is early rather than late.
  std::int64_t host_clock(Instant when) const;
  const std::string& world() const { return world_; }  // the host's, as of the last greeting
  const SshTarget& target() const { return target_; }

 private:
  enum class State { idle, connecting, greeted, installing, up, pausing };
  void connect();
  void install();
  Result<void, Failure> start(const std::string& command, int input);
  void greet_newcomers();
  bool read();  // false when there is nothing more for now
  void take(std::string_view bytes);
  void write();
  void ended(ExitStatus status);
  void end(const SshEnd& end);
  void hang_up();
  void keep_alive();
  std::string errors() const;

  Loop& loop_;
  SshTarget target_;
  const HostProgram& program_;
  State state_ = State::idle;
  std::map<std::string, Party*> parties_;
  std::unique_ptr<Child> child_;
  Descriptor to_, from_, errors_;
  Watch reading_, writing_;
  Timer timer_, company_, joined_, keep_alive_;
  std::vector<std::string> newcomers_;
  std::string outgoing_, said_;  // said_: before the greeting
  host::Frames frames_;
  bool tried_to_install_ = false;
  Duration pause_{};
  std::string world_;
  std::int64_t host_clock_ = 0;
  Instant greeted_{};
};

}  // namespace runbook
