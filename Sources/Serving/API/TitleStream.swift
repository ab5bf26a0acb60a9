internal import Cataloging
internal import Hummingbird
internal import MediaModel

/// A list that is longer than a page, sent as it is read: between two pages others have their turn, on the catalog and on this machine, and
/// a
/// client that reads slowly takes no memory.
struct TitleStream: Sendable {
    let first: [CatalogSummary]
    let rest: TitleListing

    func response(to request: Request) -> Response {
        // Of the state that the list began with: whoever has a list that was overtaken by a change is sent the whole one next time.
        let validators = Validators(tag: "\"\(rest.state)\"", modified: nil)
        var headers: HTTPFields = [.cacheControl: "no-cache"]
        validators.write(to: &headers)
        if validators.areCurrent(for: request.headers) { return Response(status: .notModified, headers: headers) }
        headers[.contentType] = "application/json"
        let body = ResponseBody { [first, rest] writer in
            var rest = rest
            var page: [CatalogSummary]? = first
            var separator = ""
            try await writer.write(ByteBuffer(string: "{\"format_version\":1,\"titles\":["))
            while let titles = page {
                if !titles.isEmpty {
                    let text = titles.map { TitleJSON.summary($0).serialized }.joined(separator: ",")
                    try await writer.write(ByteBuffer(string: separator + text))
                    separator = ","
                }
                page = try await rest.next()
            }
            try await writer.write(ByteBuffer(string: "]}"))
            try await writer.finish(nil)
        }
        return Response(status: .ok, headers: headers, body: body)
    }
}
