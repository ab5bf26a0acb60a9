package import Curl
package import Foundation
import Synchronization

/// Finds credentials where Amazon's own tools look, in their order, and renews those that are lent before they expire:
/// environment, web identity, profile, container, machine.
package final class CredentialChain: Sendable {
    private let surroundings: Surroundings
    private let profile: String?
    private let client: HTTPClient
    private let held = Mutex<S3Credentials?>(nil)

    /// Seconds before the end at which new ones are fetched.
    static let margin = 300.0

    /// - Parameter profile: one that the settings name; the environment's keys do not count then.
    package init(_ surroundings: Surroundings, profile: String?, client: HTTPClient) {
        self.surroundings = surroundings
        self.profile = profile
        self.client = client
    }

    /// Credentials that are good for some minutes from `now` on. Callers wait for each other, so that they are fetched once.
    /// - Throws: `PublishingError.Code.refused` when there are none; it says where was looked, and no secret.
    package func credentials(now: Date = Date()) throws(PublishingError) -> S3Credentials {
        try held.withLock { held throws(PublishingError) in
            if let held, (held.expiration ?? .distantFuture).timeIntervalSince(now) > Self.margin { return held }
            do throws(PublishingError) {
                let found = try find()
                held = found
                return found
            } catch {
                // Nearly expired ones are better than none.
                if let held, (held.expiration ?? .distantFuture) > now { return held }
                throw error
            }
        }
    }

    private func find() throws(PublishingError) -> S3Credentials {
        if profile == nil, let found = fromEnvironment() { return found }
        let lender = CredentialLender(surroundings, client)
        if profile == nil, let found = try lender.forWebIdentity() { return found }
        let name = surroundings.profileName(profile)
        if let settings = surroundings.profile(name) {
            if let found = try fromProfile(name, settings, lender) { return found }
        } else if profile != nil || surroundings["AWS_PROFILE"] != nil {
            throw Self.none("the profile '\(name)' is neither in \(surroundings.credentialsFile) nor in \(surroundings.configFile)")
        }
        if let found = try lender.ofContainer() { return found }
        if let found = try lender.ofInstance() { return found }
        throw Self.none(
            "there are none in the environment (AWS_ACCESS_KEY_ID), in the profile '\(name)' of \(surroundings.credentialsFile), and none "
                + "is lent to this machine")
    }

    private func fromEnvironment() -> S3Credentials? {
        guard let key = surroundings["AWS_ACCESS_KEY_ID"], let secret = surroundings["AWS_SECRET_ACCESS_KEY"] else { return nil }
        return S3Credentials(accessKey: key, secretKey: secret, sessionToken: surroundings["AWS_SESSION_TOKEN"])
    }

    private func fromProfile(
        _ name: String, _ settings: [String: String], _ lender: CredentialLender
    ) throws(PublishingError) -> S3Credentials? {
        if let file = settings["web_identity_token_file"], let role = settings["role_arn"] {
            return try lender.assume(role, tokenFile: file, session: settings["role_session_name"])
        }
        if let key = settings["aws_access_key_id"], let secret = settings["aws_secret_access_key"], settings["role_arn"] == nil {
            return S3Credentials(accessKey: key, secretKey: secret, sessionToken: settings["aws_session_token"])
        }
        // Going on would find somebody else's credentials.
        for setting in ["role_arn", "credential_process", "sso_session", "sso_start_url"] where settings[setting] != nil {
            throw Self.none("the profile '\(name)' wants '\(setting)', which is not supported; lend the keys by another tool")
        }
        return nil
    }

    static func none(_ detail: String) -> PublishingError {
        PublishingError(.refused, operation: "find credentials for S3", detail: detail)
    }
}
