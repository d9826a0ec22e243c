# SPDX-License-Identifier: GPL-3.0-or-later
"""Just enough of gRPC over HTTP/2 (RFC 9113) to send one request after the other and learn whether each was taken. Standard
library only."""
import socket, struct

DATA, HEADERS, RST_STREAM, SETTINGS, PING, GOAWAY, WINDOW_UPDATE = 0, 1, 3, 4, 6, 7, 8
END_STREAM = ACK = 1
END_HEADERS = 4
INITIAL_WINDOW_SIZE = 4
FRAME = 16384  # the largest that every peer takes


def _literal(name, value):
    """A header field with a new name, not indexed, not compressed (RFC 7541, 6.2.2)."""
    return b"\x00" + bytes([len(name)]) + name + bytes([len(value)]) + value


class RawGrpc:
    """One connection to a service's unary method. What breaks it raises OSError."""

    def __init__(self, port, path):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=10)
        # :method POST and :scheme http stand in HPACK's own table.
        self.head = b"\x83\x86" + b"".join(_literal(*field) for field in ((b":path", path), (b":authority", b"localhost"), (b"content-type", b"application/grpc"), (b"te", b"trailers")))
        self.stream = -1
        self.window, self.first_window = 65535, 65535  # of the connection, and of a new stream
        self.unread = b""
        self.socket.sendall(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
        self._frame(SETTINGS, 0, 0, b"")
        self._frame(WINDOW_UPDATE, 0, 0, struct.pack(">I", 1 << 30))  # answers come to little

    def _frame(self, kind, flags, stream, payload):
        self.socket.sendall(struct.pack(">I", len(payload))[1:] + bytes([kind, flags]) + struct.pack(">I", stream) + payload)

    def _take(self, count):
        while len(self.unread) < count:
            got = self.socket.recv(65536)
            if not got:
                raise ConnectionResetError
            self.unread += got
        out, self.unread = self.unread[:count], self.unread[count:]
        return out

    def _next(self):
        """Reads a frame and does what the connection wants of it."""
        head = self._take(9)
        kind, flags, stream = head[3], head[4], struct.unpack(">I", head[5:])[0] & 0x7FFFFFFF
        payload = self._take(int.from_bytes(head[:3], "big"))
        if kind == SETTINGS and not flags & ACK:
            for at in range(0, len(payload), 6):
                name, value = struct.unpack(">HI", payload[at : at + 6])
                if name == INITIAL_WINDOW_SIZE:
                    self.own += value - self.first_window
                    self.first_window = value
            self._frame(SETTINGS, ACK, 0, b"")
        elif kind == PING and not flags & ACK:
            self._frame(PING, ACK, 0, payload)
        elif kind == WINDOW_UPDATE:
            more = struct.unpack(">I", payload)[0]
            if stream == 0:
                self.window += more
            elif stream == self.stream:
                self.own += more
        elif kind == GOAWAY:
            raise ConnectionResetError
        return kind, flags, stream

    def call(self, message):
        """True where the answer is OK: only then a message comes with it."""
        self.stream += 2
        self.own = self.first_window
        self._frame(HEADERS, END_HEADERS, self.stream, self.head)
        body = b"\x00" + struct.pack(">I", len(message)) + message
        answered = False
        while True:
            while body and min(self.window, self.own) > 0:
                part, body = body[: min(FRAME, self.window, self.own)], body[min(FRAME, self.window, self.own) :]
                self.window -= len(part)
                self.own -= len(part)
                self._frame(DATA, 0 if body else END_STREAM, self.stream, part)
            kind, flags, stream = self._next()
            if stream != self.stream:
                continue
            answered |= kind == DATA
            if kind == RST_STREAM or (kind in (DATA, HEADERS) and flags & END_STREAM):
                return answered

    def close(self):
        self.socket.close()
