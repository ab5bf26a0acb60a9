internal import HTTPTypes
internal import Hummingbird

/// A request names one host, and names it well (RFC 9112, 3.2); any other is 400. A request that two servers on its way take for two
/// different hosts is how one gets another's answer.
struct HostMiddleware<Context: RequestContext>: RouterMiddleware {
    func handle(_ request: Request, context: Context, next: (Request, Context) async throws -> Response) async throws -> Response {
        guard let host = request.head.authority else { throw Problem(status: .badRequest, detail: "the request names no host") }
        // The first is the authority; whatever else there was is still among the headers.
        guard !request.headers.contains(where: { $0.name.canonicalName == "host" }) else {
            throw Problem(status: .badRequest, detail: "the request names several hosts")
        }
        guard Self.isHost(host) else { throw Problem(status: .badRequest, detail: "the request's host is none") }
        return try await next(request, context)
    }

    /// `host [ ":" port ]` (RFC 3986, 3.2.2 and 3.2.3), not empty.
    static func isHost(_ text: String) -> Bool {
        if text.hasPrefix("[") {
            let parts = text.dropFirst().split(separator: "]", maxSplits: 1, omittingEmptySubsequences: false)
            return parts.count == 2 && !parts[0].isEmpty && parts[0].allSatisfy { isNamed($0) || $0 == ":" }
                && (parts[1].isEmpty || parts[1].hasPrefix(":") && isPort(parts[1].dropFirst()))
        }
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        return !parts[0].isEmpty && parts[0].allSatisfy(isNamed) && (parts.count == 1 || isPort(parts[1]))
    }

    private static func isNamed(_ character: Character) -> Bool {
        character.isASCII && (character.isLetter || character.isNumber || "-._~!$&'()*+,;=%".contains(character))
    }

    private static func isPort(_ text: Substring) -> Bool {
        text.allSatisfy { $0.isASCII && $0.isNumber }
    }
}
