import Curl
import Foundation
import MediaModel
import S3

/// A request to somebody whom a run tells something: filled in from the environment, tried a few times within about a minute.
///
/// What came from the environment never leaves in an error: messages show the address as it was written, and name kinds of failure. No
/// text that knows the filled address is handed on.
struct OutsideRequest: Sendable {
    var method: String
    var url: TemplateText
    var headers: [(name: String, value: TemplateText)] = []
    var body: [UInt8]?

    /// For messages: as it was written, without its query.
    private var shown: String { "\(method) \(url.written.prefix { $0 != "?" })" }

    /// How a hook is tried.
    static let policy: RetryPolicy = {
        var policy = RetryPolicy()
        policy.attempts = 5
        policy.base = 1
        policy.longestAsked = 20
        return policy
    }()

    static func client() throws(TransferError) -> HTTPClient {
        do throws(CurlError) { return try HTTPClient() } catch {
            throw TransferError(.inputOutput, operation: "open an HTTP client", detail: "\(error)")
        }
    }

    /// - Parameters:
    ///   - fields: what the pipeline fills in; percent-encoded in the address's query.
    ///   - environment: where `${NAME}` is looked up.
    /// - Throws: `TransferError` without any secret: `unreachable` where nobody is there or well, `refused` where somebody is and says
    ///   no.
    func send(
        _ fields: [TemplateText.Field: String] = [:], environment: [String: String], client: HTTPClient, policy: RetryPolicy = policy,
        isStopped: @escaping @Sendable () -> Bool = { false }
    ) throws(TransferError) {
        let message = try request(fields, environment)
        let requests = PlainRequests(client: client, policy: policy, isStopped: isStopped, words: { $0.kind })
        let operation = shown
        let answer = try ParallelWork.one(isStopped: isStopped, stop: client.stop) { () throws(TransferError) in
            try requests.send(message, operation: operation)
        }
        // Its body may repeat what was sent.
        guard (200..<300).contains(answer.status) else {
            throw TransferError(answer.isOutage ? .unreachable : .refused, operation: shown, detail: "status \(answer.status)")
        }
    }

    private func request(
        _ fields: [TemplateText.Field: String], _ environment: [String: String]
    ) throws(TransferError) -> HTTPRequest {
        for name in variables where (environment[name] ?? "").isEmpty {
            throw TransferError(.invalidSettings, operation: shown, detail: "the environment has no variable '\(name)'")
        }
        func value(_ piece: TemplateText.Piece) -> String? {
            switch piece {
            case .text(let text): text
            case .field(let field): fields[field]
            case .variable(let name): environment[name]
            }
        }
        var address = ""
        for piece in url.pieces {
            let text = value(piece) ?? ""
            if case .text = piece { address += text } else { address += address.contains("?") ? URIEncoding.encode(text) : text }
        }
        let lines = headers.map { HTTPField($0.name, $0.value.filled(value)) }
        let isSound = ([address] + lines.map(\.value)).allSatisfy { $0.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F } }
        guard isSound, address.hasPrefix("https://") || address.hasPrefix("http://") else {
            throw TransferError(
                .invalidSettings, operation: shown,
                detail: "filled in from the environment it is no request: the address must begin with https://, and no header may have a "
                    + "line break")
        }
        var patience = Patience()
        patience.connecting = 5000
        patience.whole = 10_000
        return HTTPRequest(method, address, headers: lines, body: body.map { .bytes($0) } ?? .none, patience: patience)
    }

    private var variables: [String] { url.variables + headers.flatMap(\.value.variables) }
}
