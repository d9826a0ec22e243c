// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/io/inflate.h"

#include <algorithm>
#include <array>
#include <vector>

#include <zlib.h>
#include <zstd.h>

namespace spanreel::ingest {

namespace {

constexpr std::size_t kChunk = 256 * 1024;
constexpr std::uint64_t kRatioFloor = 64ull << 20;
constexpr std::uint64_t kRatio = 1000;

bool ratioTooHigh(std::uint64_t in, std::uint64_t out) { return out > kRatioFloor && out / kRatio > in; }

tl::unexpected<Error> badGzip(const char* what) { return fail(ProblemCode::BadCompression, std::string("gzip: ") + what); }

/// What zlib's message says, in our words.
const char* gzipFault(const z_stream& stream) {
    const std::string_view message = stream.msg ? stream.msg : "";
    if (message == "incorrect data check") return "CRC mismatch";
    if (message == "incorrect length check") return "length mismatch";
    if (message == "incorrect header check" || message == "unknown compression method") return "not gzip";
    return "invalid data";
}

/// A zlib stream for gzip members, ended with its owner.
struct GzipStream {
    z_stream z{};
    bool good = false;
    GzipStream() { good = inflateInit2(&z, 15 + 16) == Z_OK; }
    GzipStream(const GzipStream&) = delete;
    GzipStream& operator=(const GzipStream&) = delete;
    ~GzipStream() {
        if (good) inflateEnd(&z);
    }
};

class GzipInflater final : public Inflater {
public:
    Result<void> feed(std::string_view bytes, const Output& out) override {
        if (!m_stream.good) return fail(ProblemCode::Internal, "zlib");
        z_stream& z = m_stream.z;
        while (!bytes.empty()) {
            if (m_ended) {
                // Behind a member: padding, another one, or what is not ours to read.
                if (m_behind == 0) bytes.remove_prefix(std::min(bytes.find_first_not_of('\0'), bytes.size()));
                if (bytes.empty()) return {};
                if (m_behind || bytes.front() != '\x1f') {
                    m_behind += bytes.size();
                    return {};
                }
                inflateReset(&z);
                m_ended = false;
            }
            const auto step = static_cast<uInt>(std::min<std::size_t>(bytes.size(), 1u << 30));
            z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
            z.avail_in = step;
            do {
                z.next_out = reinterpret_cast<Bytef*>(m_buffer.data());
                z.avail_out = static_cast<uInt>(m_buffer.size());
                const auto inBefore = z.avail_in;
                const int code = inflate(&z, Z_NO_FLUSH);
                m_in += inBefore - z.avail_in;
                const std::size_t made = m_buffer.size() - z.avail_out;
                m_out += made;
                if (made && !out({m_buffer.data(), made})) return fail(ProblemCode::Cancelled);
                if (ratioTooHigh(m_in, m_out)) return fail(ProblemCode::Limit, "inflates more than 1000 times");
                if (code == Z_STREAM_END) {
                    m_ended = true;
                    m_members = true;
                    m_verified = m_out;
                    break;
                }
                if (code == Z_BUF_ERROR) break;
                if (code != Z_OK) {
                    if (m_members && z.total_out == 0 && std::string_view(gzipFault(z)) == "not gzip") {
                        m_ended = true;
                        m_behind = z.total_in + z.avail_in;
                        return {};
                    }
                    return badGzip(gzipFault(z));
                }
            } while (z.avail_in || z.avail_out == 0);
            bytes.remove_prefix(step - z.avail_in);
        }
        return {};
    }
    Result<void> finish() override {
        if (!m_ended) return badGzip("truncated");
        if (m_behind) return badGzip((std::to_string(m_behind) + " bytes behind the end were not read").c_str());
        return {};
    }
    [[nodiscard]] std::uint64_t verified() const override { return m_verified; }

private:
    GzipStream m_stream;
    std::vector<char> m_buffer = std::vector<char>(kChunk);
    std::uint64_t m_in = 0, m_out = 0, m_verified = 0;
    std::uint64_t m_behind = 0;  ///< bytes behind the last member
    bool m_ended = false, m_members = false;
};

class ZstdInflater final : public Inflater {
public:
    ZstdInflater() : m_stream(ZSTD_createDStream(), &ZSTD_freeDStream) {
        if (m_stream) ZSTD_DCtx_setParameter(m_stream.get(), ZSTD_d_windowLogMax, 27);
    }
    Result<void> feed(std::string_view bytes, const Output& out) override {
        if (!m_stream) return fail(ProblemCode::Internal, "zstd");
        ZSTD_inBuffer in{bytes.data(), bytes.size(), 0};
        bool full = false;
        while (in.pos < in.size || full) {
            ZSTD_outBuffer room{m_buffer.data(), m_buffer.size(), 0};
            const auto before = in.pos;
            const std::size_t code = ZSTD_decompressStream(m_stream.get(), &room, &in);
            if (ZSTD_isError(code)) return fail(ProblemCode::BadCompression, std::string("zstd: ") + ZSTD_getErrorName(code));
            m_in += in.pos - before;
            m_out += room.pos;
            if (room.pos && !out({m_buffer.data(), room.pos})) return fail(ProblemCode::Cancelled);
            if (ratioTooHigh(m_in, m_out)) return fail(ProblemCode::Limit, "inflates more than 1000 times");
            m_inside = code != 0;
            full = room.pos == room.size;
        }
        return {};
    }
    Result<void> finish() override {
        if (m_inside) return fail(ProblemCode::BadCompression, "zstd: truncated");
        return {};
    }

private:
    std::unique_ptr<ZSTD_DStream, decltype(&ZSTD_freeDStream)> m_stream;
    std::vector<char> m_buffer = std::vector<char>(kChunk);
    std::uint64_t m_in = 0, m_out = 0;
    bool m_inside = true;
};

class NoInflater final : public Inflater {
public:
    Result<void> feed(std::string_view bytes, const Output& out) override {
        if (!bytes.empty() && !out(bytes)) return fail(ProblemCode::Cancelled);
        return {};
    }
    Result<void> finish() override { return {}; }
};

}  // namespace

Compression compressionOf(std::string_view head) {
    if (head.starts_with("\x1f\x8b")) return Compression::Gzip;
    if (head.starts_with("\x28\xb5\x2f\xfd")) return Compression::Zstd;
    // Skippable zstd frames begin 5x 2a 4d 18.
    if (head.size() >= 4 && (static_cast<unsigned char>(head[0]) & 0xF0) == 0x50 && head.substr(1, 3) == "\x2a\x4d\x18") return Compression::Zstd;
    return Compression::None;
}

std::size_t gzipSize(std::string_view bytes) {
    if (bytes.size() < 18) return 0;
    const auto* tail = reinterpret_cast<const unsigned char*>(bytes.data() + bytes.size() - 4);
    return tail[0] | tail[1] << 8 | tail[2] << 16 | static_cast<std::size_t>(tail[3]) << 24;
}

Result<std::string> inflateGzip(std::string_view bytes, std::size_t bound) {
    if (!bytes.starts_with("\x1f\x8b")) return badGzip(bytes.size() < 2 && std::string_view("\x1f\x8b").starts_with(bytes) ? "truncated" : "not gzip");
    GzipStream stream;
    if (!stream.good) return fail(ProblemCode::Internal, "zlib");
    z_stream& z = stream.z;
    z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    std::size_t left = bytes.size();
    std::string out;
    // The last four bytes of a member give its size modulo 2^32: a hint, trusted only up to 32 times the input.
    std::size_t room = bytes.size() * 4;
    if (const std::size_t said = gzipSize(bytes); said > 0 && said <= bytes.size() * 32) room = said;
    room = std::min(room, bound) + 1;
    std::size_t used = 0;
    for (;;) {
        if (used == out.size()) {
            if (used > bound) return fail(ProblemCode::Limit, "inflates to more than " + std::to_string(bound) + " bytes");
            out.resize(std::min(std::max(room, used * 2), bound + 1));
        }
        if (z.avail_in == 0) {
            z.avail_in = static_cast<uInt>(std::min<std::size_t>(left, 1u << 30));
            left -= z.avail_in;
        }
        z.next_out = reinterpret_cast<Bytef*>(out.data() + used);
        z.avail_out = static_cast<uInt>(std::min<std::size_t>(out.size() - used, 1u << 30));
        const auto roomBefore = z.avail_out;
        const int code = inflate(&z, Z_NO_FLUSH);
        used += roomBefore - z.avail_out;
        if (used > bound) return fail(ProblemCode::Limit, "inflates to more than " + std::to_string(bound) + " bytes");
        if (code == Z_STREAM_END) {
            // Behind a member: padding, another one, or what is not ours to read.
            bytes.remove_prefix(bytes.size() - (z.avail_in + left));
            bytes.remove_prefix(std::min(bytes.find_first_not_of('\0'), bytes.size()));
            if (bytes.empty()) break;
            if (bytes.front() != '\x1f') return badGzip("bytes behind the end");
            inflateReset(&z);
            z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
            z.avail_in = 0;
            left = bytes.size();
            continue;
        }
        if (code == Z_BUF_ERROR && z.avail_in + left == 0 && z.avail_out != 0) return badGzip("truncated");
        if (code != Z_OK && code != Z_BUF_ERROR) return badGzip(gzipFault(z));
    }
    out.resize(used);
    return out;
}

std::unique_ptr<Inflater> Inflater::create(Compression compression) {
    switch (compression) {
        case Compression::Gzip: return std::make_unique<GzipInflater>();
        case Compression::Zstd: return std::make_unique<ZstdInflater>();
        case Compression::None: break;
    }
    return std::make_unique<NoInflater>();
}

}  // namespace spanreel::ingest
