// The rules of lint: each with what it is for, and with what only resembles it.
#include "plan/lint.h"

#include <algorithm>
#include <set>

#include "planning.h"

namespace runbook::testing {
namespace {

// How often a rule speaks of this runbook.
std::size_t times(const std::string& code, const std::string& text) {
  auto planning = planning_of(files_in({{"runbook.yaml", "runbook: 1\n" + text + "\n"}}));
  INFO(rendered(planning.diagnostics, {}));
  REQUIRE(planning.plan.has_value());
  lint(*planning.plan, Profile::production, planning.diagnostics);
  return static_cast<std::size_t>(std::count_if(planning.diagnostics.begin(), planning.diagnostics.end(),
                                                [&](const Diagnostic& d) { return d.code == code; }));
}

struct Case {
  const char* code;
  std::size_t times;
  const char* runbook;
};

std::vector<Case> cases() {
  return {
      // A `when` that nothing can change.
      {"RB451", 2,
       "steps: [{ id: a, shell: ls, changes: none, when: 1 == 2 }, { id: b, shell: ls, changes: none, when: 'true' }]"},
      {"RB451", 1,
       "vars: { x: { type: bool, default: true } }\nsteps: [{ id: a, shell: ls, changes: none, when: false && vars.x }]"},
      {"RB451", 0, "vars: { x: { type: bool, default: true } }\nsteps: [{ id: a, shell: ls, changes: none, when: vars.x }]"},
      // A failure that ends the run, before anybody could ask for it.
      {"RB451", 1,
       "steps: [{ id: a, shell: ls, changes: none }, { id: b, when: 'steps.a.state == \"failed\"', shell: ls, changes: none }]"},
      {"RB451", 1,
       "steps: [{ id: a, shell: ls, changes: none }, { id: b, when: '\"failed\" == steps.a.state && run.id != \"\"', shell: ls, changes: none }]"},
      {"RB451", 1,
       "steps: [{ id: a, shell: ls, changes: none }, { id: g, steps: [{ id: b, when: 'steps.a.state == \"failed\"', shell: ls, changes: none }] }]"},
      {"RB451", 0,
       "steps: [{ id: a, shell: ls, changes: none, on_fail: continue }, { id: b, when: 'steps.a.state == \"failed\"', shell: ls, changes: none }]"},
      {"RB451", 0,
       "steps: [{ id: a, shell: ls, changes: none }, { id: b, when: 'steps.a.state == \"failed\" || run.id != \"\"', shell: ls, changes: none }]"},
      {"RB451", 0,
       "steps: [{ id: a, shell: ls, changes: none, rescue: [{ id: b, when: 'steps.a.state == \"failed\"', shell: ls, changes: none }] }]"},
      {"RB451", 0,
       "steps: [{ id: a, shell: ls, changes: none }]\nfinally: [{ id: b, when: 'steps.a.state == \"failed\"', shell: ls, changes: none }]"},
      // `kubectl rollout undo` and the probe it needs.
      {"RB454", 1, "steps: [{ id: a, shell: kubectl -n prod rollout undo deployment/web, changes: x }]"},
      {"RB454", 1, "steps: [{ id: a, shell: 'ssh h \"kubectl rollout undo deployment/web\"', changes: x }]"},
      {"RB454", 1, "steps: [{ id: a, shell: { argv: [kubectl, rollout, undo, deployment/web] }, changes: x }]"},
      {"RB454", 1, "steps: [{ id: a, ssh: { host: h, script: kubectl rollout undo deployment/web }, changes: x }]"},
      {"RB454", 0, "steps: [{ id: a, shell: 'echo now: kubectl rollout undo', changes: none }]"},
      {"RB454", 0, "steps: [{ id: a, shell: kubectl rollout history deployment/undo, changes: none }]"},
      {"RB454", 0,
       "steps: [{ id: a, shell: kubectl rollout undo deployment/web, changes: x, probe: { shell: ls, expect: exit == 0 } }]"},
      {"RB455", 1, "steps: [{ id: a, shell: kubectl rollout undo deployment/web, changes: x, rerun: safe }]"},
      {"RB455", 0, "steps: [{ id: a, shell: kubectl rollout restart deployment/web, changes: x, rerun: safe }]"},
      // `all()` of an empty list.
      {"RB456", 1, "success: [{ id: a, shell: ls, expect: 'lines.all(l, l != \"\")' }]"},
      {"RB456", 1, "success: [{ id: a, shell: ls, expect: 'json.b.size() > 0 && json.a.all(x, x.ok)' }]"},
      {"RB456", 1, "success: [{ id: a, shell: ls, expect: '!(!json.a.all(x, x.ok))' }]"},
      {"RB456", 0, "success: [{ id: a, shell: ls, expect: 'size(lines) > 0 && lines.all(l, l != \"\")' }]"},
      {"RB456", 0, "success: [{ id: a, shell: ls, expect: 'json.a.all(x, x.ok) && json.a.size() == 3' }]"},
      {"RB456", 0, "success: [{ id: a, shell: ls, expect: 'json.a != [] && json.a.all(x, x.ok)' }]"},
      {"RB456", 0, "success: [{ id: a, shell: ls, expect: 'json.a.exists(x, x.leads) && json.a.all(x, x.ok)' }]"},
      {"RB456", 0, "success: [{ id: a, shell: ls, expect: 'json.a[0].leads && json.a.all(x, x.ok)' }]"},
      {"RB456", 0, "success: [{ id: a, shell: ls, expect: '!json.a.all(x, x.ok)' }]"},
      {"RB456", 0, "success: [{ id: a, shell: ls, expect: '[1, 2].all(x, x > exit)' }]"},
      {"RB456", 0,
       "vars: { v: { type: list, default: [a] } }\nsuccess: [{ id: a, shell: ls, expect: 'vars.v.all(x, x in lines)' }]"},
      {"RB456", 0, "success: [{ id: a, shell: ls, expect: 'size(json.a) > 0 && json.a.all(x, x.b.all(y, y.ok))' }]"},
      // A variable that nobody looks at.
      {"RB457", 1, "vars: { tag: { type: string, default: a } }\nsteps: [{ id: a, shell: 'echo $tags', changes: none }]"},
      {"RB457", 0, "vars: { tag: { type: string, default: a } }\nsteps: [{ id: a, shell: 'echo ${tag%x}', changes: none }]"},
      {"RB457", 0,
       "vars: { tag: { type: string, default: a } }\ntitle: '${vars.tag}'\nsteps: [{ id: a, shell: ls, changes: none }]"},
      {"RB457", 0,
       "vars: { tag: { type: string, default: a } }\n"
       "steps: [{ id: a, shell: touch f, changes: f, undo: { shell: 'git checkout \"$tag\"' } }]"},
      {"RB457", 0,
       "vars: { tag: { type: string, default: a }, other: { type: string, ask: b, choices: { shell: 'git tag --list \"$tag\"' } } }\n"
       "steps: [{ id: a, shell: 'echo $other', changes: none }]"},
      {"RB457", 0,
       "vars: { tag: { type: string, default: a } }\nsteps: [{ id: a, shell: ls, changes: none, when: 'vars[\"tag\"] == \"a\"' }]"},
      {"RB457", 0, "vars: { tag: { type: string, default: a } }\nsteps: [{ id: a, shell: ./restore, changes: x }]"},
      {"RB457", 0,
       "vars: { tag: { type: string, default: a } }\n"
       "steps: [{ id: a, shell: { interpreter: python3, script: 'import os; print(os.environ[\"tag\"])' }, changes: none }]"},
      // A value that becomes code on another host.
      {"RB458", 1, "steps: [{ id: a, shell: 'ssh -p 22 h \"rm $file\"', changes: x }]"},
      {"RB458", 2, "steps: [{ id: a, shell: 'timeout 5 ssh \"$user@$host\" rm \"$a\" ${b}', changes: x }]"},
      {"RB458", 1, "steps: [{ id: a, shell: ls, changes: x, undo: { shell: 'ssh h \"rm $file\"' } }]"},
      {"RB458", 0, "steps: [{ id: a, shell: 'ssh \"$host\" uptime', changes: none }]"},
      {"RB458", 0, "steps: [{ id: a, shell: \"ssh h 'echo $HOME'\", changes: none }]"},
      {"RB458", 0, "steps: [{ id: a, shell: 'ssh h \"rm ${file@Q}\"', changes: x }]"},
      {"RB458", 0, "steps: [{ id: a, shell: 'ssh h bash -s <<<\"$script\"', changes: x }]"},
      {"RB458", 0, "vars: { n: { type: int, default: 1 } }\nsteps: [{ id: a, shell: 'ssh h \"sleep $n\"', changes: none }]"},
      {"RB458", 0,
       "vars: { n: { type: string, default: a, pattern: '[a-z]+' } }\nsteps: [{ id: a, shell: 'ssh h \"ls $n\"', changes: none }]"},
      {"RB458", 0, "steps: [{ id: a, ssh: { host: h, script: 'rm \"$file\"' }, changes: x }]"},
      // What counts as reading, and changes something.
      {"RB459", 1, "steps: [{ id: a, shell: kubectl -n x scale deployment/web --replicas=0, changes: none }]"},
      {"RB459", 1, "preconditions: [{ id: a, shell: sudo systemctl restart nginx }]"},
      {"RB459", 1, "steps: [{ id: a, ssh: { host: h, script: git push }, changes: none, retry: { every: 1s, for: 1m } }]"},
      {"RB459", 0, "steps: [{ id: a, shell: kubectl scale deployment/web --replicas=0, changes: pods }]"},
      {"RB459", 0, "steps: [{ id: a, shell: kubectl apply --dry-run=server -f a.yaml, changes: none }]"},
      {"RB459", 0, "steps: [{ id: a, shell: kubectl auth can-i delete pods, changes: none }]"},
      {"RB459", 0, "steps: [{ id: a, shell: 'echo systemctl restart nginx', changes: none }]"},
      // A name of expressions that a script takes for one of its own.
      {"RB464", 1, "steps: [{ id: a, for_each: [x], shell: 'echo $item', changes: none }]"},
      {"RB464", 2,
       "steps: [{ id: a, for_each: [x], steps: [{ id: b, ssh: { host: h, script: 'x=$item; echo ${index}' }, changes: none }] }]"},
      {"RB464", 1,
       "steps: [{ id: a, for_each: [x], shell: ls, changes: f, undo: { shell: 'echo $item' }, env: { item: '${item}' } }]"},
      {"RB464", 1, "secrets: { token: { env: T } }\nsteps: [{ id: a, shell: 'curl -H \"x: $token\" u', changes: none }]"},
      {"RB464", 0, "steps: [{ id: a, shell: 'echo $item', changes: none }]"},
      {"RB464", 0, "steps: [{ id: a, for_each: [x], shell: 'echo $item', env: { item: '${item}' }, changes: none }]"},
      {"RB464", 0, "env: { item: x }\nsteps: [{ id: a, for_each: [x], shell: 'echo $item', changes: none }]"},
      // A name that is set, but not under this name, or not here.
      {"RB475", 1, "vars: { tag: { type: string, default: a } }\nsteps: [{ id: a, shell: 'echo $TAG ${TAG}', changes: none }]"},
      {"RB475", 1,
       "vars: { tag: { type: string, default: a } }\nsteps: [{ id: a, ssh: { host: h, script: 'x=\"$TAG\"; echo $x' }, changes: none }]"},
      {"RB475", 1, "vars: { tag: { type: string, default: a } }\nsteps: [{ id: a, shell: 'echo ${Tag%x}', changes: none }]"},
      {"RB475", 1, "steps: [{ id: a, shell: ls, changes: f, env: { HOST: h }, undo: { shell: 'echo $HOST' } }]"},
      {"RB475", 1,
       "steps: [{ id: a, shell: ls, changes: f, env: { HOST: h }, rescue: [{ id: b, shell: 'echo $HOST', changes: none }] }]"},
      {"RB475", 1,
       "vars: { tag: { type: string, default: a } }\nsteps: [{ id: a, shell: ls, changes: f, undo: { shell: 'echo $TAG' }, env: { TAG: '${vars.tag}' } }]"},
      {"RB475", 0,
       "steps: [{ id: a, shell: ls, changes: f, env: { HOST: h }, undo: { shell: 'echo $HOST', env: { HOST: h } } }]"},
      {"RB475", 0,
       "steps: [{ id: a, shell: ls, changes: f, env: { HOST: h }, rescue: [{ id: b, shell: 'echo $HOST', env: { HOST: h }, changes: none }] }]"},
      {"RB475", 0, "steps: [{ id: a, shell: ls, changes: f, env: { HOST: h }, undo: { shell: 'echo ${HOST:-h}' } }]"},
      {"RB475", 0, "steps: [{ id: a, shell: ls, changes: f, env: { HOST: h }, undo: { shell: 'HOST=h; echo $HOST' } }]"},
      {"RB475", 0,
       "env: { HOST: h }\nsteps: [{ id: a, shell: ls, changes: f, env: { HOST: h }, undo: { shell: 'echo $HOST' } }]"},
      {"RB475", 0,
       "requires: { env: [HOST] }\nsteps: [{ id: a, shell: ls, changes: f, env: { HOST: h }, rescue: [{ id: b, shell: 'echo $HOST', changes: none }] }]"},
      {"RB475", 0,
       "vars: { tag: { type: string, default: a } }\nsteps: [{ id: a, shell: 'echo $TAG', changes: none, env: { TAG: x } }]"},
      {"RB475", 0,
       "vars: { tag: { type: string, default: a } }\nsteps: [{ id: a, shell: 'read -r TAG; echo $TAG', changes: none }]"},
      {"RB475", 0,
       "vars: { tag: { type: string, default: a } }\nsteps: [{ id: a, shell: 'for TAG in 1 2; do echo $TAG; done', changes: none }]"},
      {"RB475", 0,
       "vars: { tag: { type: string, default: a } }\nsteps: [{ id: a, shell: ': ${TAG:=x}; echo $TAG', changes: none }]"},
      {"RB475", 0,
       "vars: { tag: { type: string, default: a } }\nsteps: [{ id: a, shell: '. /etc/os-release; echo $TAG', changes: none }]"},
      {"RB475", 0, "vars: { tag: { type: string, default: a } }\nsteps: [{ id: a, shell: 'echo $TAGS $tag', changes: none }]"},
      {"RB475", 0,
       "vars: { home: { type: string, default: a }, hostname: { type: string, default: a } }\nsteps: [{ id: a, shell: 'echo $HOME $HOSTNAME', changes: none }]"},
      {"RB475", 0,
       "vars: { tag: { type: string, default: a } }\nsteps: [{ id: a, shell: { interpreter: python3, script: 'print(\"$TAG\")' }, changes: none }]"},
      // What is refused to a step that only reads.
      {"RB473", 1, "connections: { d: { dbname: d } }\nsteps: [{ id: a, sql: { db: d, query: delete from t } }]"},
      {"RB473", 1, "connections: { d: { dbname: d } }\nsteps: [{ id: a, sql: { db: d, query: DROP TABLE t }, changes: none }]"},
      {"RB473", 1, "connections: { d: { dbname: d } }\nsuccess: [{ id: a, sql: { db: d, query: UPDATE t SET a = 1 } }]"},
      {"RB473", 2,
       "connections: { d: { dbname: d } }\nsteps:\n  - id: a\n    sql:\n      db: d\n      script: |\n"
       "        SELECT 1;\n        -- DROP\n        /* x */ INSERT INTO t VALUES (1);\n        SELECT ';';\n        GRANT a TO b;"},
      {"RB473", 0, "connections: { d: { dbname: d } }\nsteps: [{ id: a, sql: { db: d, query: DELETE FROM t }, changes: t }]"},
      {"RB473", 0,
       "connections: { d: { dbname: d } }\nsteps: [{ id: a, sql: { db: d, script: VACUUM t, transaction: none }, changes: t }]"},
      {"RB473", 0,
       "connections: { d: { dbname: d } }\nsteps: [{ id: a, sql: { db: d, query: \"SELECT 'x; DELETE' -- DELETE\" } }]"},
      {"RB473", 0, "connections: { d: { dbname: d } }\nsteps: [{ id: a, sql: { db: d, query: EXPLAIN DELETE FROM t } }]"},
      {"RB473", 0, "steps: [{ id: a, shell: delete from t, changes: none }]"},
      // What only looks like a blank.
      {"RB474", 1, "steps: [{ id: a, shell: 'echo\u3000hi', changes: none }]"},
      {"RB474", 1, "steps: [{ id: a, shell: 'echo\u3000안녕', changes: none }]"},
      {"RB474", 1, "steps: [{ id: a, shell: 'ls -l\u00a0\u00a0/srv; rm\u00a0x', changes: x }]"},
      {"RB474", 1, "steps: [{ id: a, shell: \"\u00a0ls\", changes: none }]"},
      {"RB474", 1, "steps:\n  - id: a\n    shell: |\n      ls \\\u00a0\n        -l\n    changes: none"},
      {"RB474", 1, "steps: [{ id: a, ssh: { host: h, script: \"ls /srv\u00a0\" }, changes: none }]"},
      {"RB474", 1,
       "connections: { d: { dbname: d } }\nsteps: [{ id: a, sql: { db: d, query: \"SELECT\u00a01\" }, changes: none }]"},
      {"RB474", 0,
       "connections: { d: { dbname: d } }\nsteps: [{ id: a, sql: { db: d, query: \"SELECT 'a\u00a0b' -- \u00a0\" }, changes: none }]"},
      {"RB474", 0, "steps: [{ id: a, shell: 'echo \"a\u3000b\" 서비스\u3000중지 # \u00a0', changes: none }]"},
      {"RB474", 0, "steps:\n  - id: a\n    shell: |\n      cat <<E\n      a\u00a0b\n      E\n    changes: none"},
      {"RB474", 0, "steps: [{ id: a, shell: { interpreter: python3, script: 'print(\"a\u00a0b\")' }, changes: none }]"},
      {"RB464", 0, "requires: { env: [item] }\nsteps: [{ id: a, for_each: [x], shell: 'echo $item', changes: none }]"},
      {"RB464", 0, "vars: { item: { type: string, default: a } }\nsteps: [{ id: a, shell: 'echo $item', changes: none }]"},
      {"RB464", 0, "steps: [{ id: a, for_each: [x], shell: 'for item in a b; do echo $item; done', changes: none }]"},
      {"RB464", 0, "steps: [{ id: a, for_each: [x], shell: 'read -r index; echo $index', changes: none }]"},
      {"RB464", 0, "steps: [{ id: a, for_each: [x], shell: 'echo ${item:-none} ${index-0}', changes: none }]"},
      {"RB464", 0, "steps: [{ id: a, for_each: [x], shell: \"awk '{ print $item }'\", changes: none }]"},
      {"RB464", 0,
       "steps: [{ id: a, for_each: [x], shell: { interpreter: python3, script: 'print(\"$item\")' }, changes: none }]"},
      // Lines of a script that YAML has made one.
      {"RB465", 1, "steps:\n  - id: a\n    shell: >-\n      echo stopping\n      systemctl stop collector\n    changes: x"},
      {"RB465", 1, "steps:\n  - id: a\n    shell: >\n      total=1\n      echo \"$total\"\n    changes: x"},
      {"RB465", 1, "steps:\n  - id: a\n    shell: echo stopping\n      systemctl stop collector\n    changes: x"},
      {"RB465", 1, "steps:\n  - id: a\n    shell: \"echo stopping\n      systemctl stop collector\"\n    changes: x"},
      {"RB465", 1, "steps:\n  - id: a\n    shell: 'echo stopping\n      ./stop.sh'\n    changes: x"},
      {"RB465", 1,
       "steps:\n  - id: a\n    shell: >-\n      # first the collector\n      systemctl stop collector\n    changes: x"},
      {"RB465", 1,
       "steps:\n  - id: a\n    shell: >-\n      echo stopping;  # the collector\n      systemctl stop collector\n    changes: x"},
      {"RB465", 1, "steps:\n  - id: a\n    shell: >-\n      kubectl get pods \\\n      -n prod\n    changes: x"},
      {"RB465", 1, "steps:\n  - id: a\n    shell: >-\n      cd /srv;\n      git pull\n      git gc\n    changes: x"},
      {"RB465", 1,
       "steps:\n  - id: a\n    shell: >-\n      for pod in a b; do\n        true\n      done\n      echo ready\n      ls\n    changes: x"},
      {"RB465", 1, "steps:\n  - id: a\n    shell: >-\n      x=$(date +%s\n      ls)\n    changes: x"},
      {"RB465", 1, "steps:\n  - id: a\n    shell: >-\n      echo\n      [ -f f ]\n    changes: x"},
      {"RB465", 1, "steps:\n  - id: a\n    ssh:\n      host: h\n      script: >\n        rm f\n        ls\n    changes: x"},
      {"RB465", 1,
       "steps:\n  - id: a\n    shell:\n      interpreter: python3\n      script: >\n        import os\n        print(1)\n    changes: x"},
      {"RB465", 1,
       "connections: { db: { dbname: a } }\nsteps:\n  - id: a\n    sql:\n      db: db\n      query: >\n        DELETE FROM a -- the old ones\n        WHERE day < 3\n    changes: x"},
      {"RB465", 1, "steps:\n  - id: a\n    shell: ls\n    changes: x\n    undo:\n      shell: >\n        rm f\n        ls"},
      {"RB465", 0, "steps:\n  - id: a\n    shell: |\n      echo stopping\n      systemctl stop collector\n    changes: x"},
      {"RB465", 0,
       "steps:\n  - id: a\n    shell: |\n      for x in a b; do\n        echo \"$x\"\n      \n        ls\n      done\n    changes: x"},
      {"RB465", 0,
       "steps:\n  - id: a\n    shell: >\n      echo stopping\n      \n      systemctl stop collector\n    changes: x"},
      {"RB465", 0,
       "steps:\n  - id: a\n    shell: >-\n      kubectl rollout undo deployment/web\n      --to-revision=3\n      -n prod\n    changes: x"},
      {"RB465", 0, "steps:\n  - id: a\n    shell: kubectl get pods\n      -n prod\n    changes: x"},
      {"RB465", 0,
       "steps:\n  - id: a\n    shell: >-\n      docker run --rm\n      alpine:3\n      sh -c true\n      --\n      x\n    changes: x"},
      {"RB465", 0,
       "steps:\n  - id: a\n    shell: >-\n      kubectl get pods -o json\n      | jq .items\n      > \"$file\"\n    changes: x"},
      {"RB465", 0,
       "steps:\n  - id: a\n    shell: >-\n      cd /srv &&\n      git pull;\n      git gc ||\n      true\n    changes: x"},
      {"RB465", 0, "steps:\n  - id: a\n    shell: >-\n      echo \"the collector\n      stops now\"\n    changes: x"},
      {"RB465", 0, "steps:\n  - id: a\n    shell: >-\n      kubectl delete\n      deployment/web\n    changes: x"},
      {"RB465", 0, "steps:\n  - id: a\n    shell: \"kubectl delete \\\n        pods web\"\n    changes: x"},
      {"RB465", 0, "steps:\n  - id: a\n    shell: \"echo stopping\\n\\\n        ls\"\n    changes: x"},
      {"RB465", 0,
       "steps:\n  - id: a\n    shell:\n      interpreter: python3\n      script: >\n        import os;\n        print(os.environ[\n        \"HOME\"])\n    changes: x"},
      {"RB465", 0,
       "steps:\n  - id: a\n    shell:\n      interpreter: perl\n      script: >\n        print 1;\n        print 2\n    changes: x"},
      {"RB465", 0,
       "connections: { db: { dbname: a } }\nsteps:\n  - id: a\n    sql:\n      db: db\n      query: >\n        DELETE FROM a\n        WHERE name = '-- all'\n        -- the old ones\n    changes: x"},
      // What is meant as a value, and stays what is written.
      {"RB466", 1,
       "vars: { tag: { type: string, default: a } }\nsteps: [{ id: a, shell: 'git checkout {{ tag }}', changes: x }]"},
      {"RB466", 1,
       "vars: { tag: { type: string, default: a } }\nsteps: [{ id: a, shell: 'git checkout {{vars.tag}}', changes: x }]"},
      {"RB466", 1,
       "vars: { tag: { type: string, default: a } }\nsteps: [{ id: a, shell: 'git checkout \"$tag\"', changes: 'to {{ tag }}' }]"},
      {"RB466", 2,
       "vars: { tag: { type: string, default: a } }\nsteps: [{ id: a, title: '{{ tag }}', shell: 'echo $TAG', env: { TAG: '{{ tag }}' }, changes: none }]"},
      {"RB466", 1, "steps: [{ id: a, for_each: [x], shell: 'echo {{ item }}', changes: none }]"},
      {"RB466", 1,
       "vars: { tag: { type: string, default: a } }\nsteps: [{ id: a, http: { post: 'http://h', json: { text: 'now {{ tag }}' } }, changes: x }]"},
      {"RB466", 2,
       "vars: { tag: { type: string, default: a } }\ntitle: to {{ tag }}\nlock: deploy-{{ tag }}\nsteps: [{ id: a, shell: ls, changes: none }]"},
      {"RB466", 2,
       "vars: { tag: { type: string, default: a } }\nsteps: [{ id: a, shell: ls, changes: none, env: { A: vars.tag, B: $tag } }]"},
      {"RB466", 1, "secrets: { token: { env: T } }\nsteps: [{ id: a, shell: ls, changes: none, env: { A: secrets.token } }]"},
      {"RB466", 1,
       "steps: [{ id: a, shell: ls, changes: none, outputs: { n: exit } }, { id: b, shell: { argv: [ls, steps.a.n] }, changes: none }]"},
      {"RB466", 3,
       "vars: { tag: { type: string, default: a } }\nsteps: [{ id: a, shell: { argv: [cp, $tag, ~/x, $HOME/y] }, changes: x }]"},
      {"RB466", 2, "steps: [{ id: a, shell: ls, changes: none, cwd: ~/app, env: { KUBECONFIG: ~/.kube/config } }]"},
      {"RB466", 1, "env: { KUBECONFIG: $HOME/.kube/config }\nsteps: [{ id: a, shell: ls, changes: none }]"},
      {"RB466", 1,
       "vars: { tag: { type: string, default: a } }\nsteps: [{ id: a, shell: ls, changes: x, undo: { shell: 'git checkout {{ tag }}' } }]"},
      {"RB466", 1,
       "vars: { tag: { type: string, default: a } }\nconnections: { db: { dbname: a } }\nsteps: [{ id: a, sql: { db: db, query: \"SELECT '$tag'\" } }]"},
      {"RB466", 1,
       "vars: { tag: { type: string, default: a } }\nconnections: { db: { dbname: a } }\nsteps: [{ id: a, sql: { db: db, query: 'SELECT $1 WHERE a = $tag', params: [1] } }]"},
      {"RB466", 1,
       "vars: { tag: { type: string, default: a } }\nconnections: { db: { dbname: a } }\nsteps: [{ id: a, sql: { db: db, query: 'SELECT $1', params: [vars.tag] } }]"},
      {"RB466", 0,
       "vars: { tag: { type: string, default: a } }\nsteps: [{ id: a, shell: 'echo {{ tags }} {{ .tag }} {{ tag | upper }}', changes: none }]"},
      {"RB466", 0,
       "vars: { tag: { type: string, default: a } }\nsteps: [{ id: a, shell: 'sed \"s/{{ tag }}/$tag/\" a >b', changes: b }]"},
      {"RB466", 0,
       "vars: { tag: { type: string, default: a } }\nsteps: [{ id: a, shell: { interpreter: python3, script: 'print(f\"{{tag}}\")' }, changes: none }]"},
      {"RB466", 0,
       "vars: { tag: { type: string, default: a } }\nsteps: [{ id: a, shell: ls, changes: none, env: { A: vars.tags, B: $tags, C: tag, D: '${vars.tag}', E: '~', F: steps.b.n, G: secrets.token } }]"},
      {"RB466", 0,
       "vars: { tag: { type: string, default: a } }\nsteps: [{ id: a, shell: { argv: [bash, -c, $tag] }, changes: none }]"},
      {"RB466", 0, "steps: [{ id: a, shell: { argv: [ssh, h, ~/stop] }, changes: x }]"},
      {"RB466", 0, "steps: [{ id: a, shell: 'ls ~/x $HOME/y', changes: none, env: { AWS_CONFIG_FILE: ~/.aws/config } }]"},
      {"RB466", 0,
       "vars: { tag: { type: string, default: a } }\nconnections: { db: { dbname: a } }\nsteps: [{ id: a, sql: { db: db, query: 'SELECT $tag$ $1 $tag$, $tags$ a$tag $tags$' } }]"},
      {"RB466", 0, "steps: [{ id: a, shell: 'echo {{ item }}', changes: none }]"},
      {"RB466", 1,
       "vars: { tag: { type: string, default: a } }\nsteps: [{ id: a, shell: ls, changes: x, env: { A: 'v-$tag' } }]"},
      {"RB466", 2,
       "vars: { tag: { type: string, default: a } }\nsteps: [{ id: a, http: { post: 'http://h', headers: { X-Tag: 'is $tag' }, json: { text: 'now $tag, done' } }, changes: x }]"},
      {"RB466", 2,
       "vars: { tag: { type: string, default: a } }\ntitle: to $tag\nsteps: [{ id: a, shell: 'git checkout \"$tag\"', changes: to $tag }]"},
      {"RB466", 1, "vars: { tag: { type: string, default: a } }\nsteps: [{ id: a, manual: look at $tag, timeout: 5m }]"},
      {"RB466", 0,
       "vars: { tag: { type: string, default: a } }\nsteps: [{ id: a, shell: ls, changes: 'to $tags, $$tag, ${vars.tag}, 5$', env: { A: '$other' } }]"},
      {"RB466", 0,
       "vars: { tag: { type: string, default: a } }\nsteps: [{ id: a, shell: 'eval \"$A\"', changes: x, env: { A: 'echo $tag' } }]"},
      {"RB466", 0,
       "vars: { tag: { type: string, default: a } }\nsteps: [{ id: a, shell: { argv: [bash, -c, 'ls $tag'] }, changes: x }]"},
      {"RB466", 0,
       "vars: { tag: { type: string, default: a } }\nsteps: [{ id: a, http: { post: 'http://h', json: { query: 'query($tag: ID!) { job(tag: $tag) }' } }, changes: x }]"},
      // As many parameters as values.
      {"RB467", 1,
       "connections: { db: { dbname: a } }\nsteps: [{ id: a, sql: { db: db, query: 'SELECT $1 + $2', params: [1] } }]"},
      {"RB467", 1, "connections: { db: { dbname: a } }\nsteps: [{ id: a, sql: { db: db, query: 'SELECT $1', params: [1, 2] } }]"},
      {"RB467", 1, "connections: { db: { dbname: a } }\nsteps: [{ id: a, sql: { db: db, query: 'SELECT $1' } }]"},
      {"RB467", 1,
       "connections: { db: { dbname: a } }\nsteps: [{ id: a, sql: { db: db, query: 'SELECT 1 -- $1', params: [1] } }]"},
      {"RB467", 1, "connections: { db: { dbname: a } }\nsteps: [{ id: a, sql: { db: db, query: 'SELECT $12', params: [1] } }]"},
      {"RB467", 0,
       "connections: { db: { dbname: a } }\nsteps: [{ id: a, sql: { db: db, query: 'SELECT $2 + $1', params: [1, 2] } }]"},
      {"RB467", 0,
       "connections: { db: { dbname: a } }\nsteps: [{ id: a, sql: { db: db, query: \"SELECT '$1', $$ $2 $$, a$3 /* $4 */\" } }]"},
      {"RB467", 0,
       "connections: { db: { dbname: a } }\nsteps: [{ id: a, sql: { db: db, query: 'CREATE FUNCTION f(int) RETURNS int RETURN $1' } }]"},
      {"RB467", 0, "connections: { db: { dbname: a } }\nsteps: [{ id: a, sql: { db: db, script: 'SELECT 1; SELECT 2' } }]"},
      {"RB468", 1,
       "connections: { db: { dbname: a, sslmode: verify_full } }\nsteps: [{ id: a, sql: { db: db, query: SELECT 1 } }]"},
      {"RB468", 2,
       "connections: { db: { dbname: a, port: 54x }, b: { dbname: a, port: '70000' } }\nsteps: [{ id: a, sql: { db: db, query: SELECT 1 } }]"},
      {"RB468", 0,
       "vars: { m: { type: string, default: x } }\nconnections: { db: { dbname: a, port: '5432,5433', sslmode: '${vars.m}' } }\nsteps: [{ id: a, sql: { db: db, query: SELECT 1 } }]"},
      // A secret written out.
      {"RB460", 1, "steps: [{ id: a, shell: ls, changes: none, env: { PGPASSWORD: hunter2 } }]"},
      {"RB460", 1, "steps: [{ id: a, shell: 'PGPASSWORD=hunter2 psql', changes: none }]"},
      {"RB460", 1, "steps: [{ id: a, shell: 'mysql --password=hunter2', changes: none }]"},
      {"RB460", 1, "steps: [{ id: a, shell: 'curl https://me:hunter2@h/', changes: none }]"},
      {"RB460", 1, "steps: [{ id: a, shell: echo AKIAIOSFODNN7EXAMPLE, changes: none }]"},
      {"RB460", 1, "steps: [{ id: a, http: { get: 'http://h', headers: { Authorization: Bearer abc123 } } }]"},
      {"RB460", 1, "connections: { db: { dbname: a, password: hunter2 } }\nsteps: [{ id: a, sql: { db: db, query: SELECT 1 } }]"},
      {"RB460", 1,
       "vars: { api_key: { type: string, default: abc123 } }\nsteps: [{ id: a, shell: 'echo $api_key', changes: none }]"},
      {"RB460", 2,
       "notify: [{ url: 'https://hooks.slack.com/services/T000000/B000000/abcdef', headers: { X-Auth-Token: abcdef } }]\n"
       "steps: [{ id: a, shell: ls, changes: none }]"},
      {"RB460", 0, "secrets: { p: { env: P } }\nnotify: [{ url: '${secrets.p}' }]\nsteps: [{ id: a, shell: ls, changes: none }]"},
      {"RB460", 0,
       "secrets: { p: { env: P } }\nsteps: [{ id: a, shell: ls, changes: none, env: { PGPASSWORD: '${secrets.p}' } }]"},
      {"RB460", 0, "steps: [{ id: a, shell: 'PGPASSWORD=\"$p\" psql; TOKEN=$(cat t)', changes: none }]"},
      {"RB460", 0, "steps: [{ id: a, shell: ls, changes: none, env: { PASSWORD_FILE: /run/p, TOKEN_PATH: /run/t } }]"},
      {"RB460", 0, "steps: [{ id: a, shell: 'kubectl create secret generic x --dry-run=client', changes: none }]"},
      {"RB460", 0,
       "vars: { max_tokens: { type: int, default: 5 } }\nsteps: [{ id: a, shell: 'echo $max_tokens', changes: none }]"},
      {"RB460", 0, "steps: [{ id: a, shell: 'curl http://h:8080/a@b; git clone ssh://git@h/r', changes: none }]"},
      // production
      {"RB452", 2, "steps: [{ id: a, shell: ls, changes: none }]"},
      {"RB452", 1, "owner: me\nsteps: [{ id: a, shell: ls, changes: none }]"},
      {"RB452", 0, "owner: me\ncontact: '112'\nsteps: [{ id: a, shell: ls, changes: none }]"},
      {"RB452", 0, "success: ['true']"},
      {"RB461", 1, "steps: [{ id: a, shell: touch f, changes: f }, { id: b, shell: ls, changes: none }]"},
      {"RB461", 1, "steps: [{ id: g, steps: [{ id: a, shell: touch f, changes: f }] }]"},
      {"RB461", 0, "steps: [{ id: a, shell: touch f, changes: f, undo: { shell: rm f } }]"},
      {"RB461", 0, "steps: [{ id: a, shell: ./restore, changes: data, confirm: collector }]"},
      {"RB461", 1, "steps: [{ id: a, shell: touch f, changes: f, rescue: [{ id: b, shell: rm -f f, changes: f }] }]"},
      {"RB461", 0, "steps: [{ id: a, manual: look, timeout: 5m }]\nfinally: [{ id: b, shell: rm f, changes: f }]"},
      {"RB462", 1, "steps: [{ id: a, shell: kubectl rollout status deployment/web, changes: none }]"},
      {"RB462", 1,
       "success: [{ id: a, shell: kubectl rollout status deployment/web }]\nsteps: [{ id: b, shell: ls, changes: none }]"},
      {"RB462", 0,
       "steps: [{ id: a, shell: kubectl rollout status deployment/web, changes: none }]\nsuccess: ['run.id != \"\"']"},
      {"RB462", 0,
       "steps: [{ id: a, shell: kubectl rollout status deployment/web, changes: none }, { id: b, http: { get: 'http://h' } }]"},
      {"RB462", 0, "steps: [{ id: a, shell: ls, changes: none }]"},
      {"RB463", 1, "connections: { db: { host: db1 } }\nsteps: [{ id: a, sql: { db: db, query: SELECT 1 } }]"},
      {"RB463", 1, "connections: { db: { host: db1, sslmode: require } }\nsteps: [{ id: a, sql: { db: db, query: SELECT 1 } }]"},
      {"RB463", 0,
       "connections: { db: { host: db1, sslmode: verify-full } }\nsteps: [{ id: a, sql: { db: db, query: SELECT 1 } }]"},
      {"RB463", 0, "connections: { db: { host: localhost } }\nsteps: [{ id: a, sql: { db: db, query: SELECT 1 } }]"},
      {"RB463", 0, "connections: { db: { host: /run/postgresql } }\nsteps: [{ id: a, sql: { db: db, query: SELECT 1 } }]"},
      {"RB463", 0, "connections: { db: { service: reports } }\nsteps: [{ id: a, sql: { db: db, query: SELECT 1 } }]"},
      {"RB463", 0, "connections: { db: { url: 'http://h' } }\nsteps: [{ id: a, http: { base: db, get: / } }]"},
      {"RB463", 0,
       "requires: { env: [PGSSLMODE] }\nconnections: { db: { host: db1 } }\nsteps: [{ id: a, sql: { db: db, query: SELECT 1 } }]"},
  };
}

// Commands, in a step that counts as only reading.
std::vector<std::string> changing_commands() {
  return {
      "find /var/log/app -mtime +7 -delete",
      "find /srv -name x -exec rm {} +",
      "curl -sX POST http://h/jobs",
      "curl -X DELETE http://h/jobs/1",
      "curl --request PUT http://h/x",
      "curl -sSfXPATCH http://h/x",
      "curl -d a=1 http://h/jobs",
      "curl --data-binary @f http://h/jobs",
      "curl -F f=@x http://h/up",
      "curl -d a=1 \"$url\"",
      "redis-cli -h r -p 6379 flushall",
      "redis-cli FLUSHDB",
      "redis-cli -n 2 SET a 1",
      "redis-cli DEL a",
      "sed -i s/a/b/ /etc/app.conf",
      "sed -Ei.bak s/a/b/ app.conf",
      "sed --in-place s/a/b/ f",
      "docker rm -f web",
      "docker rmi web:1",
      "docker stop web",
      "docker -H h restart web",
      "aws --profile prod s3 rm s3://b/k",
      "journalctl --vacuum-time=7d",
      "psql -d app -c \"delete from jobs\"",
      "psql -Atc \"SELECT 1; UPDATE t SET a = 1\"",
      "psql --command=\"DROP TABLE t\"",
      "sudo -u postgres psql -c \"truncate t\"",
      "psql -c \"-- all\n       INSERT INTO t VALUES (1)\"",
      "echo x > /etc/app.conf",
      "echo x >> /etc/hosts",
      "{ echo x; } > /srv/f",
      ": >/srv/f",
      "echo x | sudo tee -a /etc/hosts",
      "echo x >\"/srv/$d/f\"",
  };
}
std::vector<std::string> reading_commands() {
  return {
      "find . -name delete",
      "find /tmp/check -delete",
      "d=$(mktemp -d); find \"$d\" -delete",
      "curl -X GET http://h",
      "curl -sf -o /dev/null -w \"%{http_code}\" http://h",
      "curl -G -d q=up http://h/api",
      "curl -X GET -d @q http://es/_x",
      "curl -X POST http://es:9200/logs/_search -d @q",
      "curl -d query=up http://prom/api/v1/query",
      "curl -H \"X: -d\" -u a:-X http://h",
      "curl -X HEAD http://h",
      "redis-cli -a SET GET del",
      "redis-cli INFO",
      "redis-cli",
      "sed -n s/a/b/p f",
      "sed -e -i f",
      "sed s/-i/x/ f",
      "sed -i s/a/b/ /tmp/f",
      "docker ps",
      "docker run --rm alpine rm",
      "docker logs stop",
      "docker exec web rm",
      "aws s3 ls",
      "aws s3 rm --dryrun s3://b/k",
      "journalctl -u vacuum --since today",
      "psql -c \"select 1\"",
      "psql -c \"BEGIN; DELETE FROM t; ROLLBACK\"",
      "psql -c \"CREATE TEMP TABLE t(); INSERT INTO t\"",
      "psql -c \"EXPLAIN DELETE FROM t\"",
      "psql -f delete",
      "ls 2>/dev/null >&2",
      "ls >/tmp/x 2>>/var/tmp/y",
      "ls >out",
      "ls >\"$f\"",
      "ls >>/var/log/check.log",
      "ls </etc/hosts",
      "[ 1 -gt 0 ] && echo \"> /etc/x\"",
      "tee /tmp/x",
      "tee",
      "cat <<E\n      > /etc/x\n      E\n      ",
      "diff <(ls) >(cat)",
  };
}
std::string reading_step(const std::string& command) {
  return "steps:\n  - id: a\n    changes: none\n    shell: |\n      " + command;
}

}  // namespace

TEST_CASE("a rule of lint speaks of what it is for, and of nothing that only resembles it") {
  for (const auto& c : cases()) {
    INFO(c.code << " " << c.times << "\n" << c.runbook);
    CHECK(times(c.code, c.runbook) == c.times);
  }
}

TEST_CASE("what changes something is seen where a step counts as only reading") {
  for (const auto& command : changing_commands()) {
    INFO(command);
    CHECK(times("RB459", reading_step(command)) == 1);
  }
  for (const auto& command : reading_commands()) {
    INFO(command);
    CHECK(times("RB459", reading_step(command)) == 0);
  }
}

TEST_CASE("every rule of lint has a case in which it speaks and one in which it does not") {
  std::set<std::string> speaks, silent;
  for (const auto& c : cases()) (c.times > 0 ? speaks : silent).insert(c.code);
  for (const auto& rule : lint_rules()) {
    INFO(rule.message->code);
    CHECK(speaks.count(std::string(rule.message->code)) == 1);
    CHECK(silent.count(std::string(rule.message->code)) == 1);
    CHECK(rule.message->severity == Severity::warning);
  }
}

TEST_CASE("what belongs to production is not said without being asked for") {
  for (const auto& c : cases()) {
    const auto planning = planning_of(files_in({{"runbook.yaml", std::string("runbook: 1\n") + c.runbook + "\n"}}));
    for (const auto& d : planning.diagnostics)
      for (const auto& rule : lint_rules())
        if (rule.message->code == d.code) CHECK(rule.profile == Profile::basic);
  }
}

TEST_CASE("a script in a used file is not told to pass an element that this file cannot name") {
  const auto said =
      planning_of(files_in({{"runbook.yaml", "runbook: 1\nsteps: [{ id: a, for_each: [x], use: part.yaml }]\n"},
                            {"part.yaml", "runbook: 1\nsteps: [{ id: b, shell: 'echo $item', changes: none }]\n"}}));
  CHECK(said.plan);
  CHECK(std::none_of(said.diagnostics.begin(), said.diagnostics.end(), [](const Diagnostic& d) { return d.code == "RB464"; }));
}

TEST_CASE("a variable of a used file counts as used where it gets its caller's, and so does the caller's") {
  const auto said =
      planning_of(files_in({{"runbook.yaml",
                             "runbook: 1\nvars: { tag: { type: string, default: a }, one: { type: string, default: a } }\n"
                             "steps: [{ id: a, use: { file: used.yaml, vars: { two: '${vars.one}' } } }]\n"},
                            {"used.yaml",
                             "runbook: 1\nvars: { tag: { type: string, default: a }, two: { type: string, default: a } }\n"
                             "steps: [{ id: b, shell: 'echo $tag', changes: none }]\n"}}));
  REQUIRE(said.plan.has_value());
  REQUIRE(said.diagnostics.size() == 1);
  CHECK(said.diagnostics[0].text.en == "variable `two` is used nowhere");
}

TEST_CASE("a file full of variables is looked at in one pass") {
  std::string text = "runbook: 1\nvars:\n";
  for (int i = 0; i < 20'000; ++i) text += "  v" + std::to_string(i) + ": { type: int, default: 1 }\n";
  const auto said = planning_of(files_in({{"runbook.yaml", text + "steps: [{ id: a, shell: 'echo $v7', changes: none }]\n"}}));
  CHECK(said.diagnostics.size() == 19'999);
}

TEST_CASE("an undo is not advised again") {
  const auto files = files_in({{"runbook.yaml",
                                "runbook: 1\nvars: { unused: { type: string, default: a } }\n"
                                "steps: [{ id: a, shell: touch f, changes: f, undo: { shell: rm f } }]\n"}});
  const auto undo = make_undo_plan(read_book(files, inputs_of("runbook.yaml")), {}, {"a"}, {});
  REQUIRE(undo.plan.has_value());
  CHECK(undo.diagnostics.empty());
}

}  // namespace runbook::testing
