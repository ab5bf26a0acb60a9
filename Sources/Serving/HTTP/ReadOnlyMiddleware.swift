internal import Hummingbird

/// GET and HEAD alone; any other method is 405. Before them, a browser on another origin may ask what is allowed
/// (Fetch standard, CORS preflight).
struct ReadOnlyMiddleware<Context: RequestContext>: RouterMiddleware {
    func handle(_ request: Request, context: Context, next: (Request, Context) async throws -> Response) async throws -> Response {
        if request.method == .get || request.method == .head { return try await next(request, context) }
        let isPreflight = request.method == .options && request.headers[.accessControlRequestMethod] != nil
        if isPreflight, OpenRoutes.contains(request.uri.path) {
            return Response(
                status: .noContent,
                headers: [
                    .accessControlAllowMethods: "GET, HEAD",
                    .accessControlAllowHeaders: "Range, If-Range, If-None-Match, If-Modified-Since, Content-Type",
                    .accessControlMaxAge: "86400",
                ])
        }
        throw Problem(status: .methodNotAllowed, detail: "this server is read-only: GET and HEAD alone", headers: [.allow: "GET, HEAD"])
    }
}

/// The routes that pages of other origins may use: the API and the media.
enum OpenRoutes {
    static func contains(_ path: String) -> Bool { path.hasPrefix("/api/") || path.hasPrefix("/media/") }
}

/// Headers that every answer carries, errors too.
struct CommonHeadersMiddleware<Context: RequestContext>: RouterMiddleware {
    func handle(_ request: Request, context: Context, next: (Request, Context) async throws -> Response) async throws -> Response {
        var response = try await next(request, context)
        response.headers[.xContentTypeOptions] = "nosniff"
        if OpenRoutes.contains(request.uri.path) {
            response.headers[.accessControlAllowOrigin] = "*"
            response.headers[.accessControlExposeHeaders] = "Content-Length, Content-Range, Accept-Ranges, ETag, Last-Modified"
        }
        return response
    }
}
