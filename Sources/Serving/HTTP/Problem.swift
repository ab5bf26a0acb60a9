internal import Cataloging
internal import Hummingbird
internal import Logging

/// A failed request, answered as a problem document (RFC 9457).
struct Problem: Error, HTTPResponseError {
    let status: HTTPResponse.Status
    /// One sentence for a person.
    let detail: String
    var headers: HTTPFields = [:]

    static func notFound(_ what: String) -> Problem { Problem(status: .notFound, detail: what) }

    /// A person took the title off.
    static func gone(_ title: String) -> Problem { Problem(status: .gone, detail: "the title '\(title)' was taken off") }

    func response(from request: Request, context: some RequestContext) throws -> Response {
        let body = JSONValue.fields([
            "format_version": .integer(1), "type": .string("about:blank"), "title": .string(status.reasonPhrase),
            "status": .whole(status.code), "detail": .string(detail),
        ])
        var headers = headers
        headers[.contentType] = "application/problem+json"
        headers[.cacheControl] = "no-cache"
        return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(string: body.serialized)))
    }
}

/// Turns whatever a route throws into a problem document. What is the server's own fault is logged, not shown.
struct ProblemMiddleware<Context: RequestContext>: RouterMiddleware {
    func handle(_ request: Request, context: Context, next: (Request, Context) async throws -> Response) async throws -> Response {
        do {
            return try await next(request, context)
        } catch {
            let problem = problem(for: error, request: request)
            if problem.status.kind == .serverError {
                context.logger.error("request failed", metadata: ["path": "\(request.uri.path)", "error": "\(error)"])
            }
            let response = try problem.response(from: request, context: context)
            return request.method == .head ? response.createHeadResponse() : response
        }
    }

    private func problem(for error: any Error, request: Request) -> Problem {
        switch error {
        case let problem as Problem: problem
        case let error as any HTTPResponseError where error.status == .notFound: .notFound("there is nothing at \(request.uri.path)")
        case let error as any HTTPResponseError: Problem(status: error.status, detail: error.status.reasonPhrase)
        case is CatalogError: Problem(status: .serviceUnavailable, detail: "the catalog cannot be read at the moment")
        default: Problem(status: .internalServerError, detail: "the server failed; its log says why")
        }
    }
}
