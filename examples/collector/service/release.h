// What differs between releases of the collector. Each binary links exactly one release_*.cpp.
#pragma once

#include <string>

namespace collector {

class Reports;

struct Release {
  const char* version;

  // Stores a report: $1 is the request's JSON body; returns the new row as JSON.
  const char* insert_sql;

  // Brings the schema and the data up to this release: `collector migrate`, once for each deployment.
  void (*migrate)(Reports&);

  // Called for every request to /reports; false: the request is answered with 500.
  bool (*admit)();
};

extern const Release release;

}  // namespace collector
