# The sandbox's Prometheus, and the clients whose requests it measures. Sourced by sandbox.sh.
# shellcheck shell=bash

start_prometheus() {
  runs prometheus && return
  # The target list is what a cluster's service discovery gives, under the same labels; every pod is scraped by itself.
  cat >"$dir/prometheus/prometheus.yml" <<EOT
global: {scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s}
scrape_configs:
- job_name: pods
  file_sd_configs:
  - files: [$dir/cluster/targets.json]
    refresh_interval: 1s
  relabel_configs:
  - {source_labels: [__meta_kubernetes_pod_name], target_label: pod}
  - {source_labels: [__meta_kubernetes_pod_container_image], target_label: image}
EOT
  local try
  for try in 1 2 3 4 5; do
    if [ "$try" != 1 ] || [ ! -e "$dir/run/prometheus.port" ]; then free_port >"$dir/run/prometheus.port"; fi
    start prometheus prometheus --config.file="$dir/prometheus/prometheus.yml" --storage.tsdb.path="$dir/prometheus/data" \
      --storage.tsdb.retention.time=2h --web.listen-address="127.0.0.1:$(cat "$dir/run/prometheus.port")" --log.level=warn
    if wait_until 30 "Prometheus is ready" prometheus_ready_or_ended && prometheus_ready; then return; fi
  done
  give_up "Prometheus does not start: $dir/logs/prometheus.log"
}

prometheus_url() { echo "http://127.0.0.1:$(cat "$dir/run/prometheus.port")"; }
prometheus_ready() { curl -sf --max-time 2 "$(prometheus_url)/-/ready" >/dev/null; }
prometheus_ready_or_ended() { ! runs prometheus || prometheus_ready; }

# The value of a query that gives one number; nothing where there is no data.
measure() {
  curl -sf --max-time 5 --get --data-urlencode "query=$1" "$(prometheus_url)/api/v1/query" |
    jq -r '.data.result[0].value[1] // empty | select(. != "NaN")'
}
error_rate() {
  measure '(sum(rate(http_requests_total{app="collector",code=~"5.."}[10s])) or vector(0)) / sum(rate(http_requests_total{app="collector"}[10s]))'
}
latency() { measure 'histogram_quantile(0.95, sum by (le) (rate(http_request_duration_seconds_bucket{app="collector"}[10s])))'; }

# at_least NUMBER COMMAND: whether what it prints is a number of that size
at_least() { "$2" | awk -v least="$1" '{ found = ($1 + 0 >= least) } END { exit !found }'; }

start_traffic() {
  runs traffic && return
  start traffic python3 "$here/sandbox/traffic.py" "$(base_url)" 20
}
