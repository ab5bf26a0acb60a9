import Foundation

/// What a process finds around it that says who it is: the environment, and Amazon's files in the home folder.
package struct Surroundings: Sendable {
    package var environment: [String: String]
    package var home: String

    package init(environment: [String: String], home: String) {
        self.environment = environment
        self.home = home
    }

    /// An environment, with this user's home.
    package init(environment: [String: String]) { self.init(environment: environment, home: NSHomeDirectory()) }

    /// This process's own.
    package static var current: Surroundings { Surroundings(environment: ProcessInfo.processInfo.environment) }

    /// A variable that is set to something.
    subscript(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }

    func profileName(_ chosen: String?) -> String { chosen ?? self["AWS_PROFILE"] ?? self["AWS_DEFAULT_PROFILE"] ?? "default" }

    var credentialsFile: String { path(self["AWS_SHARED_CREDENTIALS_FILE"], "credentials") }

    var configFile: String { path(self["AWS_CONFIG_FILE"], "config") }

    /// A profile's settings; those of the credentials file win. nil: no file has it.
    func profile(_ name: String) -> [String: String]? {
        let config = read(configFile, isConfig: true)?.profiles[name]
        let credentials = read(credentialsFile, isConfig: false)?.profiles[name]
        guard config != nil || credentials != nil else { return nil }
        var settings = config ?? [:]
        // A key, its secret and its token come from one file: another key's token would spoil it.
        if credentials?["aws_access_key_id"] != nil {
            for part in ["aws_secret_access_key", "aws_session_token"] { settings[part] = nil }
        }
        return settings.merging(credentials ?? [:]) { _, ours in ours }
    }

    /// The settings' own, the environment's, the profile's, Amazon's first.
    package func region(_ chosen: String?, profile: String?) -> String {
        chosen ?? self["AWS_REGION"] ?? self["AWS_DEFAULT_REGION"] ?? self.profile(profileName(profile))?["region"] ?? "us-east-1"
    }

    /// What a variable says, or else the profile.
    func setting(_ variable: String, _ name: String, profile: String?) -> String? {
        self[variable] ?? self.profile(profileName(profile))?[name].flatMap { $0.isEmpty ? nil : $0 }
    }

    private func path(_ named: String?, _ usual: String) -> String {
        named.map(expanded) ?? "\(home)/.aws/\(usual)"
    }

    func expanded(_ path: String) -> String { path.hasPrefix("~/") ? "\(home)\(path.dropFirst())" : path }

    /// What a section of the config file says of services; nil: it is not there.
    func services(_ name: String) -> [String: String]? { read(configFile, isConfig: true)?.services[name] }

    /// nil: it is not there, or is no text.
    private func read(_ path: String, isConfig: Bool) -> ProfileFile? {
        (try? String(contentsOfFile: path, encoding: .utf8)).map { ProfileFile($0, isConfig: isConfig) }
    }
}
