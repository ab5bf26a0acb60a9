import Foundation
import MediaModel
import Packaging
import Storage

/// `reelmill-upload FOLDER s3://BUCKET/PREFIX ENDPOINT [head|list]`: publishes the staged package in FOLDER as a run does; the last word is
/// the manifest's `confirm`.
/// `reelmill-upload --settings`: how many requests it has in flight and how it cuts large objects, as JSON, so that others can do the same.
///
/// For the benchmark alone, which measures what this part of a run costs. Keys come from the environment.
@main
struct Upload {
    static func main() {
        let arguments = Array(CommandLine.arguments.dropFirst())
        if arguments == ["--settings"] { return showSettings() }
        guard (3...4).contains(arguments.count), var settings = S3Settings(url: arguments[1]),
            let confirmation = S3Settings.Confirmation(rawValue: arguments.count == 4 ? arguments[3] : "head")
        else {
            tell("usage: reelmill-upload FOLDER s3://BUCKET/PREFIX ENDPOINT [head|list] | --settings")
            exit(64)
        }
        settings.endpoint = arguments[2]
        settings.confirmation = confirmation
        do {
            let folder = arguments[0]
            let document = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/package.json"))
            let package = try PackageDocument.decode([UInt8](document))
            print(try S3Store(settings).publish(staged: folder, package: package, previousVersion: nil))
        } catch {
            tell("error: \(error)")
            exit(1)
        }
    }

    private static func showSettings() {
        let settings = S3Settings(bucket: "any")
        print(
            """
            {"concurrency": \(settings.concurrency), "multipart_threshold": \(settings.multipartThreshold), \
            "part_bytes": \(settings.partBytes)}
            """)
    }

    private static func tell(_ text: String) { FileHandle.standardError.write(Data("\(text)\n".utf8)) }
}
