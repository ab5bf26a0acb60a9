import MediaModel

/// Which server and which certificates Amazon's own tools would use here, so that a profile made for another server never leads to Amazon.
extension Surroundings {
    /// An address, and who says so.
    struct Endpoint: Hashable {
        var url: String
        var origin: String
    }

    /// The settings with what they leave out. A client is opened with these, so every command sees the same.
    /// - Throws: `invalidSettings` for an address that is none, or a profile whose `services` are nowhere.
    func completed(_ settings: S3Settings) throws(TransferError) -> S3Settings {
        var settings = settings
        if settings.certificateBundle == nil { settings.certificateBundle = certificateBundle(profile: settings.profile) }
        guard settings.endpoint == nil, let found = try endpoint("s3", profile: settings.profile) else { return settings }
        settings.endpoint = found.url
        do throws(TransferError) {
            _ = try BucketAddress(settings, region: "")
        } catch {
            throw TransferError(error.code, operation: "read the endpoint that \(found.origin) names", detail: error.detail)
        }
        return settings
    }

    /// What is trusted in place of the system's certificates, whoever is asked; nil: nothing is.
    package func certificateBundle(profile: String?) -> String? { setting("AWS_CA_BUNDLE", "ca_bundle", profile: profile).map(expanded) }

    /// - Parameter service: `s3` or `sts`.
    /// - Returns: nil: Amazon's.
    func endpoint(_ service: String, profile chosen: String?) throws(TransferError) -> Endpoint? {
        let ignored = setting("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "ignore_configured_endpoint_urls", profile: chosen)
        guard ignored?.lowercased() != "true" else { return nil }
        for variable in ["AWS_ENDPOINT_URL_\(service.uppercased())", "AWS_ENDPOINT_URL"] {
            if let url = self[variable] { return Endpoint(url: url, origin: variable) }
        }
        let name = profileName(chosen)
        guard let settings = profile(name) else { return nil }
        if let section = settings["services"] {
            guard let services = services(section) else {
                throw TransferError(
                    .invalidSettings, operation: "read the profile '\(name)'",
                    detail: "it names the services '\(section)', but \(configFile) has no section [services \(section)]")
            }
            if let url = services["\(service).endpoint_url"], !url.isEmpty {
                return Endpoint(url: url, origin: "[services \(section)] in \(configFile)")
            }
        }
        guard let url = settings["endpoint_url"], !url.isEmpty else { return nil }
        return Endpoint(url: url, origin: "the profile '\(name)'")
    }
}
