#include "action/sql_attempt.h"

#include <fmt/core.h>

#include <algorithm>

#include "net/postgres_value.h"

namespace runbook {

void SqlAttempt::end_soon(Outcome outcome, std::string remark) {
  ending_ = true;
  timer_ = context_.loop.at(context_.loop.now(), [this, outcome, remark = std::move(remark)] { finish(ended(outcome, remark)); });
}

PostgresStatement SqlAttempt::settings() const {
  using std::chrono::milliseconds;
  const auto left =
      std::chrono::ceil<milliseconds>(context_.deadline - context_.loop.now()) + milliseconds(1000);  // after our own
  const auto timeout = std::clamp(left, milliseconds(1), milliseconds(2'000'000'000));
  PostgresStatement statement{
      "SELECT pg_catalog.set_config('statement_timeout', $1, true), pg_catalog.set_config('lock_timeout', $1, true), "
      "pg_catalog.set_config('idle_in_transaction_session_timeout', '60s', true), pg_catalog.set_config('datestyle', 'ISO', true)",
      {{0, std::to_string(timeout.count())}}};
  if (session_->server_version() >= 140000)
    statement.text += ", pg_catalog.set_config('client_connection_check_interval', '2s', true)";
  return statement;
}

std::string SqlAttempt::which() const { return statements_.size() > 1 ? fmt::format("statement {}: ", index_ + 1) : ""; }

void SqlAttempt::keep(PostgresResult answer) {
  affected_ += answer.affected;
  if (!answer.columns.empty()) last_ = std::move(answer);
  ++index_;
}

void SqlAttempt::take_result() {
  result_.result["affected"] = affected_;
  if (auto rows = rows_of(last_)) result_.result["rows"] = std::move(*rows);
  else result_.unreadable["rows"] = rows.error();
}

void SqlAttempt::nothing_to_read(const std::string& why) {
  result_.result.clear();
  result_.unreadable["rows"] = result_.unreadable["affected"] = why;
}

AttemptResult SqlAttempt::ended(Outcome outcome, std::string remark) {  // by value: the remark may be a part of result_
  AttemptResult result = result_;
  result.outcome = outcome;
  result.remark = std::move(remark);
  result.started = started_;
  result.ended = context_.loop.now();
  if (outcome == Outcome::completed) result.result["duration"] = result.ended - result.started;
  if (session_ != nullptr && !session_->notices().empty()) {
    Value::List notices;
    for (std::string& line : session_->notices()) notices.emplace_back(std::move(line));
    result.facts["notices"] = std::move(notices);
  }
  return result;
}

void SqlAttempt::finish(Report report) {
  over_ = true;
  timer_.reset();
  session_.reset();
  const auto last = std::exchange(context_.report, nullptr);
  last(std::move(report));
}

}  // namespace runbook
