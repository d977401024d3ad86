// collector: takes reports over HTTP and keeps them in PostgreSQL.
//   collector [serve]
//   collector migrate   brings the schema up to this release, then ends
//   environment: POD_IP and PORT to listen on (127.0.0.1, 8080), PGHOST PGPORT PGUSER PGDATABASE PGPASSWORD
//   SIGTERM: finish what was begun, then end.
#include <pthread.h>
#include <signal.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string>
#include <thread>

#include "http.h"
#include "metrics.h"
#include "release.h"
#include "reports.h"

namespace collector {
namespace {

using std::chrono::steady_clock;

std::string setting(const char* name, const char* otherwise) {
  const char* value = std::getenv(name);
  return value != nullptr && *value != '\0' ? value : otherwise;
}

void log(const std::string& line) {
  const std::string text = std::string("collector ") + release.version + ' ' + line + '\n';
  std::fwrite(text.data(), 1, text.size(), stderr);
}

Response health(Reports& reports) {
  try {
    reports.ping();
    return {.body = R"({"status":"ok","service":"collector","database":"connected"})"};
  } catch (const DatabaseError& e) {
    log(std::string("health: ") + e.what());
    return {.code = 503, .body = R"({"status":"degraded","service":"collector","database":"unreachable"})"};
  }
}

int limit_of(const Request& request) {
  const auto given = request.query.find("limit");
  const int limit = given == request.query.end() ? 20 : std::atoi(given->second.c_str());
  return limit < 1 ? 1 : limit > 1000 ? 1000 : limit;
}

Response reports_resource(Reports& reports, const Request& request) {
  if (!release.admit()) return {.code = 500, .body = R"json({"error":"internal error: decode failed (schema v2)"})json"};
  if (request.path == "/reports" && request.method == "POST") return {.code = 201, .body = reports.insert(request.body)};
  if (request.method != "GET") return {.code = 405, .body = R"({"error":"method not allowed"})"};
  if (request.path == "/reports/count") return {.body = reports.count()};
  if (request.path == "/reports") {
    const auto tenant = request.query.find("tenant");
    return {.body = reports.newest(tenant == request.query.end() ? "" : tenant->second, limit_of(request))};
  }
  const std::string id = request.path.substr(std::string("/reports/").size());
  if (!id.empty() && id.size() <= 18 && id.find_first_not_of("0123456789") == std::string::npos)
    if (const auto report = reports.find(id)) return {.body = *report};
  return {.code = 404, .body = R"({"error":"no such report"})"};
}

// What the client did wrong is its own affair (400); anything else is ours.
Response of_database_error(const DatabaseError& e) {
  log(e.what());
  if (e.sqlstate.empty()) return {.code = 503, .body = R"({"error":"the database is unreachable"})"};
  const std::string kind = e.sqlstate.substr(0, 2);  // 22: data exception, 23: constraint violated
  if (kind == "22" || kind == "23") return {.code = 400, .body = R"({"error":"a report is {\"tenant\": ..., \"body\": ...}"})"};
  return {.code = 500, .body = R"({"error":"the database refused the statement"})"};
}

Response answer(Reports& reports, Metrics& metrics, const Request& request) {
  if (request.path == "/health") return health(reports);
  if (request.path == "/metrics") return {.body = metrics.text(), .type = "text/plain; version=0.0.4"};
  const auto started = steady_clock::now();
  Response response{.code = 404, .body = R"({"error":"not found"})"};
  try {
    if (request.path == "/reports" || request.path.starts_with("/reports/")) response = reports_resource(reports, request);
  } catch (const DatabaseError& e) { response = of_database_error(e); }
  metrics.observe(response.code, std::chrono::duration<double>(steady_clock::now() - started).count());
  return response;
}

int serve() {
  // Blocked before the first thread starts, so that only this thread's sigwait takes them.
  sigset_t endings;
  sigemptyset(&endings);
  sigaddset(&endings, SIGTERM);
  sigaddset(&endings, SIGINT);
  pthread_sigmask(SIG_BLOCK, &endings, nullptr);

  Reports reports;
  Metrics metrics;
  const std::string address = setting("POD_IP", "127.0.0.1");
  const int port = std::atoi(setting("PORT", "8080").c_str());
  HttpServer server(address, port, [&](const Request& request) { return answer(reports, metrics, request); });
  std::thread serving([&] { server.serve(); });
  log("listening on " + address + ':' + std::to_string(port));

  int signal = 0;
  sigwait(&endings, &signal);
  log("SIGTERM: draining");
  // The Service learns a moment later that this pod is going: until then its requests are still taken.
  std::this_thread::sleep_for(std::chrono::milliseconds(500));
  server.stop();
  serving.join();
  const bool drained = server.drain(4);
  log(drained ? "ended" : "ended with requests unanswered");
  std::fflush(nullptr);
  std::_Exit(drained ? 0 : 1);  // a thread that still waits for the database must not hold the end up
}

int migrate() {
  Reports reports;
  release.migrate(reports);
  log("the schema is up to this release");
  return 0;
}

}  // namespace
}  // namespace collector

int main(int argc, char** argv) {
  const std::string command = argc > 1 ? argv[1] : "serve";
  if (argc > 2 || (command != "serve" && command != "migrate")) {
    std::fputs("usage: collector [serve|migrate]\n", stderr);
    return 2;
  }
  try {
    return command == "migrate" ? collector::migrate() : collector::serve();
  } catch (const std::exception& e) {
    collector::log(std::string("cannot start: ") + e.what());
    return 1;
  }
}
