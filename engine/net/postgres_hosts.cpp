#include "net/postgres_hosts.h"

#include <libpq-fe.h>

#include <algorithm>

namespace runbook {
namespace {

struct PgDeleter {
  void operator()(PGconn* connection) const { ::PQfinish(connection); }
  void operator()(PQconninfoOption* options) const { ::PQconninfoFree(options); }
};

std::vector<std::string> split(const std::string& list) {
  std::vector<std::string> parts;
  std::size_t start = 0;
  for (std::size_t comma = list.find(','); comma != std::string::npos; comma = list.find(',', start)) {
    parts.push_back(list.substr(start, comma - start));
    start = comma + 1;
  }
  parts.push_back(list.substr(start));
  return parts;
}

std::string value_in(const Keywords& keywords, const char* name) {
  const auto found = keywords.find(name);
  return found == keywords.end() ? std::string() : found->second;
}

bool is_socket(const std::string& host) { return host.empty() || host[0] == '/' || host[0] == '@'; }

class Resolution : public std::enable_shared_from_this<Resolution> {
 public:
  Resolution(Loop& loop, std::function<void(Result<Keywords, Failure>)> done) : loop_(loop), done_(std::move(done)) {}

  void begin(std::vector<std::string> hosts, std::vector<std::string> ports) {
    hosts_ = std::move(hosts);
    ports_ = std::move(ports);
    found_.resize(hosts_.size());
    loop_.post([weak = weak_from_this()] {
      if (const auto self = weak.lock()) self->next();
    });
  }
  void begin_with_nothing() {
    loop_.post([weak = weak_from_this()] {
      if (const auto self = weak.lock()) self->tell(Keywords());
    });
  }

 private:
  void next() {
    while (index_ < hosts_.size() && is_socket(hosts_[index_])) ++index_;
    if (index_ == hosts_.size()) return finish();
    lookup_ = loop_.resolve(hosts_[index_], [this](Result<Addresses, Failure> addresses) {  // dropped with this
      if (addresses) found_[index_] = *addresses;
      else why_ = addresses.error();
      ++index_;
      const auto self = shared_from_this();
      next();
    });
  }

  void finish() {
    std::string host, address, port;
    const auto add = [&](std::size_t i, const std::string& where) {
      const std::string comma = port.empty() && host.empty() && address.empty() ? "" : ",";
      host += comma + hosts_[i];
      address += comma + where;
      port += comma + (ports_.size() == 1 ? ports_[0] : i < ports_.size() ? ports_[i] : std::string());
    };
    for (std::size_t i = 0; i < hosts_.size(); ++i) {
      if (is_socket(hosts_[i])) add(i, "");
      for (const std::string& where : found_[i]) add(i, where);
    }
    if (host.empty()) return tell(failure(why_));
    tell(Keywords{{"host", host}, {"hostaddr", address}, {"port", port}});
  }

  void tell(Result<Keywords, Failure> result) {
    const auto done = std::move(done_);
    done(std::move(result));
  }

  Loop& loop_;
  std::function<void(Result<Keywords, Failure>)> done_;
  std::vector<std::string> hosts_, ports_;
  std::vector<Addresses> found_;
  std::string why_;
  std::size_t index_ = 0;
  Lookup lookup_;
};

}  // namespace

Keywords effective_keywords(const PostgresTarget& target) {
  Keywords given = target.parameters;
  const std::unique_ptr<PQconninfoOption, PgDeleter> known(::PQconndefaults());
  const auto in_environment = [&target](std::string_view name) {
    const auto found = std::find_if(target.environment.begin(), target.environment.end(),
                                    [name](const auto& each) { return each.first == name; });
    return found == target.environment.end() ? nullptr : &found->second;
  };
  if (!given.contains("service")) {
    if (const std::string* service = in_environment("PGSERVICE")) given["service"] = *service;
  }
  for (const PQconninfoOption* option = known.get(); option != nullptr && option->keyword != nullptr; ++option) {
    if (given.contains("service")) break;  // it goes before the environment, and libpq reads both
    if (option->envvar == nullptr || given.contains(option->keyword)) continue;
    if (const std::string* value = in_environment(option->envvar)) given[option->keyword] = *value;
  }
  if (!given.contains("service")) return given;
  // libpq reads service files only on its way to a connection: one that is refused for its sslmode, before any network.
  Keywords probe = given;
  probe["sslmode"] = "none of these";
  std::vector<const char*> names, values;
  for (const auto& [name, value] : probe) {
    names.push_back(name.c_str());
    values.push_back(value.c_str());
  }
  names.push_back(nullptr);
  values.push_back(nullptr);
  const std::unique_ptr<PGconn, PgDeleter> connection(::PQconnectStartParams(names.data(), values.data(), 0));
  const std::unique_ptr<PQconninfoOption, PgDeleter> read(::PQconninfo(connection.get()));
  Keywords all = given;
  for (const PQconninfoOption* option = read.get(); option != nullptr && option->keyword != nullptr; ++option) {
    const std::string_view name = option->keyword;
    if ((name == "host" || name == "hostaddr" || name == "port") && option->val != nullptr) all.emplace(name, option->val);
  }
  return all;
}

Handle resolve_hosts(Loop& loop, const Keywords& effective, std::function<void(Result<Keywords, Failure>)> done) {
  auto resolution = std::make_shared<Resolution>(loop, std::move(done));
  const std::string host = value_in(effective, "host");
  if (host.empty() || !value_in(effective, "hostaddr").empty()) {
    resolution->begin_with_nothing();
  } else {
    resolution->begin(split(host), split(value_in(effective, "port")));
  }
  return resolution;
}

}  // namespace runbook
