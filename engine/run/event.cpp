#include "run/event.h"

#include <array>

#include "base/json.h"
#include "run/event_shapes.h"

namespace runbook {
namespace {

template <class E>
struct Words;
template <>
struct Words<StepStatus> {
  static constexpr auto all = step_status_words;
};
template <>
struct Words<RunStatus> {
  static constexpr auto all = run_status_words;
};
template <>
struct Words<Ask> {
  static constexpr std::array<std::string_view, 7> all{"manual",  "approve",  "confirm", "optional",
                                                       "no_data", "in_doubt", "again"};
};
template <>
struct Words<Outcome> {
  static constexpr std::array<std::string_view, 5> all{"completed", "timed_out", "cancelled", "not_started", "could_not_start"};
};
template <>
struct Words<CancelReason> {
  static constexpr std::array<std::string_view, 4> all{"timeout", "stop", "not_met", "kill"};
};
template <>
struct Words<Notice> {
  static constexpr std::array<std::string_view, 4> all{"waiting", "failed", "in_doubt", "finished"};
};
template <>
struct Words<Differs> {
  static constexpr std::array<std::string_view, 3> all{"added", "removed", "changed"};
};
template <>
struct Words<cel::Verdict> {
  static constexpr std::array<std::string_view, 3> all{"met", "not_met", "no_data"};
};

template <class E>
std::string_view word(E e) {
  return Words<E>::all[static_cast<std::size_t>(e)];
}

// The fields of each event, by name: the one list that both directions follow.
template <class V>
void fields(Person& e, V& v) {
  v("name", e.name);
  v("uid", e.uid);
  v("how", e.how);
}
template <class V>
void fields(Item& e, V& v) {
  v("text", e.text);
  v("input", e.input);
  v("optional", e.optional);
}
template <class V>
void fields(Stamp& e, V& v) {
  v("slot", e.slot);
  v("nonce", e.nonce);
  v("world", e.world);
  v("idempotency_key", e.idempotency_key);
}
template <class V>
void fields(Element& e, V& v) {
  v("key", e.key);
  v("item", e.item);
}
template <class V>
void fields(RunCreated& e, V& v) {
  v("by", e.by);
  v("host", e.host);
  v("digest", e.digest);
  v("reason", e.reason);
  v("ticket", e.ticket);
  v("parallel", e.parallel);
  v("close_on_failure", e.close_on_failure);
  v("answers", e.answers);
}
template <class V>
void fields(EngineAttached& e, V& v) {
  v("host", e.host);
  v("world", e.world);
  v("pid", e.pid);
}
template <class V>
void fields(EngineDetached& e, V& v) {
  v("why", e.why);
}
template <class V>
void fields(StepAdmitted& e, V& v) {
  v("step", e.step);
  v("operands", e.operands);
}
template <class V>
void fields(StepSkipped& e, V& v) {
  v("step", e.step);
  v("why", e.why);
  v("operands", e.operands);
  v("by", e.by);
}
template <class V>
void fields(Expanded& e, V& v) {
  v("step", e.step);
  v("items", e.items);
}
template <class V>
void fields(AttemptStarting& e, V& v) {
  v("step", e.step);
  v("k", e.k);
  v("deadline", e.deadline);
  v("durable", e.durable);
  v("stamp", e.stamp);
  v("digest", e.digest);
}
template <class V>
void fields(AttemptProgress& e, V& v) {
  v("step", e.step);
  v("k", e.k);
  v("what", e.what);
  v("prepared", e.prepared);
}
template <class V>
void fields(AttemptCancelling& e, V& v) {
  v("step", e.step);
  v("k", e.k);
  v("why", e.why);
  v("hard", e.hard);
}
template <class V>
void fields(AttemptFinished& e, V& v) {
  v("step", e.step);
  v("k", e.k);
  v("outcome", e.outcome);
  v("verdict", e.verdict);
  v("why", e.why);
  v("operands", e.operands);
  v("outputs", e.outputs);
  v("lasting", e.lasting);
  v("facts", e.facts);
  v("remark", e.remark);
  v("final", e.final);
  v("started", e.started);
  v("ended", e.ended);
  v("unchanged", e.unchanged);
}
template <class V>
void fields(Polled& e, V& v) {
  v("step", e.step);
  v("k", e.k);
  v("count", e.count);
  v("lasting", e.lasting);
  v("facts", e.facts);
  v("started", e.started);
  v("ended", e.ended);
}
template <class V>
void fields(AttemptInDoubt& e, V& v) {
  v("step", e.step);
  v("k", e.k);
  v("evidence", e.evidence);
  v("facts", e.facts);
}
template <class V>
void fields(StepFinished& e, V& v) {
  v("step", e.step);
  v("status", e.status);
  v("why", e.why);
}
template <class V>
void fields(Rescuing& e, V& v) {
  v("step", e.step);
  v("why", e.why);
}
template <class V>
void fields(Waiting& e, V& v) {
  v("step", e.step);
  v("what", e.what);
  v("sentence", e.sentence);
  v("items", e.items);
  v("choices", e.choices);
  v("by", e.by);
  v("input", e.input);
  v("count", e.count);
  v("not_operator", e.not_operator);
  v("until", e.until);
}
template <class V>
void fields(Answered& e, V& v) {
  v("step", e.step);
  v("item", e.item);
  v("answer", e.answer);
  v("reason", e.reason);
  v("by", e.by);
  v("outputs", e.outputs);
}
template <class V>
void fields(StopRequested& e, V& v) {
  v("by", e.by);
  v("reason", e.reason);
  v("close", e.close);
  v("hard", e.hard);
  v("pause", e.pause);
}
template <class V>
void fields(RequestRefused& e, V& v) {
  v("by", e.by);
  v("what", e.what);
  v("why", e.why);
}
template <class V>
void fields(Noted& e, V& v) {
  v("by", e.by);
  v("text", e.text);
}
template <class V>
void fields(FollowedUp& e, V& v) {
  v("number", e.number);
  v("done", e.done);
  v("reason", e.reason);
  v("by", e.by);
}
template <class V>
void fields(Notified& e, V& v) {
  v("of", e.of);
  v("channel", e.channel);
  v("what", e.what);
  v("delivered", e.delivered);
  v("why", e.why);
}
template <class V>
void fields(Resumed& e, V& v) {
  v("by", e.by);
  v("set_back", e.set_back);
  v("answers", e.answers);
}
template <class V>
void fields(SetBack& e, V& v) {
  v("steps", e.steps);
  v("why", e.why);
  v("permitted", e.permitted);
  v("by", e.by);
}
template <class V>
void fields(AmendedPart& e, V& v) {
  v("name", e.name);
  v("how", e.how);
  v("fields", e.fields);
}
template <class V>
void fields(RunAmended& e, V& v) {
  v("by", e.by);
  v("reason", e.reason);
  v("file", e.file);
  v("from", e.from);
  v("digest", e.digest);
  v("steps", e.steps);
  v("parts", e.parts);
  v("set_back", e.set_back);
  v("asked_again", e.asked_again);
  v("kept", e.kept);
}
template <class V>
void fields(RunClosing& e, V& v) {
  v("status", e.status);
}
template <class V>
void fields(RunSettled& e, V& v) {
  v("status", e.status);
}
template <class V>
void fields(RunFinished& e, V& v) {
  v("status", e.status);
}

constexpr std::array<std::string_view, std::variant_size_v<AnyBody>> types{"run_created",
                                                                           "engine_attached",
                                                                           "engine_detached",
                                                                           "step_admitted",
                                                                           "step_skipped",
                                                                           "expanded",
                                                                           "attempt_starting",
                                                                           "attempt_progress",
                                                                           "attempt_cancelling",
                                                                           "attempt_finished",
                                                                           "polled",
                                                                           "in_doubt",
                                                                           "step_finished",
                                                                           "rescuing",
                                                                           "waiting",
                                                                           "answered",
                                                                           "stop_requested",
                                                                           "request_refused",
                                                                           "noted",
                                                                           "followed_up",
                                                                           "notified",
                                                                           "resumed",
                                                                           "set_back",
                                                                           "run_amended",
                                                                           "run_closing",
                                                                           "run_settled",
                                                                           "run_finished"};

struct Writer {
  Value::Map out;
  template <class T>
  void operator()(const char* name, T& field) {
    out.emplace(name, value(field));
  }
  static Value value(std::string& s) { return s; }
  static Value value(std::int64_t n) { return n; }
  static Value value(bool b) { return b; }
  static Value value(Instant t) { return static_cast<std::int64_t>(t.time_since_epoch().count()); }
  static Value value(Value& v) { return pack(v); }
  static Value value(Record& r) { return pack(to_value(r)); }
  template <class T>
  static Value value(std::optional<T>& o) {
    return o ? value(*o) : Value();
  }
  template <class T>
  static Value value(std::vector<T>& items) {
    Value::List list;
    for (auto& item : items) list.push_back(value(item));
    return list;
  }
  template <class T>
  static Value value(T& e) {
    if constexpr (std::is_enum_v<T>) {
      return word(e);
    } else {
      Writer inner;
      fields(e, inner);
      return inner.out;
    }
  }
};

// The schema of what Writer writes.
struct Shaper {
  Value::Map out;
  template <class T>
  void operator()(const char* name, T& field) {
    out.emplace(name, shape(field));
  }
  static Value of(const char* type) { return Value::Map{{"type", type}}; }
  static Value shape(std::string&) { return of("string"); }
  static Value shape(std::int64_t) { return of("integer"); }
  static Value shape(bool) { return of("boolean"); }
  static Value shape(Instant) { return of("integer"); }
  static Value shape(Value&) { return Value::Map{}; }
  static Value shape(Record&) { return of("object"); }
  template <class T>
  static Value shape(std::optional<T>&) {
    T one{};
    return Value::Map{{"anyOf", Value::List{shape(one), of("null")}}};
  }
  template <class T>
  static Value shape(std::vector<T>&) {
    T one{};
    return Value::Map{{"type", "array"}, {"items", shape(one)}};
  }
  template <class T>
  static Value shape(T& e) {
    if constexpr (std::is_enum_v<T>) {
      Value::List words;
      for (const auto each : Words<T>::all) words.emplace_back(each);
      return Value::Map{{"enum", words}};
    } else {
      Shaper inner;
      fields(e, inner);
      Value::List names;
      for (const auto& [name, unused] : inner.out) names.push_back(name);
      return Value::Map{{"type", "object"}, {"properties", inner.out}, {"required", names}, {"additionalProperties", false}};
    }
  }
};

// Missing fields keep their defaults: an older event read by a newer engine.
struct Reader {
  const Value& in;
  bool sound = true;
  template <class T>
  void operator()(const char* name, T& field) {
    if (const Value* found = in.find(name); found && !found->is_null()) sound = take(*found, field) && sound;
  }
  static bool take(const Value& v, std::string& s) { return v.string() ? (s = *v.string(), true) : false; }
  static bool take(const Value& v, std::int64_t& n) { return v.integer() ? (n = *v.integer(), true) : false; }
  static bool take(const Value& v, bool& b) { return v.boolean() ? (b = *v.boolean(), true) : false; }
  static bool take(const Value& v, Instant& t) { return v.integer() ? (t = Instant(Duration(*v.integer())), true) : false; }
  static bool take(const Value& v, Value& out) {
    out = unpack(v);
    return true;
  }
  static bool take(const Value& v, Record& r) {
    r = to_record(unpack(v));
    return v.map() != nullptr;
  }
  template <class T>
  static bool take(const Value& v, std::optional<T>& o) {
    return take(v, o.emplace());
  }
  template <class T>
  static bool take(const Value& v, std::vector<T>& items) {
    if (!v.list()) return false;
    for (const auto& item : *v.list())
      if (!take(item, items.emplace_back())) return false;
    return true;
  }
  template <class T>
  static bool take(const Value& v, T& e) {
    if constexpr (std::is_enum_v<T>) {
      if (!v.string()) return false;
      for (std::size_t i = 0; i < Words<T>::all.size(); ++i)
        if (Words<T>::all[i] == *v.string()) {
          e = static_cast<T>(i);
          return true;
        }
      return false;
    } else {
      Reader inner{v};
      fields(e, inner);
      return inner.sound && v.map();
    }
  }
};

template <std::size_t I = 0>
Body make(std::size_t index) {
  if constexpr (I + 1 < std::variant_size_v<AnyBody>) return index == I ? Body{std::in_place_index<I>} : make<I + 1>(index);
  else return Body{std::in_place_index<I>};
}

}  // namespace

Body::Body(const Body& other) = default;
Body::Body(Body&& other) noexcept = default;
Body& Body::operator=(const Body& other) = default;
Body& Body::operator=(Body&& other) noexcept = default;
Body::~Body() = default;

std::string_view event_type(const Body& body) { return types[body.index()]; }

std::string encode_body(const Body& body) {
  Writer writer;
  Body copy = body;  // the field lists serve both directions, and reading needs them mutable
  std::visit([&](auto& e) { fields(e, writer); }, copy);
  return to_json(writer.out);
}

std::vector<std::pair<std::string_view, Value>> event_shapes() {
  std::vector<std::pair<std::string_view, Value>> out;
  for (std::size_t i = 0; i < types.size(); ++i) {
    Shaper shaper;
    Body body = make(i);
    std::visit([&](auto& e) { fields(e, shaper); }, body);
    out.emplace_back(types[i], std::move(shaper.out));
  }
  return out;
}

Result<std::optional<Body>, std::string> decode_body(std::string_view type, std::string_view json) {
  for (std::size_t i = 0; i < types.size(); ++i) {
    if (types[i] != type) continue;
    const auto value = parse_json(json);
    if (!value) return failure("event " + std::string(type) + ": " + value.error());
    Body body = make(i);
    Reader reader{*value};
    std::visit([&](auto& e) { fields(e, reader); }, body);
    if (!reader.sound || !value->map()) return failure("event " + std::string(type) + " is damaged");
    return std::optional(std::move(body));
  }
  return std::optional<Body>();
}

std::string_view name_of(StepStatus status) { return word(status); }
std::string_view name_of(RunStatus status) { return word(status); }
std::string_view name_of(Ask ask) { return word(ask); }
std::string_view name_of(Outcome outcome) { return word(outcome); }
std::string_view name_of(cel::Verdict verdict) { return word(verdict); }
std::string_view name_of(Notice notice) { return word(notice); }

}  // namespace runbook
