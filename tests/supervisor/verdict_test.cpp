#include <catch2/catch.hpp>

#include "supervisor/evidence.h"

using namespace runbook;

TEST_CASE("every combination of evidence has the verdict of the design's table") {
  for (const auto lock : {Lock::held, Lock::free})
    for (const auto exit : {BlockState::none, BlockState::torn, BlockState::valid})
      for (const auto claim : {BlockState::none, BlockState::torn, BlockState::valid})
        for (const auto output : {Output::matches, Output::differs})
          for (const auto files : {Files::ours, Files::missing_or_foreign})
            for (const bool same_world : {true, false}) {
              const Evidence evidence{lock, claim, exit, output, files, same_world};
              const Verdict given = verdict(evidence);
              CAPTURE(static_cast<int>(lock), static_cast<int>(exit), static_cast<int>(claim), static_cast<int>(output),
                      static_cast<int>(files), same_world);
              // Row by row, as 3-execution.md lists them.
              if (lock == Lock::held) {
                CHECK(given == Verdict::attached);
              } else if (files == Files::missing_or_foreign) {
                CHECK(given == Verdict::damaged);
              } else if (exit == BlockState::valid) {
                CHECK(given == (output == Output::matches ? Verdict::adopt : Verdict::output_lost));
              } else if (claim != BlockState::none) {
                CHECK(given == (same_world ? Verdict::supervisor_died : Verdict::restarted));
              } else if (exit == BlockState::none) {
                CHECK(given == Verdict::never_started);
              } else {
                CHECK(given == Verdict::damaged);
              }
              // What matters most, said once more on its own: only an untouched slot of ours may be started.
              if (given == Verdict::never_started) {
                CHECK(lock == Lock::free);
                CHECK(claim == BlockState::none);
                CHECK(exit == BlockState::none);
                CHECK(files == Files::ours);
              }
            }
}
