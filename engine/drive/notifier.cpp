#include "drive/notifier.h"

#include <fmt/format.h>

#include <algorithm>

#include "action/http_request.h"

namespace runbook {
namespace {

constexpr int most_tries = 3;
constexpr Duration between_tries = std::chrono::seconds(1);
constexpr Duration limit = std::chrono::seconds(10);  // of one try

bool is_delivered(const HttpResponse& response) {
  return response.end == HttpResponse::End::answered && response.status >= 200 && response.status < 300;
}

// The other side will say the same to the same words.
bool is_final(const HttpResponse& response) {
  if (response.end == HttpResponse::End::impossible) return true;
  return response.end == HttpResponse::End::answered && response.status < 500 && response.status != 429;
}

std::string why_not(const HttpResponse& response) {
  switch (response.end) {
    case HttpResponse::End::answered: return fmt::format("HTTP {}", response.status);
    case HttpResponse::End::timed_out: return "no answer within 10s";
    default: return response.why;
  }
}

}  // namespace

Notifier::Notifier(Parts parts) : parts_(std::move(parts)) {}

const News* Notifier::next(std::int64_t channel) const {
  for (const auto& news : parts_.state().untold)
    if (std::find(news.channels.begin(), news.channels.end(), channel) != news.channels.end()) return &news;
  return nullptr;
}

// An approval is another's to give, a doubt is an alarm: only what the operator is asked may be answered before anybody is told.
Instant Notifier::due(const News& news) const {
  const State& state = parts_.state();
  const auto i = news.what == Notice::waiting && !state.settled && !state.finished ? state.plan().find(news.step) : std::nullopt;
  const auto& question = i ? state.steps[*i].question : std::nullopt;
  return question && question->asked.what != Ask::approve ? news.at + parts_.patience : news.at;
}

bool Notifier::is_idle() const { return parts_.state().untold.empty(); }

void Notifier::look() {
  lines_.resize(plan().runbook.notify.size());  // those of the plan that the run goes by, once it has been read
  for (std::size_t c = 0; c < lines_.size(); ++c) {
    auto& line = lines_[c];
    const auto channel = static_cast<std::int64_t>(c) + 1;
    const News* news = next(channel);
    if (news == nullptr) {
      if (!line.exchange) line = {0, 0, line.is_dead, {}, {}, {}};
      continue;
    }
    if (line.of == news->seq || line.exchange) continue;  // on its way
    if (const auto at = due(*news); at > parts_.loop.now()) {
      line.pause = parts_.loop.at(at, [this] { look(); });
      continue;
    }
    line.of = news->seq;
    line.tries = 0;
    send(channel);
  }
}

void Notifier::send(std::int64_t channel) {
  auto& line = lines_[static_cast<std::size_t>(channel) - 1];
  line.pause.reset();
  const News* news = next(channel);
  if (news == nullptr || news->seq != line.of) {  // nobody needs to hear it any more
    line.of = 0;
    return look();
  }
  ++line.tries;
  auto request = request_for(plan().runbook.notify[static_cast<std::size_t>(channel) - 1], *news);
  if (!request) return end(channel, false, request.error());
  const auto http = parts_.http();
  if (!http) return end(channel, false, http.error());
  line.exchange = (*http)->send(std::move(*request), [this, channel](HttpResponse response) { answered(channel, response); });
}

Result<HttpRequest, Failure> Notifier::request_for(const Channel& channel, const News& news) {
  const Unit& unit = plan().runbook.units[0];
  const auto scope = unit_scope(unit, plan().environment);
  AttemptContext context(parts_.loop);
  context.environment = parts_.environment;
  context.cwd = unit.cwd;
  context.deadline = parts_.loop.now() + limit;
  const auto filled = [&](const Text& text) -> Result<std::string, Failure> {
    const auto value = cel::expand(text.text, scope);
    return value ? secrets_.fill(unit, to_text(*value)) : failure(value.error());
  };
  const auto url = filled(channel.url);
  if (!url) return failure("url: " + url.error());
  Value::Map headers;
  for (const auto& [name, text] : channel.headers) {
    const auto value = filled(text);
    if (!value) return failure(name + ": " + value.error());
    headers.emplace(name, *value);
  }
  context.fields = {{"post", *url}, {"json", parts_.message(channel, news)}, {"headers", std::move(headers)}};
  return make_request(context);
}

void Notifier::answered(std::int64_t channel, const HttpResponse& response) {
  auto& line = lines_[static_cast<std::size_t>(channel) - 1];
  line.exchange.reset();
  if (is_delivered(response)) return end(channel, true, {});
  line.why = why_not(response);
  if (is_final(response) || line.is_dead || line.tries >= most_tries) return end(channel, false, line.why);
  line.pause = parts_.loop.at(parts_.loop.now() + between_tries, [this, channel] { send(channel); });
}

void Notifier::end(std::int64_t channel, bool delivered, std::string why) {
  auto& line = lines_[static_cast<std::size_t>(channel) - 1];
  const News* news = next(channel);
  line.is_dead = !delivered;
  if (news != nullptr && news->seq == line.of)
    parts_.told({line.of, channel, news->what, delivered, secrets_.masker().text(why)});
}

void Notifier::give_up() {
  for (std::size_t c = 0; c < lines_.size(); ++c) {
    auto& line = lines_[c];
    const bool tried = line.exchange != nullptr || line.tries > 0;
    const std::string why =
        line.why.empty() ? (tried ? "no answer before the engine left" : "not tried before the engine left") : line.why;
    line.exchange.reset();
    line.pause.reset();
    const auto channel = static_cast<std::int64_t>(c) + 1;
    for (const auto& news : parts_.state().untold)
      if (std::find(news.channels.begin(), news.channels.end(), channel) != news.channels.end())
        parts_.told({news.seq, channel, news.what, false, secrets_.masker().text(why)});
  }
}

}  // namespace runbook
