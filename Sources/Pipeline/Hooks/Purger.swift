import Curl
import Foundation
package import MediaModel
import S3

/// Tells a CDN that a version has become current.
package struct Purger: Sendable {
    private let settings: PurgeSettings
    private let environment: [String: String]
    private let client: HTTPClient

    package init(_ settings: PurgeSettings, environment: [String: String]) throws(TransferError) {
        self.settings = settings
        self.environment = environment
        client = try OutsideRequest.client()
    }

    /// - Parameters:
    ///   - location: the version's address for readers.
    ///   - isHasty: one try and no more.
    ///   - isStopped: looked at several times a second; true ends this request, and every later one.
    /// - Throws: `TransferError`, which tells no secret.
    package func send(
        title: String, version: String, location: String, isHasty: Bool = false, isStopped: @escaping @Sendable () -> Bool = { false }
    ) throws(TransferError) {
        let path = location.range(of: "://").flatMap { scheme in
            location[scheme.upperBound...].firstIndex(of: "/").map { String(location[$0...]) }
        }
        let fields: [TemplateText.Field: String] = [
            .title: title, .version: version, .url: location, .path: path ?? String(location.dropFirst("file:".count)),
        ]
        let environment = environment
        var request = OutsideRequest(method: settings.method, url: settings.url)
        request.headers = settings.headers.map { ($0.name, $0.value) }
        request.body = try settings.body.map { body throws(TransferError) in
            for name in body.variables where (environment[name] ?? "").isEmpty {
                throw TransferError(.invalidSettings, operation: "fill in the body", detail: "the environment has no variable '\(name)'")
            }
            return Array(
                body.filled { piece in
                    switch piece {
                    case .text(let text): text
                    case .field(let field): fields[field]
                    case .variable(let name): environment[name]
                    }
                }.utf8)
        }
        var policy = OutsideRequest.policy
        if isHasty { policy.attempts = 1 }
        try request.send(fields, environment: environment, client: client, policy: policy, isStopped: isStopped)
    }
}
