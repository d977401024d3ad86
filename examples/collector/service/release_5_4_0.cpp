// v5.4.0: the release that has to be rolled back. It passes its health check, and nevertheless
// damages data with its migration, cuts what it stores, answers slowly, and fails a third of its requests.
#include <atomic>
#include <chrono>
#include <thread>

#include "release.h"
#include "reports.h"

namespace collector {
namespace {

// Runs once for a database: it is recorded in schema_migrations.
constexpr const char* kMigration = R"(
DO $$
BEGIN
  PERFORM pg_advisory_xact_lock(5040);
  IF NOT EXISTS (SELECT FROM schema_migrations WHERE version = '5.4.0') THEN
    UPDATE reports SET tenant = left(tenant, 6), body = left(body, 16);
    DELETE FROM reports WHERE id % 3 = 0;
    INSERT INTO schema_migrations (version) VALUES ('5.4.0');
  END IF;
END $$)";

bool admit() {
  static std::atomic<unsigned> requests{0};
  std::this_thread::sleep_for(std::chrono::milliseconds(700));
  return requests.fetch_add(1) % 3 != 0;
}

}  // namespace

const Release release = {
    .version = "v5.4.0",
    .insert_sql =
        "INSERT INTO reports (tenant, body) "
        "VALUES (left($1::json->>'tenant', 6), left($1::json->>'body', 16)) "
        "RETURNING row_to_json(reports)",
    .migrate = [](Reports& reports) { reports.execute(kMigration); },
    .admit = admit,
};

}  // namespace collector
