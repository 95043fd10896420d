-- What wrk sends: a text that never repeats, as the body or in the address; then one line of what came back.
-- Arguments: GET or POST, the path, the body; %d in them is the number.
local number = 100000

function init(arguments)
  method, path, body = arguments[1], arguments[2], arguments[3] or ""
end

function request()
  number = number + 1
  if method == "GET" then
    return wrk.format("GET", string.format(path, number))
  end
  return wrk.format("POST", path, { ["Content-Type"] = "application/json" }, string.format(body, number))
end

function done(summary, latency)
  local lost = summary.errors
  local failed = lost.connect + lost.read + lost.write + lost.status + lost.timeout
  local line = '{"requests": %d, "seconds": %f, "failed": %d, "middle": %f, "tail": %f}\n'
  io.write(string.format(
    line, summary.requests, summary.duration / 1e6, failed, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3
  ))
end
