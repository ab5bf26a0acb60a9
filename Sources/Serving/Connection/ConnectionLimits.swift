/// How long a connection may keep the server waiting, in seconds, before it is closed.
package struct ConnectionLimits: Hashable, Sendable {
    /// From the first byte of a request to the end of its header, whatever comes in between.
    package var header: Int
    /// Without a request, without more of a request's body, or without taking anything of an answer.
    package var idle: Int

    package init(header: Int = 10, idle: Int = 60) {
        self.header = header
        self.idle = idle
    }
}
