#include "server/http/metrics_page.hpp"

#include <dirent.h>
#include <unistd.h>

#include <cstdio>
#include <ctime>
#include <fstream>

#include "server/gateway/gateway.hpp"
#include "tl/numbers.hpp"

namespace server::http {
namespace {

class Writer {
 public:
  void family(std::string_view name, std::string_view type, std::string_view help) {
    name_ = name;
    out.append("# HELP ").append(name).append(" ").append(help).append("\n");
    out.append("# TYPE ").append(name).append(" ").append(type).append("\n");
  }
  template <class Number>
  void sample(Number value, std::string_view labels = {}, std::string_view suffix = {}) {
    out.append(name_).append(suffix);
    if (!labels.empty()) out.append("{").append(labels).append("}");
    out += ' ';
    tl::append_number(value, out);
    out += '\n';
  }
  template <class Number>
  void single(std::string_view name, std::string_view type, std::string_view help, Number value) {
    family(name, type, help);
    sample(value);
  }

  std::string out;

 private:
  std::string_view name_;
};

std::string label(std::string_view key, std::string_view value) {
  return std::string(key) + "=\"" + std::string(value) + "\"";
}

void clients(const Metrics& metrics, Writer& to) {
  to.family("streamjson_clients", "gauge", "Clients that are connected now.");
  for (std::size_t i = 0; i < client_kinds.size(); ++i) {
    const auto count = metrics.sum([i](const Counters& of) -> auto& { return of.clients_open[i]; });
    to.sample(count, label("kind", client_kinds[i]));
  }
  to.family("streamjson_clients_total", "counter", "Clients that have connected.");
  for (std::size_t i = 0; i < client_kinds.size(); ++i) {
    const auto count =
        metrics.sum([i](const Counters& of) -> auto& { return of.clients_opened[i]; });
    to.sample(count, label("kind", client_kinds[i]));
  }
}

void requests(const Metrics& metrics, Writer& to) {
  to.family("streamjson_requests_total", "counter", "Requests by how they ended.");
  for (std::size_t i = 0; i < request_outcomes.size(); ++i) {
    const auto count = metrics.sum([i](const Counters& of) -> auto& { return of.requests[i]; });
    to.sample(count, label("outcome", request_outcomes[i]));
  }
}

void telegram_seconds(const Metrics& metrics, Writer& to) {
  to.family("streamjson_telegram_seconds", "histogram",
            "Seconds from sending a call to its answer, connecting included.");
  std::uint64_t all = 0;
  for (std::size_t i = 0; i <= Counters::bounds.size(); ++i) {
    all += metrics.sum([i](const Counters& of) -> auto& { return of.telegram_seconds[i]; });
    std::string bound = "+Inf";
    if (i < Counters::bounds.size()) {
      bound.clear();
      tl::append_number(Counters::bounds[i], bound);
    }
    to.sample(all, label("le", bound), "_bucket");
  }
  const auto sum =
      metrics.sum([](const Counters& of) -> auto& { return of.telegram_microseconds; });
  to.sample(static_cast<double>(sum) / 1e6, {}, "_sum");
  to.sample(all, {}, "_count");
}

struct Family {
  std::string_view name, type, help;
  const Count& (*get)(const Counters&);
};

template <auto member>
const Count& own(const Counters& of) {
  return of.*member;
}
template <auto member>
const Count& upstream(const Counters& of) {
  return of.telegram.*member;
}

using upstream::Traffic;

constexpr Family families[] = {
    {"streamjson_clients_silent", "gauge",
     "Connections from this machine that have not said a byte yet.",
     own<&Counters::clients_silent>},
    {"streamjson_requests_in_flight", "gauge", "Requests that wait for an answer.",
     own<&Counters::requests_in_flight>},
    {"streamjson_client_received_bytes_total", "counter", "Bytes read from clients.",
     own<&Counters::client_bytes_in>},
    {"streamjson_client_sent_bytes_total", "counter", "Bytes written to clients.",
     own<&Counters::client_bytes_out>},
    {"streamjson_telegram_received_bytes_total", "counter", "Bytes read from data centres.",
     upstream<&Traffic::bytes_in>},
    {"streamjson_telegram_sent_bytes_total", "counter", "Bytes written to data centres.",
     upstream<&Traffic::bytes_out>},
    {"streamjson_telegram_connections", "gauge", "Connections to data centres that are up.",
     upstream<&Traffic::open>},
    {"streamjson_telegram_connections_total", "counter", "Connections to data centres made.",
     upstream<&Traffic::connections>},
    {"streamjson_telegram_reconnects_total", "counter",
     "Connections made in the place of one that was lost.", upstream<&Traffic::reconnects>},
    {"streamjson_telegram_failures_total", "counter",
     "Connections to data centres that were lost or could not be made.",
     upstream<&Traffic::failures>},
    {"streamjson_key_exchanges_total", "counter", "Authorization keys made.",
     upstream<&Traffic::key_exchanges>},
    {"streamjson_flood_waits_total", "counter",
     "Calls that Telegram answered with FLOOD_WAIT or another wait.", own<&Counters::flood_waits>},
    {"streamjson_flood_waits_kept_total", "counter",
     "Those of them that were sent again after the wait (option flood_wait).",
     own<&Counters::flood_waits_kept>},
    {"streamjson_refused_total", "counter",
     "Requests and connections refused by the rules of who may come in.", own<&Counters::refused>},
};

void leases(const cluster::NodeLeases& of, Writer& to) {
  const auto counts = of.counts();
  to.single("streamjson_leases_held", "gauge", "Accounts that are this gateway's now.",
            counts.held);
  to.single("streamjson_leases_taken_over_total", "counter",
            "Accounts that were another gateway's whose lease ran out.", counts.taken_over);
  to.single("streamjson_leases_lost_total", "counter",
            "Accounts that were left to others as their lease was not renewed in time.",
            counts.lost);
}

void forwards(const Metrics& metrics, Writer& to) {
  to.single("streamjson_forwards_total", "counter",
            "Clients and readers that were led to the gateway that has their account.",
            metrics.sum(own<&Counters::forwards>));
}

double resident_bytes() {
  std::ifstream file("/proc/self/statm");
  double total = 0, resident = 0;
  file >> total >> resident;
  return resident * static_cast<double>(::sysconf(_SC_PAGESIZE));
}

std::uint64_t open_files() {
  auto* folder = ::opendir("/proc/self/fd");
  if (folder == nullptr) return 0;
  std::uint64_t count = 0;
  while (::readdir(folder) != nullptr) ++count;
  ::closedir(folder);
  return count > 3 ? count - 3 : 0;  // ".", ".." and the folder itself
}

double cpu_seconds() {
  timespec used{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
  return static_cast<double>(used.tv_sec) + static_cast<double>(used.tv_nsec) / 1e9;
}

}  // namespace

std::string metrics_page(const Gateway& gateway) {
  Writer to;
  to.family("streamjson_build_info", "gauge", "The version of this program; always 1.");
  to.sample(std::uint64_t{1}, label("version", STREAMJSON_VERSION));
  clients(gateway.metrics, to);
  requests(gateway.metrics, to);
  telegram_seconds(gateway.metrics, to);
  for (const auto& [name, type, help, get] : families) {
    to.single(name, type, help, gateway.metrics.sum(get));
  }
  if (gateway.leases) {
    leases(*gateway.leases, to);
    forwards(gateway.metrics, to);
  }
  to.single("streamjson_work_queue", "gauge", "Slow pieces of work that wait for a thread.",
            gateway.pool.waiting());
  to.single("streamjson_memory_bytes", "gauge",
            "Memory taken by clients' lines, values and replies (--max-memory bounds it).",
            gateway.memory.used());
  to.single("streamjson_memory_limit_bytes", "gauge", "The bound of that memory.",
            gateway.memory.limit());
  to.single("process_resident_memory_bytes", "gauge", "Resident memory size in bytes.",
            resident_bytes());
  to.single("process_cpu_seconds_total", "counter", "Total CPU time spent in seconds.",
            cpu_seconds());
  to.single("process_open_fds", "gauge", "Number of open file descriptors.", open_files());
  to.single("process_start_time_seconds", "gauge",
            "Start time of the process since the Unix epoch in seconds.", gateway.started);
  return std::move(to.out);
}

}  // namespace server::http
