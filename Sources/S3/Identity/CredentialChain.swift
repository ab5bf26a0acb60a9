package import Curl
package import Foundation
package import MediaModel
import Synchronization

/// Finds credentials where Amazon's own tools look, in their order, and renews those that are lent before they expire:
/// environment, web identity, profile, container, machine.
package final class CredentialChain: Sendable {
    private let surroundings: Surroundings
    private let profile: String?
    private let region: String?
    private let web: HTTPClient
    private let near: HTTPClient
    private let patience: LenderPatience
    private let isStopped: @Sendable () -> Bool
    private let state = Mutex(State())

    private struct State {
        var held: S3Credentials?
        /// When they were last looked for.
        var triedAt = Date.distantPast
        /// What a server did not take last.
        var refused: S3Credentials?
        /// What is held was refused: it is only good for anything if nobody lends another.
        var isDoubted = false
        /// What is held was over already when it was lent.
        var isOverdue = false

        /// What need not be looked for anew.
        func settled(_ now: Date) -> S3Credentials? {
            guard let held, !isDoubted else { return nil }
            let left = left(now)
            if left > CredentialChain.margin || (left > 0 && wasTried(just: now)) { return held }
            return isOverdue && abs(now.timeIntervalSince(triedAt)) < CredentialChain.overdue ? held : nil
        }

        /// Seconds to the end of what is held.
        func left(_ now: Date) -> Double { held.map { ($0.expiration ?? .distantFuture).timeIntervalSince(now) } ?? 0 }

        /// The clock may have been corrected meanwhile, in either direction.
        func wasTried(just now: Date) -> Bool { abs(now.timeIntervalSince(triedAt)) < CredentialChain.pause }
    }

    /// Seconds before the end at which new ones are fetched.
    static let margin = 300.0
    /// Seconds between two tries to replace what is still good: a lender in trouble would hold up every request, and be hammered.
    static let pause = 30.0
    /// Seconds for which keys are used that were over already when they were lent. A metadata service in trouble goes on lending the old
    /// ones, and Amazon goes on taking them; asked before every request, it would refuse to say anything.
    static let overdue = 300.0

    /// - Parameters:
    ///   - profile: one that the settings name; the environment's keys do not count then.
    ///   - region: one that the settings name; the token service there lends. nil: the environment's, or the profile's.
    ///   - web: for the token service, which is as far away as the bucket.
    ///   - near: for those who lend to a machine or a container, which are beside it: no proxy.
    ///   - isStopped: looked at several times a second; true ends every search with `cancelled`.
    package convenience init(
        _ surroundings: Surroundings, profile: String?, region: String? = nil, web: HTTPClient, near: HTTPClient,
        isStopped: @escaping @Sendable () -> Bool = { false }
    ) {
        self.init(
            surroundings, profile: profile, region: region, web: web, near: near, patience: LenderPatience(), isStopped: isStopped)
    }

    init(
        _ surroundings: Surroundings, profile: String?, region: String? = nil, web: HTTPClient, near: HTTPClient, patience: LenderPatience,
        isStopped: @escaping @Sendable () -> Bool = { false }
    ) {
        self.surroundings = surroundings
        self.profile = profile
        self.region = region
        self.web = web
        self.near = near
        self.patience = patience
        self.isStopped = isStopped
    }

    /// Credentials that are good for some minutes from `now` on. Callers wait for each other, so that they are fetched once.
    /// - Throws: `TransferError.Code.refused` when there are none; it says where was looked, and no secret.
    package func credentials(now: Date = Date()) throws(TransferError) -> S3Credentials {
        try state.withLock { state throws(TransferError) in
            if let settled = state.settled(now) { return settled }
            state.triedAt = now
            do throws(TransferError) {
                let found = try find()
                state.held = found
                state.isDoubted = false
                state.isOverdue = state.left(now) <= 0
                return found
            } catch {
                // Nearly expired ones are better than none, and whether those that were lent late are good is the server's to say.
                guard let held = state.held, state.left(now) > 0 || state.isOverdue, error.code != .cancelled else { throw error }
                state.isDoubted = false
                return held
            }
        }
    }

    /// The server does not take them: the next caller looks again, in files that may have been written anew. Where that has just found the
    /// same, it is not done once more for each request that is refused.
    package func forget(_ credentials: S3Credentials, now: Date = Date()) {
        state.withLock { state in
            guard state.held == credentials, state.refused != credentials || !state.wasTried(just: now) else { return }
            state.refused = credentials
            state.isDoubted = true
        }
    }

    private func find() throws(TransferError) -> S3Credentials {
        if profile == nil, let found = try fromEnvironment() { return found }
        let lender = CredentialLender(
            surroundings, profile: profile, region: region, web: web, near: near, patience: patience, isStopped: isStopped)
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

    /// Half of what a key takes is a mistake, and going on would find somebody else's.
    private func fromEnvironment() throws(TransferError) -> S3Credentials? {
        guard let key = surroundings["AWS_ACCESS_KEY_ID"] else { return nil }
        guard let secret = surroundings["AWS_SECRET_ACCESS_KEY"] else {
            throw Self.none("the environment has AWS_ACCESS_KEY_ID, but no AWS_SECRET_ACCESS_KEY")
        }
        return S3Credentials(accessKey: key, secretKey: secret, sessionToken: surroundings["AWS_SESSION_TOKEN"])
    }

    /// - Parameter asked: profiles that wait for this one's credentials.
    private func fromProfile(
        _ name: String, _ settings: [String: String], _ lender: CredentialLender, asked: Set<String> = []
    ) throws(TransferError) -> S3Credentials? {
        if let role = settings["role_arn"] {
            let session = settings["role_session_name"]
            if let file = settings["web_identity_token_file"] {
                return try lender.assume(role, tokenFile: file, session: session, theirs: settings["region"])
            }
            guard settings["mfa_serial"] == nil else {
                throw Self.none("the profile '\(name)' wants 'mfa_serial', a code that a person types, which nobody can at night")
            }
            let owner = try owner(of: name, settings, lender, asked: asked.union([name]))
            return try lender.assume(
                role, for: owner, session: session, externalID: settings["external_id"], theirs: settings["region"])
        }
        if let found = try Self.keys(of: name, settings) { return found }
        if let command = settings["credential_process"] {
            return try CredentialProcess(command, profile: name, isStopped: isStopped).run()
        }
        // Going on would find somebody else's credentials.
        for setting in ["sso_session", "sso_start_url"] where settings[setting] != nil {
            throw Self.none(
                "the profile '\(name)' wants '\(setting)', for which a person logs in; write credential_process instead, "
                    + "such as 'aws configure export-credentials --profile \(name)'")
        }
        return nil
    }

    private static func keys(of name: String, _ settings: [String: String]) throws(TransferError) -> S3Credentials? {
        guard let key = settings["aws_access_key_id"] else { return nil }
        // Sent as they are, they would carry the lines below them, a secret perhaps, into a header.
        for setting in ["aws_access_key_id", "aws_secret_access_key", "aws_session_token"] where settings[setting]?.contains("\n") == true {
            throw Self.none(
                "in the profile '\(name)' lines belong to '\(setting)' because they are indented deeper; write every setting at the same depth"
            )
        }
        guard let secret = settings["aws_secret_access_key"] else {
            throw Self.none("the profile '\(name)' has an aws_access_key_id, but no aws_secret_access_key")
        }
        return S3Credentials(accessKey: key, secretKey: secret, sessionToken: settings["aws_session_token"])
    }

    /// Who may take on a profile's role: another profile, itself with its own keys, or whom the machine is.
    private func owner(
        of name: String, _ settings: [String: String], _ lender: CredentialLender, asked: Set<String>
    ) throws(TransferError) -> S3Credentials {
        if let source = settings["source_profile"] {
            if source == name, let found = try Self.keys(of: name, settings) { return found }
            guard !asked.contains(source) else { throw Self.none("the profiles '\(name)' and '\(source)' wait for each other") }
            guard let theirs = surroundings.profile(source) else {
                throw Self.none("the profile '\(name)' names the source_profile '\(source)', which is in neither file")
            }
            if let found = try fromProfile(source, theirs, lender, asked: asked) { return found }
            throw Self.none("the profile '\(source)', which '\(name)' names, has no credentials")
        }
        let found: S3Credentials? =
            switch settings["credential_source"] {
            case "Environment": try fromEnvironment()
            case "EcsContainer": try lender.ofContainer()
            case "Ec2InstanceMetadata": try lender.ofInstance()
            default:
                throw Self.none(
                    "the profile '\(name)' has a role_arn, but neither source_profile nor one of the credential_sources Environment, "
                        + "EcsContainer and Ec2InstanceMetadata")
            }
        guard let found else { throw Self.none("the credential_source of the profile '\(name)' has none") }
        return found
    }

    static func none(_ detail: String) -> TransferError {
        TransferError(.refused, operation: "find credentials for S3", detail: detail)
    }
}
