package import Curl

extension HTTPResponse {
    /// A refusal that says nothing of what was asked for: the server, or one before it, is not well, too busy or too slow today.
    package var isOutage: Bool { Self.isOutage(status) }

    package static func isOutage(_ status: Int) -> Bool { status >= 500 || [408, 425, 429].contains(status) }
}
