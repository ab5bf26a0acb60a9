package import Foundation

/// A key that requests are signed with.
package struct S3Credentials: Hashable, Sendable {
    package var accessKey: String
    package var secretKey: String
    /// Comes with keys that are lent for a time.
    package var sessionToken: String?
    /// nil: they never expire.
    package var expiration: Date?

    package init(accessKey: String, secretKey: String, sessionToken: String? = nil, expiration: Date? = nil) {
        self.accessKey = accessKey
        self.secretKey = secretKey
        self.sessionToken = sessionToken
        self.expiration = expiration
    }
}

extension S3Credentials: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Whoever prints credentials learns whose they are, and no secret.
    package var description: String { "credentials of \(accessKey)" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: ["accessKey": accessKey]) }
}
