#include <dlfcn.h>
#include <unistd.h>

#include <array>
#include <climits>
#include <cstring>

#include "net/module.h"
#include "net/net.h"

namespace runbook {
namespace {

std::string folder_of_executable() {
  std::array<char, PATH_MAX> path{};
  const auto length = ::readlink("/proc/self/exe", path.data(), path.size());
  const std::string_view text(path.data(), length < 0 ? 0 : static_cast<std::size_t>(length));
  return std::string(text.substr(0, text.rfind('/') + 1));  // what an upgrade appends, " (deleted)", goes with the name
}

}  // namespace

Result<Net*, Failure> load_net() {
  const std::string path = folder_of_executable() + "runbook-net.so";
  void* module = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (module == nullptr) return failure(Failure("sql and http steps need ") + ::dlerror());
  const auto seal = reinterpret_cast<NetSeal*>(::dlsym(module, net_seal_name));
  const auto open = reinterpret_cast<NetOpen*>(::dlsym(module, net_open_name));
  if (seal == nullptr || open == nullptr || std::strcmp(seal(), RUNBOOK_NET_SEAL) != 0) {
    return failure("sql and http steps need " + path + " of the same build as the running engine: it has been replaced");
  }
  return open();
}

}  // namespace runbook
