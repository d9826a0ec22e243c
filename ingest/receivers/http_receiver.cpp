// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/receivers/http_receiver.h"

#include <utility>  // before Asio: its coroutine headers of this version use std::exchange without it

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <chrono>
#include <ctime>
#include <list>
#include <new>
#include <optional>
#include <thread>

#include "ingest/receivers/http_words.h"
#include "model/core/text.h"
#include "model/journal/journal_format.h"

namespace spanreel::ingest {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using tcp = asio::ip::tcp;
using boost::system::error_code;
using Seconds = std::chrono::seconds;
using Parser = http::request_parser<http::string_body>;
using Response = http::response<http::string_body>;

std::string_view view(boost::beast::string_view text) { return {text.data(), text.size()}; }

std::string httpDate() {
    const std::time_t now = std::time(nullptr);
    std::tm utc{};
    ::gmtime_r(&now, &utc);
    static constexpr const char* kDays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    char text[64];
    std::snprintf(text, sizeof text, "%s, %02d %s %04d %02d:%02d:%02d GMT", kDays[utc.tm_wday], utc.tm_mday, kMonths[utc.tm_mon], utc.tm_year + 1900, utc.tm_hour, utc.tm_min,
                  utc.tm_sec);
    return text;
}

/// All Content-Encoding lines together.
ContentCoding codingOf(const http::fields& fields) {
    auto out = ContentCoding::Identity;
    const auto [first, last] = fields.equal_range(http::field::content_encoding);
    for (auto it = first; it != last; ++it) out = joinContentCoding(out, view(it->value()));
    return out;
}

int rpcCodeOf(http::status status) {
    switch (status) {
        case http::status::not_found: return kRpcNotFound;
        case http::status::method_not_allowed: return kRpcUnimplemented;
        case http::status::forbidden: return kRpcPermissionDenied;
        case http::status::request_timeout: return kRpcDeadlineExceeded;
        case http::status::payload_too_large:
        case http::status::request_header_fields_too_large: return kRpcResourceExhausted;
        case http::status::service_unavailable: return kRpcUnavailable;
        case http::status::internal_server_error: return kRpcInternal;
        default: return kRpcInvalidArgument;
    }
}

/// What the answers to one request have in common.
struct Exchange {
    unsigned version = 11;
    bool keepAlive = false;
    store::Encoding encoding = store::Encoding::Json;  ///< of an error's body
    std::string allowedOrigin;                         ///< to echo; empty = no CORS headers
};

Response makeResponse(const Exchange& exchange, http::status status) {
    Response out(status, exchange.version);
    out.set(http::field::date, httpDate());
    out.set("X-Content-Type-Options", "nosniff");
    out.set(http::field::vary, "Origin");
    if (!exchange.allowedOrigin.empty()) {
        out.set(http::field::access_control_allow_origin, exchange.allowedOrigin);
        out.set(http::field::access_control_allow_credentials, "true");
        out.set(http::field::access_control_expose_headers, "Retry-After");
    }
    out.keep_alive(exchange.keepAlive);
    return out;
}

Response bodyResponse(const Exchange& exchange, http::status status, std::string body) {
    auto out = makeResponse(exchange, status);
    out.set(http::field::content_type, exchange.encoding == store::Encoding::Json ? "application/json" : "application/x-protobuf");
    out.body() = std::move(body);
    out.prepare_payload();
    return out;
}

Response statusResponse(const Exchange& exchange, http::status status, std::string_view message, int retryAfterSeconds = 0) {
    auto out = bodyResponse(exchange, status, encodeStatus(exchange.encoding, rpcCodeOf(status), message, retryAfterSeconds));
    if (retryAfterSeconds > 0) out.set(http::field::retry_after, std::to_string(retryAfterSeconds));
    return out;
}

Response answerResponse(const Exchange& exchange, Signal signal, const ExportAnswer& answer) {
    switch (answer.kind) {
        case ExportAnswer::Kind::Ok: return bodyResponse(exchange, http::status::ok, encodeResponse(signal, exchange.encoding, answer));
        case ExportAnswer::Kind::Malformed: return statusResponse(exchange, http::status::bad_request, answer.message);
        case ExportAnswer::Kind::TooLarge: return statusResponse(exchange, http::status::payload_too_large, answer.message);
        case ExportAnswer::Kind::Overloaded: return statusResponse(exchange, http::status::service_unavailable, answer.message, answer.retryAfterSeconds);
        case ExportAnswer::Kind::Failed: break;
    }
    return statusResponse(exchange, http::status::internal_server_error, answer.message);
}

struct Connection {
    explicit Connection(tcp::socket s) : socket(std::move(s)), deadline(socket.get_executor()) {}
    tcp::socket socket;
    asio::steady_timer deadline;
    boost::beast::flat_buffer buffer{160 * 1024};
    std::uint64_t deadlineRound = 0;
    bool timedOut = false;
    bool waiting = true;  ///< for a request or the rest of its header: may be closed to make room
    bool reading = false; ///< a body: may be closed where nobody waits
    std::uint64_t lastHeard = 0;  ///< in the order of what came of all of them
    std::size_t charged = 0;
};
using ConnectionPtr = std::shared_ptr<Connection>;

/// A timer that is so late shows that this process did not run for a while.
constexpr auto kStopped = std::chrono::seconds(1);
/// Requests in a row after which their sender is taken for the only one.
constexpr unsigned kOnlySender = 8;
/// Read from a socket in one call.
constexpr std::size_t kReadAtOnce = 256 * 1024;

/// Cancels what the connection waits for when the time is up. Replaces an earlier limit. `anew`: the time is counted once more.
void limitTime(const ConnectionPtr& connection, int seconds, bool anew = false) {
    connection->timedOut = false;
    const auto round = ++connection->deadlineRound;
    connection->deadline.expires_after(Seconds(seconds));
    connection->deadline.async_wait([connection, round, seconds, anew](error_code error) {
        if (error || round != connection->deadlineRound) return;
        // Who comes so late was stopped meanwhile, and perhaps the sender too.
        if (!anew && std::chrono::steady_clock::now() > connection->deadline.expiry() + kStopped) return limitTime(connection, seconds, true);
        connection->timedOut = true;
        error_code ignored;
        connection->socket.cancel(ignored);
    });
}

template <class T>
auto into(T& error) { return asio::redirect_error(asio::use_awaitable, error); }

}  // namespace

struct HttpReceiver::Private : std::enable_shared_from_this<Private> {
    OtlpEndpoint& endpoint;
    DecodePool& pool;
    OtlpEndpoint::Origin& origin;
    PolicySource policy;
    RefusalSink refused;
    HttpLimits limits;

    asio::io_context context{1};
    std::list<tcp::acceptor> acceptors;
    std::list<ConnectionPtr> connections;  ///< oldest first; receiver thread only, as everything below
    std::size_t bodyBytes = 0;
    std::uint64_t heard = 0;
    const Connection* lastSender = nullptr;  ///< only to be compared
    unsigned inARow = 0;                     ///< requests of it
    bool stopping = false;
    std::jthread thread;

    Private(OtlpEndpoint& e, DecodePool& p, OtlpEndpoint::Origin& o, PolicySource s, RefusalSink r, HttpLimits l)
        : endpoint(e), pool(p), origin(o), policy(std::move(s)), refused(std::move(r)), limits(l) {}

    ReceiverHealth& health() { return *origin.health; }

    asio::awaitable<void> accept(tcp::acceptor& acceptor);
    asio::awaitable<void> serve(ConnectionPtr connection);
    asio::awaitable<bool> serveOne(ConnectionPtr connection);
    asio::awaitable<bool> send(ConnectionPtr connection, Response response);
    asio::awaitable<void> drain(ConnectionPtr connection);
    asio::awaitable<error_code> readBody(ConnectionPtr connection, std::size_t length, OtlpEndpoint::Request& request);
    asio::awaitable<error_code> readParsed(ConnectionPtr connection, Parser& parser, OtlpEndpoint::Request& request);
    bool charge(Connection& connection, std::size_t bytes);
    bool isOnlySender(const Connection& connection);
    asio::awaitable<ExportAnswer> decode(const Connection& connection, OtlpEndpoint::Request request);
    std::optional<Response> refusal(const Parser::value_type& request, Exchange& exchange, std::optional<Signal>& signal, ContentCoding& coding);
    Response preflight(const Parser::value_type& request, const Exchange& exchange);
    void makeRoom();
    void note(std::string_view message) { health().lastError.set(message); }
};

// Whatever fails, listening goes on.
asio::awaitable<void> HttpReceiver::Private::accept(tcp::acceptor& acceptor) {
    while (!stopping) {
        ConnectionPtr connection;
        try {
            error_code error;
            tcp::socket socket = co_await acceptor.async_accept(into(error));
            if (error) {
                if (stopping || error == asio::error::operation_aborted) co_return;
                asio::steady_timer pause(context, std::chrono::milliseconds(100));  // out of descriptors: others go on meanwhile
                co_await pause.async_wait(into(error));
                continue;
            }
            error_code ignored;
            socket.set_option(tcp::no_delay(true), ignored);
            connection = std::make_shared<Connection>(std::move(socket));
            connection->lastHeard = ++heard;
            if (connections.size() >= limits.connections) makeRoom();
            connections.push_back(connection);
            health().connections.store(connections.size(), std::memory_order_relaxed);
            asio::co_spawn(context, serve(connection), asio::detached);
        } catch (const std::bad_alloc&) {
            if (connection) {  // nobody serves it
                error_code ignored;
                connection->socket.close(ignored);
                connections.remove(connection);
            }
            note("out of memory for a connection");
        }
    }
}

// Over the limit of connections, the one that has waited longest without a whole request gives way; where all are in a body, the one
// of which nothing has come for longest. Those being answered stay.
void HttpReceiver::Private::makeRoom() {
    const auto rank = [](const Connection& c) { return std::pair(!c.waiting, c.lastHeard); };
    auto least = connections.end();
    for (auto it = connections.begin(); it != connections.end(); ++it)
        if (((*it)->waiting || (*it)->reading) && (least == connections.end() || rank(**it) < rank(**least))) least = it;
    if (least == connections.end()) return;
    error_code ignored;
    (*least)->socket.close(ignored);
    connections.erase(least);
}

asio::awaitable<void> HttpReceiver::Private::serve(ConnectionPtr connection) {
    bool noMemory = false;
    try {
        while (!stopping && co_await serveOne(connection)) {
        }
    } catch (const std::bad_alloc&) {
        noMemory = true;
    } catch (const std::exception& error) {
        note(error.what());
    }
    connection->reading = false;
    charge(*connection, 0);
    if (noMemory) try {
        co_await send(connection, answerResponse({}, Signal::Traces, OtlpEndpoint::overloaded(health())));
    } catch (const std::bad_alloc&) {
        note("out of memory");
    }
    ++connection->deadlineRound;
    connection->deadline.cancel();
    error_code ignored;
    connection->socket.shutdown(tcp::socket::shutdown_both, ignored);
    connection->socket.close(ignored);
    connections.remove(connection);
    health().connections.store(connections.size(), std::memory_order_relaxed);
}

// Writes an answer. False = the connection is to be closed.
asio::awaitable<bool> HttpReceiver::Private::send(ConnectionPtr connection, Response response) {
    error_code error;
    limitTime(connection, limits.writeSeconds);
    const bool keep = response.keep_alive() && !stopping;
    response.keep_alive(keep);
    co_await http::async_write(connection->socket, response, into(error));
    co_return !error && keep;
}

// What a connection's body takes so far. False = all bodies together take too much, and another has got further: so one always ends.
bool HttpReceiver::Private::charge(Connection& connection, std::size_t bytes) {
    connection.lastHeard = ++heard;
    bodyBytes += bytes - connection.charged;
    connection.charged = bytes;
    if (bodyBytes <= limits.bodyBytes) return true;
    for (const auto& other : connections)
        if (other->charged > bytes) return false;
    return true;
}

// A body of a known length: past the parser, into the place where it stays. `no_buffer_space` = all bodies take too much.
asio::awaitable<error_code> HttpReceiver::Private::readBody(ConnectionPtr connection, std::size_t length, OtlpEndpoint::Request& request) {
    error_code error;
    journal::RunningChecksum check;  // of each piece while it is in the processor's cache
    auto body = pool.bodies().used(length);
    std::size_t have = std::min(connection->buffer.size(), length);
    const std::string_view early(static_cast<const char*>(connection->buffer.data().data()), have);
    body.replace(0, std::min(body.size(), have), early);
    check.add(early);
    connection->buffer.consume(have);
    while (have < length) {
        if (!charge(*connection, have)) co_return asio::error::no_buffer_space;
        const std::size_t step = std::min(length - have, kReadAtOnce);
        if (body.size() < have + step) body.resize(have + step);
        const auto got = co_await connection->socket.async_read_some(asio::buffer(body.data() + have, step), into(error));
        if (error) co_return error;
        check.add({body.data() + have, got});
        have += got;
    }
    charge(*connection, have);
    request.check = check.value();
    request.body = pool.bodies().share(std::move(body));
    co_return error;
}

// A body in chunks, or one that has come whole.
asio::awaitable<error_code> HttpReceiver::Private::readParsed(ConnectionPtr connection, Parser& parser, OtlpEndpoint::Request& request) {
    error_code error;
    parser.get().body() = pool.bodies().memory(parser.content_length().value_or(0));
    while (!parser.is_done()) {
        co_await http::async_read_some(connection->socket, connection->buffer, parser, into(error));
        if (error) co_return error;
        if (!charge(*connection, parser.get().body().size()) && !parser.is_done()) co_return asio::error::no_buffer_space;
    }
    request.body = pool.bodies().share(std::move(parser.get().body()));
    co_return error;
}

// Lets a sender that is still sending read our answer: closing with unread bytes would reset the connection under it.
asio::awaitable<void> HttpReceiver::Private::drain(ConnectionPtr connection) {
    error_code error;
    connection->socket.shutdown(tcp::socket::shutdown_send, error);
    limitTime(connection, 2);
    std::array<char, 16 * 1024> sink;
    std::size_t left = 256u * 1024 * 1024;
    while (!error && left > 0 && !stopping) {
        const auto got = co_await connection->socket.async_read_some(asio::buffer(sink), into(error));
        left -= std::min(left, got);
    }
}

// Whether the last requests all came this way. To be asked once for each.
bool HttpReceiver::Private::isOnlySender(const Connection& connection) {
    if (std::exchange(lastSender, &connection) != &connection) inARow = 0;
    return ++inARow > kOnlySender;
}

asio::awaitable<ExportAnswer> HttpReceiver::Private::decode(const Connection& connection, OtlpEndpoint::Request request) {
    // Waking another thread and being woken by it takes as long as decoding a few hundred spans.
    if (isOnlySender(connection) && endpoint.isBrief(request)) co_return endpoint.handleBrief(request, origin, pool);
    const auto bytes = request.body->size();
    auto answer = std::make_shared<ExportAnswer>();
    // The pool's thread posts the cancellation to this one thread, so it cannot come before the wait below.
    asio::steady_timer ready(context, asio::steady_timer::time_point::max());
    auto shared = std::make_shared<OtlpEndpoint::Request>(std::move(request));
    // With the post below the receiver may be stopped and gone before the job is: the job keeps the context, and nothing
    // that belongs to it.
    const bool taken = pool.post(bytes, [self = shared_from_this(), answer, &ready, shared] {
        *answer = self->endpoint.handle(*shared, self->origin, self->pool);
        shared->body.reset();
        for (bool told = false; !told;) try {  // somebody waits for it, memory or not
            asio::post(self->context, [&ready] { ready.cancel(); });
            told = true;
        } catch (const std::bad_alloc&) {
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
        }
    });
    if (!taken) co_return OtlpEndpoint::overloaded(health());
    error_code ignored;
    co_await ready.async_wait(into(ignored));
    co_return std::move(*answer);
}

Response HttpReceiver::Private::preflight(const Parser::value_type& request, const Exchange& exchange) {
    auto out = makeResponse(exchange, http::status::no_content);
    if (exchange.allowedOrigin.empty()) {
        out.set(http::field::allow, "POST, OPTIONS");
        return out;
    }
    out.set(http::field::access_control_allow_methods, "POST");
    if (const auto wanted = request[http::field::access_control_request_headers]; !wanted.empty()) out.set(http::field::access_control_allow_headers, wanted);
    out.set(http::field::access_control_max_age, "600");
    if (asciiLower(view(request["Access-Control-Request-Private-Network"])) == "true") out.set("Access-Control-Allow-Private-Network", "true");
    if (asciiLower(view(request["Access-Control-Request-Local-Network"])) == "true") out.set("Access-Control-Allow-Local-Network", "true");
    return out;
}

// Everything that can be said by the header alone; nothing = read the body.
std::optional<Response> HttpReceiver::Private::refusal(const Parser::value_type& request, Exchange& exchange, std::optional<Signal>& signal, ContentCoding& coding) {
    const auto encoding = encodingOfContentType(view(request[http::field::content_type]));
    if (encoding) exchange.encoding = *encoding;
    const auto refuse = [&](http::status status, std::string message) {
        health().refusedOther.fetch_add(1, std::memory_order_relaxed);
        note(message);
        return statusResponse(exchange, status, message);
    };
    const auto headerOf = [&](http::field name) -> std::optional<std::string_view> {
        const auto it = request.find(name);
        if (it == request.end()) return {};
        return view(it->value());
    };
    const auto host = headerOf(http::field::host);
    if ((!host && request.version() >= 11) || request.count(http::field::host) > 1) return refuse(http::status::bad_request, "exactly one Host header is needed");
    const auto originHeader = headerOf(http::field::origin);
    switch (policy()->judge(host, originHeader, view(request["Sec-Fetch-Site"]))) {
        case OriginPolicy::Verdict::Allowed: break;
        case OriginPolicy::Verdict::ForeignHost:
            health().refusedHosts.fetch_add(1, std::memory_order_relaxed);
            refused(false, std::string(*host));
            note("this Host is not allowed to send here: " + std::string(*host));
            return statusResponse(exchange, http::status::forbidden, "this Host is not allowed to send here");
        case OriginPolicy::Verdict::ForeignOrigin:
            health().refusedOrigins.fetch_add(1, std::memory_order_relaxed);
            refused(true, std::string(*originHeader));
            note("pages of this Origin are not allowed to send here: " + std::string(*originHeader));
            return statusResponse(exchange, http::status::forbidden, "pages of this Origin are not allowed to send here");
        case OriginPolicy::Verdict::CrossSite:
            health().refusedOrigins.fetch_add(1, std::memory_order_relaxed);
            note("pages of other sites are not allowed to send here");
            return statusResponse(exchange, http::status::forbidden, "pages of other sites are not allowed to send here");
    }
    if (originHeader) exchange.allowedOrigin = *originHeader;
    signal = signalOfTarget(view(request.target()));
    if (!signal) return refuse(http::status::not_found, "no such path; the paths are /v1/traces, /v1/logs and /v1/metrics");
    if (request.method() == http::verb::options) return preflight(request, exchange);
    if (request.method() != http::verb::post) {
        auto out = refuse(http::status::method_not_allowed, "only POST is allowed here");
        out.set(http::field::allow, "POST, OPTIONS");
        if (request.method() == http::verb::head) out.body().clear();  // Content-Length stays what a GET would have had
        return out;
    }
    if (!encoding) return refuse(http::status::unsupported_media_type, "Content-Type must be application/x-protobuf or application/json");
    coding = codingOf(request);
    if (coding == ContentCoding::Unsupported) return refuse(http::status::unsupported_media_type, "Content-Encoding must be gzip or identity");
    return {};
}

// One request and its answer. False = close.
asio::awaitable<bool> HttpReceiver::Private::serveOne(ConnectionPtr connection) {
    Parser parser;
    parser.header_limit(limits.headerBytes);
    parser.body_limit(OtlpEndpoint::kMaxRequest);
    Exchange exchange;
    error_code error;

    connection->waiting = true;
    if (connection->buffer.size() == 0) {
        limitTime(connection, limits.idleSeconds);
        const auto got = co_await connection->socket.async_read_some(connection->buffer.prepare(16 * 1024), into(error));
        connection->buffer.commit(got);
        if (error) co_return false;
    }
    limitTime(connection, limits.headerSeconds);
    co_await http::async_read_header(connection->socket, connection->buffer, parser, into(error));
    connection->waiting = false;
    const auto broken = [&](error_code why) -> Response {
        exchange.keepAlive = false;
        auto status = http::status::bad_request;
        std::string message = "bad request: " + why.message();
        if (connection->timedOut) status = http::status::request_timeout, message = "the request took too long to arrive";
        else if (why == http::error::header_limit || why == http::error::buffer_overflow) status = http::status::request_header_fields_too_large, message = "header over 64 KiB";
        else if (why == http::error::body_limit) return answerResponse(exchange, Signal::Traces, OtlpEndpoint::tooLarge(health()));
        health().refusedOther.fetch_add(1, std::memory_order_relaxed);
        note(message);
        return statusResponse(exchange, status, message);
    };
    const auto mayAnswer = [&] { return connection->timedOut || error.category() == http::make_error_code(http::error::end_of_stream).category(); };
    const auto close = [&](Response response) -> asio::awaitable<bool> {
        response.keep_alive(false);
        co_await send(connection, std::move(response));
        co_await drain(connection);
        co_return false;
    };

    std::optional<Signal> signal;
    ContentCoding coding = ContentCoding::Identity;
    if (error && error != http::error::body_limit) {
        if (error == http::error::end_of_stream || !mayAnswer() || stopping) co_return false;
        co_return co_await close(broken(error));
    }
    {
        const auto& request = parser.get();
        exchange.version = request.version() >= 11 ? 11 : 10;
        exchange.keepAlive = request.keep_alive();
        auto response = refusal(request, exchange, signal, coding);
        if (!response && error) response = broken(error);
        if (response) {
            if (parser.is_done() && !error) co_return co_await send(connection, std::move(*response));
            co_return co_await close(std::move(*response));
        }
        if (asciiLower(view(request[http::field::expect])) == "100-continue" && exchange.version == 11 && !parser.is_done()) {
            static constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
            co_await asio::async_write(connection->socket, asio::buffer(kContinue.data(), kContinue.size()), into(error));
            if (error) co_return false;
        }
    }

    OtlpEndpoint::Request request;
    request.signal = *signal;
    request.encoding = exchange.encoding;
    request.gzip = coding == ContentCoding::Gzip;
    limitTime(connection, limits.bodySeconds);
    connection->reading = true;
    const bool known = !parser.is_done() && !parser.chunked() && parser.content_length();
    if (known) error = co_await readBody(connection, *parser.content_length(), request);
    else error = co_await readParsed(connection, parser, request);
    connection->reading = false;
    if (error) charge(*connection, 0);  // its memory is free again
    if (error == asio::error::no_buffer_space) co_return co_await close(answerResponse(exchange, *signal, OtlpEndpoint::overloaded(health())));
    if (error) {
        if (!mayAnswer() || error == http::error::partial_message || stopping) co_return false;
        co_return co_await close(broken(error));
    }
    ++connection->deadlineRound;  // no limit while we decode

    auto answer = co_await decode(*connection, std::move(request));
    charge(*connection, 0);
    co_return co_await send(connection, answerResponse(exchange, *signal, answer));
}

HttpReceiver::HttpReceiver(OtlpEndpoint& endpoint, DecodePool& pool, OtlpEndpoint::Origin& origin, PolicySource policy, RefusalSink refused, HttpLimits limits)
    : m_p(std::make_shared<Private>(endpoint, pool, origin, std::move(policy), std::move(refused), limits)) {}

HttpReceiver::~HttpReceiver() { stop(); }

Result<void> HttpReceiver::start(const std::vector<std::string>& ips, std::uint16_t port) {
    for (const auto& ip : ips) {
        error_code error;
        const auto address = asio::ip::make_address(ip, error);
        auto& acceptor = m_p->acceptors.emplace_back(m_p->context);
        const tcp::endpoint at(address, port);
        if (!error) acceptor.open(at.protocol(), error);
        if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
        if (!error && address.is_v6()) acceptor.set_option(asio::ip::v6_only(true), error);
        if (!error) acceptor.bind(at, error);
        if (!error) acceptor.listen(512, error);
        if (error) {
            m_p->acceptors.clear();
            const auto code = error == asio::error::address_in_use ? ProblemCode::PortInUse : ProblemCode::CannotOpen;
            return fail(code, ip + " port " + std::to_string(port) + (code == ProblemCode::PortInUse ? "" : ": " + error.message()));
        }
    }
    for (auto& acceptor : m_p->acceptors) asio::co_spawn(m_p->context, m_p->accept(acceptor), asio::detached);
    m_p->thread = std::jthread([p = m_p.get()] {
        for (;;) {
            try {
                p->context.run();
                return;
            } catch (const std::bad_alloc&) {  // what was at hand is lost, the others go on
                p->note("out of memory");
            }
        }
    });
    return {};
}

void HttpReceiver::stop() {
    if (!m_p->thread.joinable()) return;
    asio::post(m_p->context, [p = m_p.get()] {
        p->stopping = true;
        error_code ignored;
        for (auto& acceptor : p->acceptors) acceptor.close(ignored);
        // Whoever waits for bytes is cut off; whoever waits for our decoding gets its answer.
        for (auto& connection : p->connections) connection->socket.cancel(ignored);
    });
    m_p->thread.join();
    m_p->acceptors.clear();
    m_p->connections.clear();
}

}  // namespace spanreel::ingest
