// Secrets, read when the step that names them starts, put in the place of their marks, and remembered only to be masked.
#pragma once
#include "base/masker.h"
#include "base/safe_file.h"
#include "plan/plan.h"

namespace runbook {

class Secrets {
 public:
  // A command that prints a secret is waited for this long: meanwhile the engine does nothing else.
  explicit Secrets(Duration patience = std::chrono::seconds(30)) : patience_(patience) {}
  // The value, or a sentence that says what is missing. A command is run with the caller's environment.
  Result<std::string, Failure> read(const Secret& secret);
  // Every mark in the record's texts replaced; the error names the secret.
  Result<Record, Failure> fill(const Unit& unit, const Record& record);
  Result<std::string, Failure> fill(const Unit& unit, const std::string& text);
  const Masker& masker() const { return masker_; }

 private:
  Result<Value, Failure> fill_value(const Unit& unit, const Value& value);
  Duration patience_;
  Masker masker_;
};

// Whether it is there now, without keeping it: for the plan's screen. Of a command only whether its program could be started: to run
// it may ask somebody for a password, or count as a use of the secret.
bool is_present(const Secret& secret);

}  // namespace runbook
