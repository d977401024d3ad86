// The tables, their version, and which database this is.
#pragma once
#include <string>

#include "store/database.h"

namespace runbook {

inline constexpr int schema_version = 2;

// Makes the tables or brings an older version up, in one transaction; throws `newer` for one that we do not know.
// To be called under the write lock.
void bring_up_to_date(Database& database);
// For readers: throws `newer`, or `damaged` where the tables are missing.
void check_schema(Database& database);
// A reader leaves an older version as it is.
bool has_resnapshots(Database& database);

// "inode:birth" of the database file: a copied directory has another one. Never the device: it changes at a remount.
std::string identity_of(const std::string& database_path);
// /etc/machine-id; empty where there is none, and an empty one equals all.
std::string machine_id();

}  // namespace runbook
