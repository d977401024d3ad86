// The network's clients behind one door. They lie in a module that is loaded at the first sql or http step: libpq and libcurl
// bring 42 shared libraries, and those cost every start of the engine 20 ms.
#pragma once
#include "net/http.h"
#include "net/postgres.h"

namespace runbook {

class Net {
 public:
  virtual ~Net() = default;
  virtual std::unique_ptr<Http> http(Loop& loop) = 0;
  virtual std::unique_ptr<Postgres> postgres(Loop& loop) = 0;
};

// Loads runbook-net.so from the folder of the running executable and checks that it was built with it.
// The module stays loaded; the object lives as long as the process.
Result<Net*, Failure> load_net();

}  // namespace runbook
