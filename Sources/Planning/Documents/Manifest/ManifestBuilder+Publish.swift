import MediaModel

/// Where a manifest's packages go.
extension ManifestBuilder {
    mutating func publishTarget(_ value: TypedValue?) -> PublishTarget? {
        guard let value else { return nil }
        let record = value.record
        guard let url = value.text ?? record?.text("url") else { return nil }
        guard var settings = S3Settings(url: url) else {
            for key in (record?.given ?? []).subtracting(["url"]).sorted() {
                faults.add(record?.place(of: key) ?? value.place, "\(value.key).\(key)", "is only for s3://; \(url) is a folder")
            }
            return .folder(String(location(url).dropFirst("file:".count)))
        }
        guard let record else { return .bucket(settings) }
        settings.endpoint = address(record, "endpoint")
        settings.baseURL = address(record, "base_url")
        settings.region = record.text("region")
        settings.addressing = record.word("addressing") ?? .automatic
        settings.storageClass = record.text("storage_class")
        settings.acl = record.text("acl")
        settings.serverSideEncryption = record.text("server_side_encryption")
        settings.encryptionKey = record.text("encryption_key")
        let tags = record["tags"]?.options ?? []
        settings.tags = Dictionary(tags.map { ($0.key, $0.value) }, uniquingKeysWith: { first, _ in first })
        settings.gzip = record.text("gzip") == "true"
        settings.checksum = record.word("checksum") ?? .sha256
        settings.confirmation = record.word("confirm") ?? .head
        settings.conditionalWrites = record.text("conditional_writes") != "false"
        settings.concurrency = record.whole("concurrency") ?? settings.concurrency
        if let mebibytes = record.whole("part_size") {
            settings.partBytes = Int64(mebibytes) << 20
            settings.multipartThreshold = 2 * settings.partBytes
        }
        settings.certificateBundle = file(record["ca_bundle"])
        settings.profile = record.text("profile")
        return .bucket(settings)
    }

    mutating func sourceSettings(_ record: TypedRecord?) -> SourceSettings {
        var settings = SourceSettings()
        guard let record else { return settings }
        settings.endpoint = address(record, "endpoint")
        settings.region = record.text("region")
        settings.addressing = record.word("addressing") ?? .automatic
        settings.profile = record.text("profile")
        settings.certificateBundle = file(record["ca_bundle"])
        return settings
    }

    /// `https://host` without a slash at its end.
    private mutating func address(_ record: TypedRecord, _ key: String) -> String? {
        guard let value = record[key], let text = value.text else { return nil }
        let scheme = ["https://", "http://"].first { text.hasPrefix($0) }
        guard let scheme, text.count > scheme.count, !text.contains("@"), !text.contains("?") else {
            // What stands before an '@' may be a password, and errors are read by many.
            let shown = text.contains("@") ? "" : ", not '\(text)'"
            faults.add(value.place, value.key, "must be an address such as https://host, without a name and password\(shown)")
            return nil
        }
        return text.hasSuffix("/") ? String(text.dropLast()) : text
    }
}
