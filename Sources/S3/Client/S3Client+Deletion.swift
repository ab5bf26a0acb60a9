import Curl
package import MediaModel

extension S3Client {
    /// Deletes objects; one that is not there is as good.
    package func delete(_ keys: [String]) throws(TransferError) {
        for start in stride(from: 0, to: keys.count, by: 1000) {
            let batch = Array(keys[start..<min(start + 1000, keys.count)])
            if !lacks(.manyDeletions), try deleteTogether(batch) { continue }
            try ParallelWork.forEach(
                batch, threads: min(settings.concurrency, Self.mostDeletions), isStopped: { wasStopped }, stop: { stop() }
            ) { [self] key throws(TransferError) in try deleteOne(key) }
        }
    }

    /// In flight at the same time: gc is in no hurry.
    private static let mostDeletions = 8

    /// - Returns: false: the server does not know how, as Google's does not.
    private func deleteTogether(_ keys: [String]) throws(TransferError) -> Bool {
        let objects = keys.map { "<Object><Key>\(Self.escaped($0))</Key></Object>" }.joined()
        let body = Array("<Delete xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Quiet>true</Quiet>\(objects)</Delete>".utf8)
        var request = S3Request("DeleteObjects", "POST", query: [("delete", "")]).sending(body)
        request.headers = [HTTPField("content-md5", Digest.base64MD5(body)), HTTPField("content-type", "application/xml")]
        request.takesLong = true
        switch try attempt(request, reading: { XMLNode($0.body) }) {
        case .done(let result):
            guard let error = result.first("Error") else { return true }
            throw TransferError(
                .refused, operation: "DeleteObjects s3://\(settings.bucket)/\(error["Key"] ?? "")",
                detail: "\(error["Code"] ?? ""): \(error["Message"] ?? "")")
        case .refused(let fault) where fault.isNotImplemented || fault.status == 405 || Self.misreadCodes.contains(fault.code):
            note(lackOf: .manyDeletions)
            return false
        case .refused(let fault): throw refusal(request, fault)
        }
    }

    /// A server that takes the call for another one.
    private static let misreadCodes: Set<String> = ["InvalidArgument", "MalformedPOSTRequest"]

    private func deleteOne(_ key: String) throws(TransferError) {
        let request = S3Request("DeleteObject", "DELETE", key)
        guard case .refused(let fault) = try attempt(request, reading: { _ in () }) else { return }
        guard fault.status == 404, fault.code != "NoSuchBucket" else { throw refusal(request, fault) }
    }
}
