import Synchronization
import TestSupport

/// A file server with its whims.
final class RangeServer: Sendable {
    struct Behaviour: Sendable {
        var content: [UInt8]
        var etag: String? = "\"one\""
        /// Of a bucket that keeps versions, to nobody with a right to name them.
        var version: String?
        var knowsRanges = true
        /// Whether conditions are looked at.
        var knowsConditions = true
        /// HEAD is refused with this.
        var headStatus: Int?
        /// GET is refused with this and a body.
        var refusal: (status: Int, body: String)?
        /// After so many parts nothing comes any more; nil: never.
        var stallsAfter: Int?
        /// After so many parts the file is another; nil: never.
        var changesAfter: Int?
    }

    let server: LoopbackServer
    private let answers: Answers

    init(_ behaviour: Behaviour) throws {
        let answers = Answers(behaviour)
        server = try LoopbackServer { answers.answer($0) }
        self.answers = answers
    }

    func change(_ body: (inout Behaviour) -> Void) { answers.state.withLock { body(&$0) } }

    /// What was asked for by GET, in order; empty for everything.
    var ranges: [String] { server.requests.filter { $0.method == "GET" }.map { $0.headers["range"] ?? "" } }

    private final class Answers: Sendable {
        let state: Mutex<Behaviour>

        init(_ behaviour: Behaviour) { state = Mutex(behaviour) }

        func answer(_ request: LoopbackServer.Request) -> LoopbackServer.Reply {
            state.withLock { state in
                var headers = ["ETag": state.etag, "x-amz-version-id": state.version].compactMapValues { $0 }
                if request.query.contains("versionId") { return .text(403, "<Error><Code>AccessDenied</Code></Error>") }
                if request.method == "HEAD" {
                    return .answer(state.headStatus ?? 200, headers: headers, body: state.headStatus == nil ? state.content : [])
                }
                if let refusal = state.refusal { return .text(refusal.status, refusal.body) }
                if state.knowsConditions, let wanted = request.headers["if-match"], wanted != state.etag { return .text(412, "") }
                guard state.knowsRanges, let range = request.headers["range"],
                    !state.knowsConditions || request.headers["if-range"].map({ $0 == state.etag }) ?? true
                else { return .answer(200, headers: headers, body: state.content) }
                if let left = state.stallsAfter {
                    guard left > 0 else { return .stall }
                    state.stallsAfter = left - 1
                }
                let ends = range.dropFirst("bytes=".count).split(separator: "-").compactMap { Int($0) }
                let last = min(ends[1], state.content.count - 1)
                headers["Content-Range"] = "bytes \(ends[0])-\(last)/\(state.content.count)"
                let body = Array(state.content[ends[0]...last])
                if let left = state.changesAfter {
                    state.changesAfter = left > 1 ? left - 1 : nil
                    if left == 1 {
                        state.content = state.content.map { $0 &+ 1 }
                        state.etag = "\"other\""
                    }
                }
                return .answer(206, headers: headers, body: body)
            }
        }
    }
}
