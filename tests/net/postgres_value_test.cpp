#include "net/postgres_value.h"

#include <catch2/catch.hpp>

#include "base/json.h"

using namespace runbook;

TEST_CASE("numeric is a number only where nothing is lost") {
  struct Case {
    const char* text;
    const char* json;
  };
  const auto c = GENERATE(values<Case>({{"42", "42.0"},
                                        {"0.10", "0.1"},
                                        {"-1.5", "-1.5"},
                                        {"9007199254740992", "9007199254740992.0"},
                                        {"9007199254740993", "\"9007199254740993\""},
                                        {"0.12345678901234567891", "\"0.12345678901234567891\""},
                                        {"NaN", "\"NaN\""},
                                        {"Infinity", "\"Infinity\""}}));
  const Value value = value_of(1700, c.text);
  CHECK((value.number() != nullptr) == (c.json[0] != '"'));
  if (value.number() != nullptr) CHECK(*value.number() == std::strtod(c.text, nullptr));
  else CHECK(*value.string() == c.text);
}

TEST_CASE("parameters carry their type or leave it to the statement") {
  struct Case {
    Value value;
    PostgresType type;
    std::string text;
  };
  const std::vector<Case> cases{
      {Value(7), 23, "7"},
      {Value(std::int64_t{1} << 40), 20, "1099511627776"},
      {Value(1.5), 701, "1.5"},
      {Value(true), 16, "t"},
      {Value("it's"), 0, "it's"},
      {Value(Value::List{Value("a\"b"), Value("c\\d"), Value(), Value("")}), 0, R"({"a\"b","c\\d",NULL,""})"},
      {Value(Value::List{Value(1), Value(2)}), 0, R"({"1","2"})"},
      {Value(Value::List{Value(Value::Map{{Value("a"), Value(1)}})}), 0, R"([{"a":1}])"},
      {Value(Value::Map{{Value("a"), Value(1)}}), 0, R"({"a":1})"},
  };
  for (const Case& c : cases) {
    const PostgresParameter bound = bind(c.value);
    CHECK(bound.type == c.type);
    CHECK(bound.text == c.text);
  }
  CHECK_FALSE(bind(Value()).text);
}
