import Foundation
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
        settings.endpoint = address(record, "endpoint", isHost: true)
        settings.baseURL = address(record, "base_url", isHost: false)
        settings.region = record.text("region")
        settings.addressing = record.word("addressing") ?? .automatic
        settings.storageClass = record.text("storage_class")
        settings.acl = record.text("acl")
        settings.serverSideEncryption = record.text("server_side_encryption")
        settings.encryptionKey = record.text("encryption_key")
        settings.tags = tags(record["tags"])
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

    /// As S3 allows them: an answer in the night would be too late to tell.
    private mutating func tags(_ value: TypedValue?) -> [String: String] {
        var tags: [String: String] = [:]
        for tag in value?.options ?? [] {
            if tag.key.isEmpty || ![tag.key, tag.value].allSatisfy(Self.isTagText) {
                faults.add(
                    tag.place, "publish.tags", "tags are letters, digits, spaces and the signs + - = . _ : / @, and their names not empty")
            }
            tags[tag.key] = tags[tag.key] ?? tag.value
        }
        return tags
    }

    private static func isTagText(_ text: String) -> Bool {
        text.unicodeScalars.allSatisfy { scalar in
            switch scalar.properties.generalCategory {
            case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber, .letterNumber,
                .otherNumber, .spaceSeparator:
                true
            default: "+-=._:/@".unicodeScalars.contains(scalar)
            }
        }
    }

    mutating func sourceSettings(_ record: TypedRecord?) -> SourceSettings {
        var settings = SourceSettings()
        guard let record else { return settings }
        settings.endpoint = address(record, "endpoint", isHost: true)
        settings.region = record.text("region")
        settings.addressing = record.word("addressing") ?? .automatic
        settings.profile = record.text("profile")
        settings.certificateBundle = file(record["ca_bundle"])
        return settings
    }

    /// An address without a slash at its end. A wrong one is not repeated: it may hold a password.
    /// - Parameter isHost: a server, which has no path.
    private mutating func address(_ record: TypedRecord, _ key: String, isHost: Bool) -> String? {
        guard let value = record[key], let text = value.text else { return nil }
        let isPlain = text.unicodeScalars.allSatisfy { (0x21...0x7E).contains($0.value) }
        guard isPlain, !text.contains("@"), let parts = URLComponents(string: text), ["http", "https"].contains(parts.scheme),
            let host = parts.host, S3Settings.isHost(host, port: parts.port), parts.query == nil, parts.fragment == nil
        else {
            faults.add(
                value.place, value.key,
                "must be an address such as https://host\(isHost ? "" : "/path"), without a name and password, and without a query")
            return nil
        }
        guard !isHost || ["", "/"].contains(parts.path) else {
            faults.add(value.place, value.key, "must be a server, such as https://host, without a path behind it")
            return nil
        }
        return text.hasSuffix("/") ? String(text.dropLast()) : text
    }
}
