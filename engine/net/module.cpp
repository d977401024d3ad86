#include "net/module.h"

#include "net/curl_http.h"
#include "net/libpq_postgres.h"
#include "net/net.h"

namespace runbook {
namespace {

class NetOfModule final : public Net {
 public:
  std::unique_ptr<Http> http(Loop& loop) override { return make_curl_http(loop); }
  std::unique_ptr<Postgres> postgres(Loop& loop) override { return make_libpq_postgres(loop); }
};

}  // namespace
}  // namespace runbook

extern "C" __attribute__((visibility("default"))) const char* runbook_net_seal() { return RUNBOOK_NET_SEAL; }
extern "C" __attribute__((visibility("default"))) runbook::Net* runbook_net_open() {
  static runbook::NetOfModule net;
  return &net;
}
