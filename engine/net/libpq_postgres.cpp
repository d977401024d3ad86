#include "net/libpq_postgres.h"

#include <fmt/core.h>
#include <libpq-fe.h>
#include <signal.h>

#include <algorithm>
#include <system_error>
#include <thread>

#include "base/invariant.h"
#include "net/postgres_hosts.h"

namespace runbook {
namespace {

struct ResultDeleter {
  void operator()(PGresult* result) const { ::PQclear(result); }
};
struct CancelDeleter {
  void operator()(PGcancel* cancel) const { ::PQfreeCancel(cancel); }
};
using ResultPointer = std::unique_ptr<PGresult, ResultDeleter>;

// libpq's messages have several lines, some indented with advice for beginners: "...failed: Connection refused\n\tIs the server...".
std::string one_line(std::string_view message) {
  std::string line;
  while (!message.empty()) {
    const auto end = message.find('\n');
    const std::string_view part = message.substr(0, end);
    message.remove_prefix(end == std::string_view::npos ? message.size() : end + 1);
    if (part.empty() || part[0] == '\t') continue;
    if (!line.empty()) line += "; ";
    line += part;
  }
  return line;
}

PostgresError error_of(const PGresult* result) {
  const auto field = [result](int which) -> std::string {
    const char* text = ::PQresultErrorField(result, which);
    return text == nullptr ? "" : text;
  };
  PostgresError error{field(PG_DIAG_MESSAGE_PRIMARY), field(PG_DIAG_SQLSTATE), false};
  if (error.sentence.empty()) error.sentence = one_line(::PQresultErrorMessage(result));
  if (!error.sqlstate.empty()) error.sentence += " (" + error.sqlstate + ")";
  if (const std::string detail = field(PG_DIAG_MESSAGE_DETAIL); !detail.empty()) error.sentence += ": " + detail;
  if (const std::string hint = field(PG_DIAG_MESSAGE_HINT); !hint.empty()) error.sentence += "; " + hint;
  return error;
}

// The result of one statement as it arrives, row by row.
class Collector {
 public:
  Collector() = default;
  explicit Collector(const PostgresStatement& statement) : row_limit_(statement.row_limit), byte_limit_(statement.byte_limit) {}

  void take(const PGresult* part) {
    const int columns = ::PQnfields(part);
    for (int column = static_cast<int>(result_.columns.size()); column < columns; ++column) {
      result_.columns.push_back({::PQfname(part, column), ::PQftype(part, column)});
    }
    for (int row = 0; row < ::PQntuples(part) && !capped(); ++row) take_row(part, row, columns);
  }
  void take_end(const PGresult* part) {
    result_.affected = std::atoll(::PQcmdTuples(const_cast<PGresult*>(part)));
    result_.tag = ::PQcmdStatus(const_cast<PGresult*>(part));
  }
  bool capped() const { return !result_.capped.empty(); }
  PostgresResult finish() { return std::move(result_); }

 private:
  void take_row(const PGresult* part, int row, int columns) {
    PostgresResult::Row cells;
    for (int column = 0; column < columns; ++column) {
      const auto length = static_cast<std::size_t>(::PQgetlength(part, row, column));
      bytes_ += length;
      cells.emplace_back();
      if (::PQgetisnull(part, row, column) == 0) cells.back().emplace(::PQgetvalue(part, row, column), length);
    }
    if (result_.rows.size() == row_limit_) result_.capped = fmt::format("more than {} rows", row_limit_);
    else if (bytes_ > byte_limit_) result_.capped = fmt::format("more than {} bytes", byte_limit_);
    else result_.rows.push_back(std::move(cells));
  }

  std::size_t row_limit_ = 0, byte_limit_ = 0, bytes_ = 0;
  PostgresResult result_;
};

class LibpqPostgres final : public Postgres {
 public:
  explicit LibpqPostgres(Loop& loop) : loop_(loop) {}
  LibpqPostgres(const LibpqPostgres&) = delete;
  LibpqPostgres& operator=(const LibpqPostgres&) = delete;
  ~LibpqPostgres() override { disconnect(); }

  void connect(PostgresTarget target, std::function<void(Result<void, PostgresError>)> done) override {
    invariant(state_ == State::idle, "a session connects once");
    state_ = State::resolving;
    connected_ = std::move(done);
    keywords_ = effective_keywords(target);
    keywords_["application_name"] = target.application_name;
    keywords_["client_encoding"] = "UTF8";
    resolution_ = resolve_hosts(loop_, keywords_, [this](Result<Keywords, Failure> hosts) {
      if (!hosts) return not_connected(hosts.error());
      for (auto& [name, value] : *hosts) keywords_[name] = value;
      begin_connection();
    });
  }

  void run(PostgresStatement statement, std::function<void(Result<PostgresResult, PostgresError>)> done) override {
    invariant(state_ == State::ready || state_ == State::lost, "one statement at a time");
    answered_ = std::move(done);
    failed_.reset();
    collector_ = Collector(statement);
    if (state_ == State::lost) return later([this] { lose(); });
    state_ = State::sending;
    std::vector<Oid> types;
    std::vector<const char*> texts;
    for (const PostgresParameter& each : statement.parameters) {
      if (each.text && each.text->find('\0') != std::string::npos) return later([this] { refuse_zero(); });
      types.push_back(each.type);
      texts.push_back(each.text ? each.text->c_str() : nullptr);
    }
    if (::PQsendQueryParams(connection_, statement.text.c_str(), static_cast<int>(texts.size()), types.data(), texts.data(),
                            nullptr, nullptr, 0) == 0) {
      return later([this] { lose(); });
    }
    ::PQsetSingleRowMode(connection_);
    later([this] { flush(); });
  }

  void cancel() override {
    std::shared_ptr<PGcancel> request(connection_ == nullptr ? nullptr : ::PQgetCancel(connection_),
                                      [](PGcancel* it) { CancelDeleter()(it); });
    if (!request) return;
    sigset_t all, before;  // signals belong to the loop's thread
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before);
    try {
      std::thread([request] {  // it blocks until the server has heard it, or until TCP gives up
        char error[256];
        ::PQcancel(request.get(), error, sizeof error);
      })
          .detach();
    } catch (const std::system_error&) {
      // Without a thread the server goes on until its own statement_timeout: the session's end is the caller's anyway.
    }
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  }

  int server_version() const override { return connection_ == nullptr ? 0 : ::PQserverVersion(connection_); }
  int backend_pid() const override { return connection_ == nullptr ? 0 : ::PQbackendPID(connection_); }
  std::vector<std::string> notices() const override { return notices_; }

 private:
  enum class State { idle, resolving, connecting, ready, sending, receiving, lost };

  // --- connecting
  void begin_connection() {
    resolution_.reset();
    std::vector<const char*> names, values;
    for (const auto& [name, value] : keywords_) {
      names.push_back(name.c_str());
      values.push_back(value.c_str());
    }
    names.push_back(nullptr);
    values.push_back(nullptr);
    state_ = State::connecting;
    connection_ = ::PQconnectStartParams(names.data(), values.data(), 0);
    if (connection_ == nullptr) return not_connected("out of memory");
    ::PQsetNoticeProcessor(connection_, &LibpqPostgres::on_notice, this);
    if (::PQstatus(connection_) == CONNECTION_BAD) return not_connected(one_line(::PQerrorMessage(connection_)));
    wait_to_connect(PGRES_POLLING_WRITING);
  }
  void wait_to_connect(PostgresPollingStatusType what) {
    switch (what) {
      case PGRES_POLLING_READING: return wait(Interest::read, [this] { poll(); });
      case PGRES_POLLING_WRITING: return wait(Interest::write, [this] { poll(); });
      case PGRES_POLLING_OK: return connected();
      default: return not_connected(one_line(::PQerrorMessage(connection_)));
    }
  }
  void poll() {
    watch_.reset();  // libpq may close the socket and open another one with the same number
    wait_to_connect(::PQconnectPoll(connection_));
  }
  void connected() {
    ::PQsetnonblocking(connection_, 1);
    state_ = State::ready;
    const auto done = std::exchange(connected_, nullptr);
    done({});
  }
  void not_connected(std::string why) {
    disconnect();
    const auto done = std::exchange(connected_, nullptr);
    done(failure(PostgresError{std::move(why), {}, true}));
  }

  // --- one statement
  void flush() {
    const int left = ::PQflush(connection_);
    if (left < 0) return lose();
    if (left == 0) {
      state_ = State::receiving;
      wait(Interest::read, [this] {
        if (::PQconsumeInput(connection_) == 0) return lose();
        receive();
      });
      return receive();
    }
    wait(Interest::both, [this] {  // the server may have to say something before it reads on
      if (::PQconsumeInput(connection_) == 0) return lose();
      flush();
    });
  }
  void receive() {
    while (::PQisBusy(connection_) == 0) {
      const ResultPointer part(::PQgetResult(connection_));
      if (!part) return complete();
      switch (::PQresultStatus(part.get())) {
        case PGRES_SINGLE_TUPLE:
        case PGRES_TUPLES_OK: take(part.get()); break;
        case PGRES_COMMAND_OK: collector_.take_end(part.get()); break;
        case PGRES_COPY_IN:
        case PGRES_COPY_OUT:
        case PGRES_COPY_BOTH:
          failed_ = PostgresError{"COPY from or to the client is not possible in a step", "0A000",
                                  true};  // as if the server had said it
          return lose();
        case PGRES_EMPTY_QUERY: failed_ = PostgresError{"the statement is empty", {}, false}; break;
        default:
          if (!failed_ && !collector_.capped()) failed_ = error_of(part.get());
      }
    }
  }
  void take(const PGresult* part) {
    const bool before = collector_.capped();
    collector_.take(part);
    if (::PQresultStatus(part) == PGRES_TUPLES_OK) collector_.take_end(part);
    if (!before && collector_.capped()) cancel();  // what is under way still arrives, and is dropped
  }
  void complete() {
    watch_.reset();
    if (::PQstatus(connection_) == CONNECTION_BAD) return lose();
    state_ = State::ready;
    PostgresResult result = collector_.finish();
    result.in_transaction = ::PQtransactionStatus(connection_) == PQTRANS_INTRANS;
    const auto done = std::exchange(answered_, nullptr);
    if (failed_) return done(failure(*failed_));
    done(std::move(result));
  }
  void refuse_zero() {
    state_ = State::ready;
    std::exchange(answered_,
                  nullptr)(failure(PostgresError{"a parameter holds a zero byte, which PostgreSQL's text cannot", {}, false}));
  }
  void lose() {
    PostgresError error = failed_ ? *failed_ : PostgresError{};
    if (error.sentence.empty())
      error.sentence = connection_ == nullptr ? "the connection is lost" : one_line(::PQerrorMessage(connection_));
    error.lost = true;
    disconnect();
    std::exchange(answered_, nullptr)(failure(error));
  }

  // --- both
  void wait(Interest interest, Task task) { watch_ = loop_.watch(::PQsocket(connection_), interest, std::move(task)); }
  void later(Task task) { posted_ = loop_.at(loop_.now(), std::move(task)); }  // a timer: it goes when this goes
  void disconnect() {
    watch_.reset();
    posted_.reset();
    resolution_.reset();
    if (connection_ != nullptr) ::PQfinish(std::exchange(connection_, nullptr));
    state_ = State::lost;
  }
  static void on_notice(void* me, const char* message) {
    auto& notices = static_cast<LibpqPostgres*>(me)->notices_;
    if (notices.size() < 20) notices.push_back(one_line(message).substr(0, 1000));
  }

  Loop& loop_;
  State state_ = State::idle;
  Keywords keywords_;
  PGconn* connection_ = nullptr;
  Handle resolution_;
  Watch watch_;
  Timer posted_;
  std::function<void(Result<void, PostgresError>)> connected_;
  std::function<void(Result<PostgresResult, PostgresError>)> answered_;
  std::optional<PostgresError> failed_;
  Collector collector_;
  std::vector<std::string> notices_;
};

}  // namespace

std::unique_ptr<Postgres> make_libpq_postgres(Loop& loop) { return std::make_unique<LibpqPostgres>(loop); }

}  // namespace runbook
