import Curl
import Foundation
import MediaModel
import S3

/// Asks a server about a file, and for parts of it.
protocol RemoteReader: Sendable {
    func look() throws(TransferError) -> RemoteIdentity
    /// Reads a part into its place in a file, or everything from the file's beginning.
    /// - Parameter range: nil: everything.
    /// - Returns: the bytes that came when the server sent everything, which it may when the part begins at 0; nil: the part came.
    /// - Throws: `TransferError.Code.changed` when it is not the file any more that `identity` says.
    func read(_ range: Range<Int64>?, of identity: RemoteIdentity, into file: String) throws(TransferError) -> Int64?
    /// Ends what is under way.
    func stop()
}

extension RemoteReader {
    fileprivate func checked(
        _ answer: HTTPResponse, _ range: Range<Int64>?, of identity: RemoteIdentity
    ) throws(TransferError) -> Int64? {
        let isPart = answer.status == 206
        let comes = answer["content-range"]?.split(separator: "/").first.map(String.init)
        guard !identity.isContradicted(by: answer), isPart == (range != nil) || range?.lowerBound == 0,
            !isPart || range.map({ comes == "bytes \($0.lowerBound)-\($0.upperBound - 1)" && answer.bodyBytes == Int64($0.count) }) == true
        else { throw Self.changed }
        return isPart ? nil : answer.bodyBytes
    }

    static var changed: TransferError { TransferError(.changed, operation: "fetch", detail: "it changed while it was fetched") }

    static func field(_ range: Range<Int64>) -> HTTPField { HTTPField("range", "bytes=\(range.lowerBound)-\(range.upperBound - 1)") }
}

/// A file at `https://host/path`; redirections are followed, but never to where anybody can listen.
struct AddressReader: RemoteReader {
    let url: String
    let requests: PlainRequests

    private static let mostRedirections = 5

    func look() throws(TransferError) -> RemoteIdentity {
        let answer = try send(HTTPRequest("HEAD", url))
        if answer.status == 200 { return RemoteIdentity(answer) }
        guard (400..<500).contains(answer.status) && !answer.isOutage || answer.status == 501 else { throw refusal(answer) }
        // An address that is signed for GET alone is refused; and only an answer to GET has a body that says why.
        var request = HTTPRequest("GET", url, headers: [Self.field(0..<1)])
        request.whole = .headers
        let part = try send(request)
        guard part.status == 206 || part.status == 200 else { throw refusal(part) }
        return RemoteIdentity(part)
    }

    func read(_ range: Range<Int64>?, of identity: RemoteIdentity, into file: String) throws(TransferError) -> Int64? {
        var request = HTTPRequest("GET", url, destination: .file(path: file, offset: range?.lowerBound ?? 0))
        if let range {
            request.headers = [Self.field(range)] + identity.conditions + identity.rangeCondition
            request.part = range
            if range.lowerBound > 0 { request.whole = .refused }
        }
        let answer = try send(request)
        if answer.status == 412 || answer.status == 416 { throw Self.changed }
        guard answer.status == 200 || answer.status == 206 else { throw refusal(answer) }
        return try checked(answer, range, of: identity)
    }

    func stop() { requests.client.stop() }

    private func send(_ request: HTTPRequest) throws(TransferError) -> HTTPResponse {
        var request = request
        for _ in 0...Self.mostRedirections {
            let answer = try requests.send(request, operation: "fetch")
            guard [301, 302, 303, 307, 308].contains(answer.status), let location = answer["location"] else { return answer }
            let next = URL(string: location, relativeTo: URL(string: request.url))?.absoluteString ?? ""
            guard next.hasPrefix("https://") || (next.hasPrefix("http://") && request.url.hasPrefix("http://")) else {
                throw TransferError(.refused, operation: "fetch", detail: "it is redirected to an address that is not https://")
            }
            request.url = next
        }
        throw TransferError(.refused, operation: "fetch", detail: "it is redirected more than \(Self.mostRedirections) times")
    }

    private func refusal(_ answer: HTTPResponse) -> TransferError {
        TransferError(
            answer.isOutage ? .unreachable : [404, 410].contains(answer.status) ? .missing : .refused, operation: "fetch",
            detail: S3Fault(answer)?.summary ?? "status \(answer.status)")
    }
}

/// An object of a bucket.
struct ObjectReader: RemoteReader {
    let key: String
    let client: S3Client

    func look() throws(TransferError) -> RemoteIdentity {
        var request = S3Request("HeadObject", "HEAD", key)
        request.headers = [HTTPField("x-amz-checksum-mode", "ENABLED")]
        switch try client.attempt(request, reading: { RemoteIdentity($0) }) {
        case .done(let identity): return identity
        case .refused(let fault) where HTTPResponse.isOutage(fault.status): throw client.refusal(request, fault)
        case .refused:
            // Only an answer to GET has a body that says why.
            var request = S3Request("GetObject", "GET", key)
            request.headers = [Self.field(0..<1)]
            request.whole = .headers
            switch try client.attempt(request, reading: { RemoteIdentity($0) }) {
            case .done(let identity): return identity
            case .refused(let fault):
                var error = client.refusal(request, fault)
                if fault.status == 404, fault.code != "NoSuchBucket" { error.code = .missing }
                throw error
            }
        }
    }

    func read(_ range: Range<Int64>?, of identity: RemoteIdentity, into file: String) throws(TransferError) -> Int64? {
        var request = S3Request("GetObject", "GET", key)
        // Not by its version: that takes another right than reading does, and the condition already keeps another version out.
        request.headers = identity.conditions + (range.map { [Self.field($0)] } ?? [])
        request.destination = .file(path: file, offset: range?.lowerBound ?? 0)
        request.part = range
        // Everything would go where the part belongs, and be noticed when it is all there.
        if let range, range.lowerBound > 0 { request.whole = .refused }
        switch try client.attempt(request, reading: { $0 }) {
        case .done(let answer): return try checked(answer, range, of: identity)
        case .refused(let fault) where fault.status == 412 || fault.status == 416: throw Self.changed
        case .refused(let fault): throw client.refusal(request, fault)
        }
    }

    func stop() { client.stop() }
}
