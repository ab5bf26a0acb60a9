"""An HTTP proxy that stands before a server and spoils some of what passes."""

import collections
import http.client
import random
import socket
import socketserver
import threading
import time


# Seconds that anything may take before a judgement fails.
PATIENCE = 300


class Hold:
    """One request that waits, whole, before it is passed on, until it is released. `place` is its method and target, once it came."""

    def __init__(self, wants):
        self.wants, self.place = wants, None
        self._came, self._released = threading.Event(), threading.Event()

    def await_request(self):
        assert self._came.wait(PATIENCE), "no such request came"

    def release(self):
        self._released.set()

    def stand_before(self):
        self._came.set()
        self._released.wait(PATIENCE)


class FaultyProxy:
    """Every request meets a fault with the given chance; which one is drawn from FAULTS. `counts` says what happened."""

    FAULTS = ("hang_up", "lose_answer", "busy", "broken", "stall", "cut_request", "cut_answer", "corrupt_request")

    # Beside them, only where a test asks for it: a letter in a header of an answer to HEAD or PUT is another one.
    GARBLE = "garble_answer"
    GARBLED = ("etag", "x-amz-meta-sha256", "content-type", "cache-control")

    def __init__(self, server, rate=0.1, faults=FAULTS, seed=1, stall=5, tls=None, most=None):
        """`tls`: an `ssl.SSLContext` of a server; then the endpoint is https://localhost. `most`: faults that the same call may meet."""
        self.most, self.met = most, collections.Counter()
        # PUT requests after which every answer is 500; None: never.
        self.dies_after = None
        # Changes the text of an answer.
        self.rewrite = None
        # In the order of their moments: ("begins", method, path) when a request is whole, ("ends", method, path) when it was answered well.
        self.moments = []
        self.upstream = server.endpoint.removeprefix("http://")
        self.environment = server.environment
        self.rate, self.faults, self.stall = rate, faults, stall
        self.chance, self.lock = random.Random(seed), threading.Lock()
        self.counts = collections.Counter()
        # (method, path with query, bytes of the body) of each request that came.
        self.requests = []
        self.holds = []
        # Connections by the client's address: those that were ever taken, and those that are served.
        self.taken, self.served = set(), set()
        outer = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(handler):
                self._serve(handler)

        class Server(socketserver.ThreadingTCPServer):
            allow_reuse_address = True
            daemon_threads = True
            request_queue_size = 128

            def handle_error(self, request, client_address):
                pass

            def process_request(self, request, client_address):
                with outer.lock:
                    outer.taken.add(client_address)
                    outer.served.add(client_address)
                super().process_request(request, client_address)

            def process_request_thread(self, request, client_address):
                try:
                    super().process_request_thread(request, client_address)
                finally:
                    with outer.lock:
                        outer.served.discard(client_address)

            def finish_request(self, request, client_address):
                # In the connection's own thread: a handshake that hangs holds nobody up.
                super().finish_request(tls.wrap_socket(request, server_side=True) if tls else request, client_address)

        self.listener = Server(("127.0.0.1", 0), Handler)
        self.endpoint = f"{'https://localhost' if tls else 'http://127.0.0.1'}:{self.listener.server_address[1]}"

    def __enter__(self):
        threading.Thread(target=self.listener.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_):
        for hold in self.holds:
            hold.release()
        self.listener.shutdown()
        self.listener.server_close()

    def hold(self, wants):
        """Has the first request wait of which `wants(method, target)` is true; gives its `Hold`."""
        hold = Hold(wants)
        with self.lock:
            self.holds.append(hold)
        return hold

    def drain(self):
        """Returns when all that a client which is gone had sent was passed on and answered."""
        # Connections are taken in the order that they were made: after this one, those of the client have been.
        with socket.create_connection(self.listener.server_address, timeout=PATIENCE) as own:
            self._await(lambda: own.getsockname() in self.taken, "the proxy takes no connection")
        self._await(lambda: not self.served, "somebody still talks to the proxy")

    def _await(self, truth, otherwise):
        end = time.monotonic() + PATIENCE
        while True:
            with self.lock:
                if truth():
                    return
            assert time.monotonic() < end, otherwise
            time.sleep(0.01)

    def _draw(self, method, target, body):
        with self.lock:
            if self.dies_after is not None and sum(request[0] == "PUT" for request in self.requests) > self.dies_after:
                return "broken"
            if self.chance.random() >= self.rate or (self.most is not None and self.met[method, target] >= self.most):
                return None
            fault = self.chance.choice(self.faults)
            if not body and fault in ("cut_request", "corrupt_request"):
                fault = "hang_up"
            if fault == self.GARBLE and method not in ("HEAD", "PUT"):
                return None
            self.met[method, target] += 1
            self.counts[fault] += 1
            return fault

    def _serve(self, handler):
        handler.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        upstream = http.client.HTTPConnection(self.upstream, timeout=PATIENCE)
        try:
            while self._pass_one(handler, upstream):
                pass
        finally:
            upstream.close()

    def _pass_one(self, handler, upstream):
        """One request and its answer. False: the connection ends."""
        line = handler.rfile.readline()
        if not line.strip():
            return False
        method, target, _ = line.decode().split()
        headers = []
        while (line := handler.rfile.readline()).strip():
            name, value = line.decode("latin-1").split(":", 1)
            headers.append((name, value.strip()))
        length = next((int(value) for name, value in headers if name.lower() == "content-length"), 0)
        body = handler.rfile.read(length)
        if len(body) < length:
            return False
        with self.lock:
            self.requests.append((method, target, length))
            self.moments.append(("begins", method, target.split("?")[0]))
            hold = next((hold for hold in self.holds if hold.place is None and hold.wants(method, target)), None)
            if hold:
                hold.place = (method, target)
        if hold:
            hold.stand_before()
        fault = self._draw(method, target, body)
        if fault == "hang_up":
            return False
        if fault == "stall":
            time.sleep(self.stall)
            return False
        if fault in ("busy", "broken"):
            status = b"503 Slow Down\r\nRetry-After: 0" if fault == "busy" else b"500 Internal Server Error"
            handler.wfile.write(b"HTTP/1.1 " + status + b"\r\nContent-Length: 0\r\n\r\n")
            return True
        if fault == "cut_request":
            with socket.create_connection(self.upstream.split(":")) as half:
                head = f"{method} {target} HTTP/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in headers) + "\r\n"
                half.sendall(head.encode("latin-1") + body[:length // 2])
            return False
        if fault == "corrupt_request":
            place = self.chance.randrange(length)
            body = body[:place] + bytes([body[place] ^ 1]) + body[place + 1:]
        return self._forward(handler, upstream, fault, method, target, headers, body, length)

    def _garble(self, headers):
        """One of them, a letter of it."""
        places = [place for place, (name, value) in enumerate(headers) if name.lower() in self.GARBLED and value]
        if places:
            place = self.chance.choice(places)
            name, value = headers[place]
            letter = self.chance.randrange(1, len(value) - 1)
            headers[place] = (name, value[:letter] + ("1" if value[letter] == "0" else "0") + value[letter + 1:])

    def _forward(self, handler, upstream, fault, method, target, headers, body, length):
        upstream.putrequest(method, target, skip_host=True, skip_accept_encoding=True)
        for name, value in headers:
            upstream.putheader(name, value)
        upstream.endheaders(body if length else None)
        answer = upstream.getresponse()
        content = answer.read()
        if self.rewrite:
            content = self.rewrite(content)
        with self.lock:
            if answer.status < 300:
                self.moments.append(("ends", method, target.split("?")[0]))
        if fault == "lose_answer":
            return False
        received = answer.getheaders()
        if fault == self.GARBLE:
            self._garble(received)
        head = f"HTTP/1.1 {answer.status} {answer.reason}\r\n" + "".join(
            f"{name}: {value}\r\n" for name, value in received if name.lower() not in ("transfer-encoding", "connection"))
        if answer.getheader("content-length") is None and answer.status != 204:
            head += f"Content-Length: {len(content)}\r\n"
        whole = head.encode("latin-1") + b"\r\n" + content
        if fault == "cut_answer":
            handler.wfile.write(whole[:len(whole) - max(len(content) // 2, 20)])
            return False
        handler.wfile.write(whole)
        return True
