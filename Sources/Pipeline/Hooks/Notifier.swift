import Crypto
package import MediaModel
import Notation
import S3

/// Tells a webhook how a run ended.
package struct Notifier: Sendable {
    private let settings: NotifySettings
    private let environment: [String: String]

    package init(_ settings: NotifySettings, environment: [String: String]) {
        self.settings = settings
        self.environment = environment
    }

    /// Posts a summary, signed with HMAC-SHA-256 over the very bytes that are sent; they hold the time, so that an old message shows its
    /// age.
    /// - Parameters:
    ///   - isHasty: one try and no more: somebody waits for this process to end.
    ///   - isStopped: looked at several times a second; true ends it.
    /// - Throws: `TransferError`, which tells no secret.
    package func send(
        _ json: [UInt8], isHasty: Bool = false, isStopped: @escaping @Sendable () -> Bool = { false }
    ) throws(TransferError) {
        guard let secret = environment[settings.secretVariable], !secret.isEmpty else {
            throw TransferError(
                .invalidSettings, operation: "sign the message", detail: "the environment has no variable '\(settings.secretVariable)'")
        }
        let code = HMAC<SHA256>.authenticationCode(for: json, using: SymmetricKey(data: Array(secret.utf8)))
        var request = OutsideRequest(method: "POST", url: settings.url)
        request.body = json
        request.headers = [
            ("Content-Type", TemplateText(text: "application/json")),
            ("X-Reelmill-Signature", TemplateText(text: "sha256=\(Hex.encode(code))")),
        ]
        var policy = OutsideRequest.policy
        if isHasty { policy.attempts = 1 }
        try request.send(environment: environment, client: try OutsideRequest.client(), policy: policy, isStopped: isStopped)
    }
}
