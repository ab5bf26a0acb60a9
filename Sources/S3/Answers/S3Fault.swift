package import Curl
import Foundation
import MediaModel

/// What a server says when it does not do what it was asked.
package struct S3Fault: Hashable, Sendable {
    package var status: Int
    /// S3's own word, such as `NoSuchBucket`; empty when the answer had none, as those to HEAD never have.
    package var code = ""
    package var message = ""
    /// For whoever runs the server to find the request by.
    var requestID = ""
    /// Where the bucket is, when it is elsewhere.
    package var region: String?
    /// The host to go to, when it is another.
    package var host: String?

    package init(status: Int, code: String = "", message: String = "") {
        self.status = status
        self.code = code
        self.message = message
    }

    /// nil: the answer is what was asked for. One with status 200 whose body is an error is none.
    package init?(_ answer: HTTPResponse) {
        let isRefusal = !(200..<300).contains(answer.status)
        let root = isRefusal || Self.beginsLikeAnError(answer.body) ? XMLNode(answer.body) : nil
        // STS wraps its error once more.
        let error = root?.name == "ErrorResponse" ? root?.first("Error") : root
        guard isRefusal || error?.name == "Error" else { return nil }
        status = answer.status
        requestID = answer["x-amz-request-id"] ?? ""
        region = answer["x-amz-bucket-region"]
        if let error, error.name == "Error" {
            code = error["Code"] ?? ""
            message = error["Message"] ?? ""
            // Which of our headers it does not like. Its value may be a secret.
            if let name = error["ArgumentName"] { message += "\(message.isEmpty ? "" : ", ")\(name)" }
            if requestID.isEmpty { requestID = error["RequestId"] ?? "" }
            region = region ?? error["Region"]
            host = error["Endpoint"]
        }
        if host == nil, let location = answer["location"] { host = Self.host(of: location) }
        (code, message, requestID) = (PlainText.line(code), PlainText.line(message), PlainText.line(requestID))
        (region, host) = (region.map(PlainText.line), host.map(PlainText.line))
    }

    /// The server does not know a header or an operation, and never will.
    var isNotImplemented: Bool { status == 501 || code == "NotImplemented" }

    /// One line for a person.
    package var summary: String {
        var text = "status \(status)"
        if !code.isEmpty { text += " \(code)" }
        if !message.isEmpty { text += ": \(message.split(whereSeparator: \.isNewline).joined(separator: " "))" }
        if !requestID.isEmpty { text += " (request \(requestID))" }
        return text
    }

    /// Bodies of objects pass here too: only what can be an error is read as one.
    private static func beginsLikeAnError(_ body: [UInt8]) -> Bool {
        guard body.count < 64 << 10 else { return false }
        // S3 sends blanks while it thinks, so that nobody hangs up on it.
        let start = body.drop { [0x20, 0x09, 0x0A, 0x0D].contains($0) }.prefix(512)
        return start.first == UInt8(ascii: "<") && String(decoding: start, as: UTF8.self).contains("<Error")
    }

    private static func host(of location: String) -> String? {
        guard let start = location.range(of: "://") else { return nil }
        let host = location[start.upperBound...].prefix { $0 != "/" && $0 != "?" }
        return host.isEmpty ? nil : String(host)
    }
}
