import Foundation
import MediaModel
import S3
import Storage

/// `verify`: holds a published package against its own checksums.
package enum Verification {
    /// - Parameters:
    ///   - address: the folder of a version, its `https://` address, or `s3://bucket/prefix/title/version`.
    ///   - endpoint: of a server that speaks S3's protocol; nil: the environment's, the default profile's, or Amazon's. Only for
    ///     `s3://`.
    ///   - environment: where credentials are looked for.
    /// - Returns: one line for each file that is not as `package.json` says, and one line about all.
    package static func run(
        _ address: String, endpoint: String?, certificateBundle: String?, environment: [String: String] = RunOptions.thisEnvironment
    ) throws -> (faults: [String], summary: String) {
        let place = try place(address, endpoint: endpoint, certificateBundle: certificateBundle)
        do {
            let check = try PackageCheck(
                place, surroundings: Surroundings(environment: environment), certificateBundle: certificateBundle,
                isStopped: { StopSignal.isRaised })
            let outcome = try check.run()
            return (
                outcome.faults.map(\.description),
                "\(outcome.title) \(outcome.version): \(outcome.files) files, \(outcome.faults.count) wrong"
            )
        } catch {
            throw PipelineError(
                FailureReason.code(of: error, reading: place), "verify '\(ShownAddress.of(address))'", "", underlying: error)
        }
    }

    private static func place(_ address: String, endpoint: String?, certificateBundle: String?) throws -> PackageCheck.Place {
        if address.hasPrefix("https://") || address.hasPrefix("http://") { return .web(address) }
        if address.hasPrefix("s3://") {
            guard var settings = S3Settings(url: address) else {
                let fault = ShownAddress.holdsName(address) ? "it must not hold a name and password" : "it names no bucket"
                throw PipelineError(.title, "verify '\(ShownAddress.of(address))'", "\(fault); write s3://bucket/prefix/title/version")
            }
            settings.endpoint = endpoint
            settings.certificateBundle = certificateBundle
            return .bucket(settings)
        }
        let path = address.hasPrefix("file:") ? URL(string: address)?.path ?? address : address
        return .folder(Documents.absolute(path))
    }
}
