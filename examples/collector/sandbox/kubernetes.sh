# The sandbox's cluster: minicluster, the real kubectl, the release repository, deployments. Sourced by sandbox.sh.
# shellcheck shell=bash

# The kubectl on PATH; otherwise Debian's, unpacked (installing the package collides with others that bring
# /usr/bin/kubectl). It is kept in the user's cache, for other sandboxes.
find_kubectl() {
  local cache=${XDG_CACHE_HOME:-$HOME/.cache}/runbook-sandbox fetched
  [ -x "$dir/bin/kubectl" ] && return
  if type -P kubectl >/dev/null; then
    ln -sfn "$(readlink -f "$(type -P kubectl)")" "$dir/bin/kubectl"
    return
  fi
  if [ ! -x "$cache/kubectl" ]; then
    say "fetching Debian's kubectl (package kubernetes-client)"
    mkdir -p "$cache"
    fetched=$(mktemp -d "$cache/new.XXXXXX")
    if ! (cd "$fetched" && apt-get download -q kubernetes-client && dpkg-deb -x ./*.deb unpacked) >"$dir/logs/kubectl.log" 2>&1; then
      rm -rf "$fetched"
      give_up "no kubectl on PATH, and Debian's cannot be fetched (apt-get update?): $dir/logs/kubectl.log"
    fi
    mv "$fetched/unpacked/usr/bin/kubectl" "$cache/kubectl"
    rm -rf "$fetched"
  fi
  cp "$cache/kubectl" "$dir/bin/kubectl"
}

# With a HOME of its own: kubectl caches what a server can do under ~/.kube, by address and port.
kubectl() { HOME=$dir/home KUBECONFIG=$dir/cluster/kubeconfig "$dir/bin/kubectl" "$@"; }

# The collector's programs, as the cluster's images. Copied: a sandbox that runs is not disturbed by a build.
make_images() {
  local version
  for version in v5.3.0 v5.4.0; do
    [ -x "$dir/images/collector-$version" ] && continue
    [ -n "$built" ] || give_up "the collector is not built: cmake --preset release && cmake --build --preset release"
    cp "$built/collector-$version" "$dir/images/new"
    mv "$dir/images/new" "$dir/images/collector-$version"
  done
}

# Where the pods find the database: what a Secret would give them.
write_image_list() (
  umask 077
  jq -n --arg images "$dir/images" --arg port "$(cat "$dir/run/postgres.port")" --arg user "$db_user" --arg name "$db_name" \
    --arg password "$(cat "$dir/run/password")" '
    {PGHOST: "127.0.0.1", PGPORT: $port, PGUSER: $user, PGDATABASE: $name, PGPASSWORD: $password} as $env
    | [("v5.3.0", "v5.4.0") | {key: "collector:\(.)", value: {argv: ["\($images)/collector-\(.)"], env: $env}}]
    | from_entries' >"$dir/cluster/images.json"
)

start_minicluster() {
  runs minicluster && return
  rm -f "$dir/cluster/kubeconfig"
  start minicluster env PYTHONPATH="$here" PYTHONDONTWRITEBYTECODE=1 python3 -P -m minicluster \
    --images "$dir/cluster/images.json" --state-dir "$dir/cluster" --targets "$dir/cluster/targets.json"
  wait_until 20 "minicluster writes its kubeconfig" test -s "$dir/cluster/kubeconfig"
  wait_until 20 "kubectl reaches minicluster" kubectl get nodes
}

# in_repository FOLDER COMMAND...: git without the user's own settings that would get in the way
in_repository() {
  local folder=$1
  shift
  git -C "$folder" -c user.name=release -c user.email=release@example.com -c commit.gpgsign=false -c tag.gpgsign=false \
    -c core.hooksPath=/dev/null "$@"
}

# One repository with both releases: each tag has the scripts, the runbooks and its own deployment.yaml.
make_release() {
  local new=$dir/release.new
  [ -d "$dir/release" ] && return
  say "making the release repository (v5.3.0, v5.4.0)"
  rm -rf "$new"
  mkdir "$new"
  cp -r "$here/release/." "$here/../../runbooks" "$new/"
  git init -q --initial-branch=main "$new"
  in_repository "$new" add -A
  in_repository "$new" commit -q -m 'Release v5.3.0'
  in_repository "$new" tag v5.3.0
  sed -i 's/v5\.3\.0/v5.4.0/' "$new/deployment.yaml"
  in_repository "$new" commit -q -a -m 'Release v5.4.0'
  in_repository "$new" tag v5.4.0
  mkdir "$new/backups"
  mv "$new" "$dir/release"
}

# deploy VERSION: as its tag says, until every pod is of it and ready
deploy() {
  say "deploying $1"
  in_repository "$dir/release" show "$1:deployment.yaml" | kubectl apply -f - >"$dir/logs/deploy.log" 2>&1 || give_up "kubectl apply failed: $dir/logs/deploy.log"
  kubectl rollout status deployment/collector --timeout=2m >>"$dir/logs/deploy.log" 2>&1 || give_up "the rollout failed: $dir/logs/deploy.log"
}

is_deployed() { kubectl get deployment/collector -o name; }

base_url() { kubectl get service/collector -o jsonpath='http://{.spec.clusterIP}:{.spec.ports[0].port}'; }
