// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/io/deflate.h"

#include <algorithm>
#include <array>
#include <limits>
#include <new>

#include <zlib.h>
#include <zstd.h>

namespace spanreel::ingest {
namespace {

constexpr std::size_t kChunk = 64 * 1024;

class Plain final : public Deflater {
public:
    Result<void> feed(std::string_view bytes, const Output& out) override {
        out(bytes);
        return {};
    }
    Result<void> finish(const Output&) override { return {}; }
};

class Gzip final : public Deflater {
public:
    Gzip() {
        constexpr int kWindow = 15, kGzipHeader = 16, kMemory = 8;
        if (deflateInit2(&m_stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, kWindow + kGzipHeader, kMemory, Z_DEFAULT_STRATEGY) != Z_OK) throw std::bad_alloc();
    }
    ~Gzip() override { deflateEnd(&m_stream); }
    Gzip(const Gzip&) = delete;
    Gzip& operator=(const Gzip&) = delete;

    Result<void> feed(std::string_view bytes, const Output& out) override {
        while (!bytes.empty()) {
            const std::size_t n = std::min<std::size_t>(bytes.size(), std::numeric_limits<uInt>::max());
            m_stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
            m_stream.avail_in = static_cast<uInt>(n);
            bytes.remove_prefix(n);
            if (auto done = run(Z_NO_FLUSH, out); !done) return done;
        }
        return {};
    }
    Result<void> finish(const Output& out) override {
        m_stream.next_in = nullptr;
        m_stream.avail_in = 0;
        return run(Z_FINISH, out);
    }

private:
    Result<void> run(int flush, const Output& out) {
        do {
            m_stream.next_out = reinterpret_cast<Bytef*>(m_out.data());
            m_stream.avail_out = static_cast<uInt>(m_out.size());
            if (deflate(&m_stream, flush) == Z_STREAM_ERROR) return fail(ProblemCode::Internal, "gzip");
            out({m_out.data(), m_out.size() - m_stream.avail_out});
        } while (m_stream.avail_out == 0);
        return {};
    }
    z_stream m_stream{};
    std::array<char, kChunk> m_out;
};

class Zstd final : public Deflater {
public:
    Zstd() : m_stream(ZSTD_createCStream()) {
        if (!m_stream) throw std::bad_alloc();
        ZSTD_CCtx_setParameter(m_stream, ZSTD_c_checksumFlag, 1);
    }
    ~Zstd() override { ZSTD_freeCStream(m_stream); }
    Zstd(const Zstd&) = delete;
    Zstd& operator=(const Zstd&) = delete;

    Result<void> feed(std::string_view bytes, const Output& out) override {
        ZSTD_inBuffer in{bytes.data(), bytes.size(), 0};
        while (in.pos < in.size)
            if (auto left = run(in, ZSTD_e_continue, out); !left) return tl::unexpected<Error>(left.error());
        return {};
    }
    Result<void> finish(const Output& out) override {
        ZSTD_inBuffer in{nullptr, 0, 0};
        while (true) {
            const auto left = run(in, ZSTD_e_end, out);
            if (!left) return tl::unexpected<Error>(left.error());
            if (*left == 0) return {};
        }
    }

private:
    Result<std::size_t> run(ZSTD_inBuffer& in, ZSTD_EndDirective directive, const Output& out) {
        ZSTD_outBuffer buffer{m_out.data(), m_out.size(), 0};
        const std::size_t left = ZSTD_compressStream2(m_stream, &buffer, &in, directive);
        if (ZSTD_isError(left)) return fail(ProblemCode::Internal, std::string("zstd: ") + ZSTD_getErrorName(left));
        out({m_out.data(), buffer.pos});
        return left;
    }
    ZSTD_CStream* m_stream;
    std::array<char, kChunk> m_out;
};

}  // namespace

std::unique_ptr<Deflater> Deflater::create(Compression compression) {
    switch (compression) {
        case Compression::Gzip: return std::make_unique<Gzip>();
        case Compression::Zstd: return std::make_unique<Zstd>();
        case Compression::None: break;
    }
    return std::make_unique<Plain>();
}

}  // namespace spanreel::ingest
