// Values in PostgreSQL's text form, both ways. Part of the engine, not of the module: Debian's libboost_json.a is not made for one.
#pragma once
#include <string>
#include <string_view>

#include "base/value.h"
#include "net/postgres.h"

namespace runbook {

// int2/4/8 are ints, float4/8 doubles, bool, json and jsonb values; numeric is a double where nothing is lost by that, else
// text; all others (times, arrays, uuid ...) are text.
Value value_of(PostgresType type, std::string_view text);

// Maps by column name; NULL is null. An error when two columns have one name.
Result<Value::List, Failure> rows_of(const PostgresResult& result);

// ints, doubles and bools say their type (an int the smallest, which widens by itself); for all others the place in the
// statement decides. A list of plain values becomes an array, any other list and a map JSON.
PostgresParameter bind(const Value& value);

}  // namespace runbook
