// What every store promises, asked of each of them.
#include <catch2/catch.hpp>

#include "tests/store/scratch.h"

using namespace runbook;
using Kind = StoreError::Kind;

namespace {

// A store of each kind in turn, and a second look at the same one: for SQLite another connection, as another process has.
struct Kept {
  explicit Kept(const std::string& made) : on_disk(made == "sqlite"), store(scratch.open(made)) {}
  Store& other() {
    if (!on_disk) return *store;
    if (!second) second = scratch.open();
    return *second;
  }
  Scratch scratch;
  bool on_disk;
  std::unique_ptr<Store> store, second;
};
std::string each_kind() { return GENERATE(as<std::string>{}, "memory", "sqlite"); }

template <class T>
Kind kind_of(const Stored<T>& answer) {
  REQUIRE_FALSE(answer);
  CHECK_FALSE(answer.error().what.empty());
  return answer.error().kind;
}

Lease attached(Store& store, std::string_view name) {
  const auto lease = store.attach(run(name));
  REQUIRE(lease);
  return *lease;
}
std::vector<std::string> locks_of(const Store& store) {
  std::vector<std::string> all;
  const auto held = store.locks().value();
  for (const auto& [name, holder] : held) all.push_back(name + " " + holder.text());
  return all;
}
std::vector<std::string> bodies(const Store& store, std::string_view name) {
  std::vector<std::string> all;
  const auto waiting = store.requests(run(name)).value();
  for (const auto& request : waiting) all.push_back(request.body);
  return all;
}

}  // namespace

TEST_CASE("a run is created, appended to and read back", "[contract]") {
  Kept kept(each_kind());
  REQUIRE(kept.store->create(new_run("r1"), rows(1, 2)));
  const Lease lease = attached(*kept.store, "r1");
  const auto more = rows(3, 4);
  REQUIRE(kept.store->append(lease, {more, {}, "succeeded", false}));
  for (Store* store : {kept.store.get(), &kept.other()}) {
    CHECK(store->read(run("r1")).value() == rows(1, 4));
    CHECK(store->read(run("r1"), 3).value() == rows(4, 4));
    CHECK(store->read(run("r1"), 4).value().empty());
    const auto listed = store->runs().value();
    REQUIRE(listed.size() == 1);
    CHECK(listed[0].status == "succeeded");
    CHECK(listed[0].events == 4);
    CHECK(listed[0].title == "title of r1");
    CHECK(listed[0].created == at(0));
    CHECK(store->snapshots(run("r1")).value() == std::vector{std::string("snap\0shot", 9)});
  }
}

TEST_CASE("what a run is given later joins its first snapshot, with the rows that tell of it or not at all", "[contract]") {
  Kept kept(each_kind());
  REQUIRE(kept.store->create(new_run("r1"), rows(1, 2)));
  const auto first = kept.store->snapshots(run("r1")).value();
  const Lease lease = attached(*kept.store, "r1");
  const auto again = rows(2, 3), next = rows(3, 3);  // the first of them is stored already
  CHECK(kind_of(kept.store->append(lease, {again, {}, {}, false, Resnapshot{"other", "/f", "d2", "not taken"}})) ==
        Kind::refused);
  CHECK(kept.other().snapshots(run("r1")).value() == first);
  CHECK(kept.other().runs().value()[0].title == "title of r1");
  REQUIRE(kept.store->append(lease, {next, {}, {}, false, Resnapshot{"other", "/f", "d2", std::string("se\0cond", 7)}}));
  for (Store* store : {kept.store.get(), &kept.other()}) {
    CHECK(store->snapshots(run("r1")).value() == std::vector{first[0], std::string("se\0cond", 7)});
    const auto listed = store->runs().value();
    CHECK(listed[0].title + listed[0].file + listed[0].digest == "other/fd2");
    CHECK(store->read(run("r1")).value() == rows(1, 3));
  }
}

TEST_CASE("bytes come back as they were given", "[contract]") {
  Kept kept(each_kind());
  const std::string odd("\0\xff'\"\n한\\", 9);
  REQUIRE(kept.store->create(new_run("r1"), std::vector<Row>{{1, at(1), "typ'e", odd}}));
  CHECK(kept.other().read(run("r1")).value().at(0) == Row{1, at(1), "typ'e", odd});
}

TEST_CASE("runs are listed newest first", "[contract]") {
  Kept kept(each_kind());
  for (const auto* name : {"b", "a", "c"}) REQUIRE(kept.store->create(new_run(name), {}));
  std::vector<std::string> names;
  const auto listed = kept.other().runs().value();
  for (const auto& row : listed) names.push_back(row.id.text());
  CHECK(names == std::vector<std::string>{"c", "a", "b"});
}

TEST_CASE("a name is given once, and an unknown run is told as such", "[contract]") {
  Kept kept(each_kind());
  REQUIRE(kept.store->create(new_run("r1"), rows(1, 1)));
  CHECK(kind_of(kept.store->create(new_run("r1"), rows(1, 3))) == Kind::refused);
  CHECK(kept.other().read(run("r1")).value() == rows(1, 1));
  CHECK(kind_of(kept.store->attach(run("r2"))) == Kind::no_such_run);
  CHECK(kind_of(kept.store->read(run("r2"))) == Kind::no_such_run);
  CHECK(kind_of(kept.store->snapshots(run("r2"))) == Kind::no_such_run);
  CHECK(kind_of(kept.store->requests(run("r2"))) == Kind::no_such_run);
  CHECK(kind_of(kept.store->submit(run("r2"), at(0), "x")) == Kind::no_such_run);
  CHECK(kind_of(kept.store->append({run("r2"), 1, false}, {rows(1, 1), {}, {}, false})) == Kind::no_such_run);
}

TEST_CASE("sequence numbers ascend, from the first row on", "[contract]") {
  Kept kept(each_kind());
  auto wrong = rows(1, 2);
  std::swap(wrong[0], wrong[1]);
  CHECK(kind_of(kept.store->create(new_run("r0"), wrong)) == Kind::refused);
  CHECK(kept.other().runs().value().empty());
  REQUIRE(kept.store->create(new_run("r1"), rows(1, 3)));
  const Lease lease = attached(*kept.store, "r1");
  CHECK(kind_of(kept.store->append(lease, {rows(3, 4), {}, {}, false})) == Kind::refused);
  CHECK(kind_of(kept.store->append(lease, {wrong, {}, {}, false})) == Kind::refused);
  CHECK(kept.other().read(run("r1")).value() == rows(1, 3));
  CHECK(kept.store->runs().value()[0].events == 3);
  CHECK(kept.store->append(lease, {rows(7, 8), {}, {}, false}));  // they need not be dense
}

TEST_CASE("locks are taken all or none, and the holder is named", "[contract]") {
  Kept kept(each_kind());
  REQUIRE(kept.store->create(new_run("r1", {"db", "app", "db"}), {}));
  CHECK(locks_of(kept.other()) == std::vector<std::string>{"app r1", "db r1"});
  const auto refused = kept.store->create(new_run("r2", {"cache", "db", "zone"}), rows(1, 1));
  CHECK(kind_of(refused) == Kind::lock_taken);
  REQUIRE(refused.error().owner);
  CHECK(refused.error().owner->run == "r1");
  CHECK_THAT(refused.error().what, Catch::Contains("db") && Catch::Contains("r1"));
  CHECK(locks_of(kept.other()) == std::vector<std::string>{"app r1", "db r1"});
  CHECK(kept.other().runs().value().size() == 1);
  CHECK(kept.store->create(new_run("r3", {"cache"}), {}));
}

TEST_CASE("closing a run gives its locks back in the transaction of its last rows", "[contract]") {
  Kept kept(each_kind());
  REQUIRE(kept.store->create(new_run("r1", {"db"}), rows(1, 1)));
  const Lease lease = attached(*kept.store, "r1");
  CHECK(kind_of(kept.store->append(lease, {rows(1, 1), {}, "succeeded", true})) == Kind::refused);
  CHECK(locks_of(kept.other()) == std::vector<std::string>{"db r1"});
  CHECK_FALSE(kept.other().runs().value()[0].closed);
  REQUIRE(kept.store->append(lease, {rows(2, 2), {}, "succeeded", true}));
  CHECK(locks_of(kept.other()).empty());
  CHECK(kept.other().runs().value()[0].closed);
  CHECK(kept.store->create(new_run("r2", {"db"}), {}));
}

TEST_CASE("an undo takes over the locks of its run, and nobody else's", "[contract]") {
  Kept kept(each_kind());
  REQUIRE(kept.store->create(new_run("r1", {"app", "db"}), {}));
  REQUIRE(kept.store->create(new_run("other", {"cache"}), {}));
  NewRun undo = new_run("r1-undo", {"app", "cache", "db"});
  undo.locks_from = run("r1");
  CHECK(kind_of(kept.store->create(undo, {})) == Kind::lock_taken);
  CHECK(locks_of(kept.other()) == std::vector<std::string>{"app r1", "cache other", "db r1"});
  undo.locks = {"app", "db"};
  REQUIRE(kept.store->create(undo, {}));
  CHECK(locks_of(kept.other()) == std::vector<std::string>{"app r1-undo", "cache other", "db r1-undo"});
  REQUIRE(kept.store->append(attached(*kept.store, "r1"), {rows(1, 1), {}, {}, true}));  // no longer r1's to give back
  CHECK(locks_of(kept.other()) == std::vector<std::string>{"app r1-undo", "cache other", "db r1-undo"});
}

TEST_CASE("attach fences the holder before", "[contract]") {
  Kept kept(each_kind());
  REQUIRE(kept.store->create(new_run("r1"), rows(1, 1)));
  const Lease first = attached(*kept.store, "r1");
  const Lease second = attached(kept.other(), "r1");
  CHECK(second.epoch > first.epoch);
  CHECK_FALSE(second.copied);
  CHECK(kind_of(kept.store->append(first, {rows(2, 2), {}, "failed", true})) == Kind::lost_lease);
  CHECK(kept.other().runs().value()[0].status == "running");
  REQUIRE(kept.other().append(second, {rows(2, 2), {}, {}, false}));
  CHECK(kept.store->read(run("r1")).value() == rows(1, 2));
}

TEST_CASE("requests wait in the order of filing and go with the rows that answer them", "[contract]") {
  Kept kept(each_kind());
  REQUIRE(kept.store->create(new_run("r1"), rows(1, 1)));
  REQUIRE(kept.store->create(new_run("r2"), {}));
  for (const auto* body : {"first", "second", "third"}) REQUIRE(kept.other().submit(run("r1"), at(5), body));
  const auto waiting = kept.store->requests(run("r1")).value();
  REQUIRE(waiting.size() == 3);
  CHECK(bodies(*kept.store, "r1") == std::vector<std::string>{"first", "second", "third"});
  CHECK(waiting[0].filed == at(5));
  CHECK(waiting[0].uid == static_cast<std::int64_t>(::geteuid()));
  CHECK(bodies(*kept.store, "r2").empty());
  const std::vector<RequestId> answered{waiting[0].id, waiting[2].id};
  const Lease lease = attached(*kept.store, "r1");
  CHECK(kind_of(kept.store->append(lease, {rows(1, 1), answered, {}, false})) == Kind::refused);
  CHECK(bodies(*kept.store, "r1").size() == 3);  // the rows were refused, so the answers were not given
  REQUIRE(kept.store->append(attached(*kept.store, "r2"), {rows(1, 1), answered, {}, false}));
  CHECK(bodies(*kept.store, "r1").size() == 3);  // another run's rows answer nothing of this one
  REQUIRE(kept.store->append(lease, {rows(2, 2), answered, {}, false}));
  CHECK(bodies(kept.other(), "r1") == std::vector<std::string>{"second"});
  REQUIRE(kept.store->submit(run("r1"), at(6), "fourth"));
  CHECK(kept.store->requests(run("r1")).value().back().id > waiting[2].id);  // an answer to an old one names no new one
}

TEST_CASE("a run's name is a harmless name of a directory") {
  for (const auto* good : {"k7f3m", "0", "a-b-", "r1-undo"}) CHECK(RunId::parse(good));
  for (const auto* bad : {"", "-a", "A", "a/b", "..", ".", "a.b", "a b", "롤백", "a\n"}) CHECK_FALSE(RunId::parse(bad));
  CHECK(RunId::parse(std::string(64, 'a')));
  CHECK_FALSE(RunId::parse(std::string(65, 'a')));
  CHECK(RunId::parse(RunId::fresh().text()));
  CHECK(RunId::fresh() != RunId::fresh());
}
