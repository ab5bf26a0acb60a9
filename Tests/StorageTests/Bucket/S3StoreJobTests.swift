import Foundation
import MediaModel
import S3
import TestSupport
import Testing

@testable import Storage

/// What a judge in Tests/Judges asks of a store at a real server: a JSON file that the environment names. Without one there is no case.
struct S3Job: Decodable, Sendable, CustomTestStringConvertible {
    var action: String
    var endpoint: String
    var bucket: String
    var prefix = ""
    /// Where the outcome is written.
    var report: String
    var staged: String?
    var title: String?
    var version: String?
    var previous: String?
    var settings: [String: String]?

    var testDescription: String { action }

    static var given: [S3Job] {
        get throws {
            guard let path = ProcessInfo.processInfo.environment["REELMILL_S3_JOB"] else { return [] }
            return [try JSONDecoder().decode(S3Job.self, from: Data(contentsOf: URL(fileURLWithPath: path)))]
        }
    }

    func settingsGiven() throws -> S3Settings {
        var settings = S3Settings(bucket: bucket, prefix: prefix)
        settings.endpoint = endpoint
        let given = self.settings ?? [:]
        settings.baseURL = given["base_url"]
        settings.storageClass = given["storage_class"]
        settings.acl = given["acl"]
        settings.serverSideEncryption = given["encryption"]
        settings.encryptionKey = given["encryption_key"]
        for tag in (given["tags"] ?? "").split(separator: "&") {
            let words = tag.split(separator: "=", maxSplits: 1)
            settings.tags[String(words[0])] = String(words[1])
        }
        settings.gzip = given["gzip"] == "true"
        settings.certificateBundle = given["ca_bundle"]
        if let text = given["addressing"], let addressing = S3Settings.Addressing(rawValue: text) { settings.addressing = addressing }
        if let text = given["checksum"], let checksum = S3Settings.Checksum(rawValue: text) { settings.checksum = checksum }
        if let text = given["confirm"], let confirmation = S3Settings.Confirmation(rawValue: text) { settings.confirmation = confirmation }
        if let number = given["part_bytes"].flatMap({ Int64($0) }) { settings.partBytes = number }
        if let number = given["multipart_threshold"].flatMap({ Int64($0) }) { settings.multipartThreshold = number }
        if let number = given["copy_threshold"].flatMap({ Int64($0) }) { settings.copyThreshold = number }
        if let number = given["concurrency"].flatMap({ Int($0) }) { settings.concurrency = number }
        if let number = given["stall_seconds"].flatMap({ Int($0) }) { settings.stallSeconds = number }
        return settings
    }

    func perform() throws -> [String: Any] {
        let store = try S3Store(try settingsGiven())
        switch action {
        case "publish":
            let folder = try #require(staged)
            let report = try store.send(staged: folder, package: try Self.package(in: folder), previousVersion: previous)
            return [
                "location": report.location, "sent_objects": report.sentObjects, "sent_bytes": report.sentBytes,
                "copied_objects": report.copiedObjects, "kept_objects": report.keptObjects,
            ]
        case "holds":
            return ["holds": try store.holds(title: try #require(title), version: try #require(version))]
        case "versions": return ["versions": try store.versions(of: try #require(title)), "titles": try store.titles()]
        case "delete": return ["objects": try store.delete(title: try #require(title), version: try #require(version))]
        case "abort":
            let abandoned = try store.abandonedUploads(of: [try #require(title)], before: Date())
            for upload in abandoned { try store.abort(upload) }
            return ["aborted": abandoned.map(\.key)]
        case "verify":
            var settings = try settingsGiven()
            settings.prefix = [prefix, try #require(title), try #require(version)].filter { !$0.isEmpty }.joined(separator: "/")
            let outcome = try PackageCheck(.bucket(settings)).run()
            return ["files": outcome.files, "faults": outcome.faults.map(\.description)]
        default:
            throw CocoaError(.featureUnsupported)
        }
    }

    private struct Listing: Decodable {
        struct File: Decodable {
            var path: String
            var bytes: Int64
            var sha256: String
            var content_type: String
            var pieces: FilePieces?
        }
        var id: String
        var version: String
        var files: [File]
    }

    private static func package(in folder: String) throws -> AssetPackage {
        let data = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/package.json"))
        let listing = try JSONDecoder().decode(Listing.self, from: data)
        return AssetPackage(
            id: listing.id, version: listing.version, duration: Rational(8), source: PackageSource(sha256: "00", bytes: 1), video: nil,
            renditions: [], audio: [], text: [], images: [],
            provenance: Provenance(reelmill: "0", preset: "test", libraries: []), warnings: [],
            files: listing.files.map {
                PackageFile(path: $0.path, bytes: $0.bytes, sha256: $0.sha256, contentType: $0.content_type, pieces: $0.pieces)
            })
    }
}

@Suite struct S3StoreJobTests {
    @Test(arguments: try S3Job.given) func job(_ job: S3Job) throws {
        var outcome: [String: Any]
        do {
            outcome = try job.perform()
        } catch let error as TransferError {
            outcome = ["error": error.code.rawValue, "description": "\(error)"]
        }
        try JSONSerialization.data(withJSONObject: outcome).write(to: URL(fileURLWithPath: job.report))
    }
}
