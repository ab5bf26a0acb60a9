import Curl
import Foundation
package import MediaModel

/// A part as the server took it.
package struct SentPart {
    package var part: MultipartState.Sent
    /// Its ETag says nothing about its bytes.
    package var hasOpaqueETag: Bool
}

extension S3Client {
    /// Begins an upload in parts.
    /// - Returns: its id.
    package func createUpload(_ object: OutgoingObject) throws(TransferError) -> String {
        var request = S3Request("CreateMultipartUpload", "POST", object.key, query: [("uploads", "")]).sending([])
        request.headers = object.headers(settings)
        if settings.checksum == .sha256 { request.headers.append(HTTPField("x-amz-checksum-algorithm", "SHA256")) }
        let upload: String
        switch try attempt(request, sparing: .partChecksums, reading: { XMLNode($0.body)?["UploadId"] }).answer {
        case .done(let id): upload = id
        case .refused(let fault): throw refusal(request, fault)
        }
        if bodyTrust.isOpenQuestion {
            // Taken against all expectation it gives way to the real part of this number.
            try testTrust(S3Request("UploadPart", "PUT", object.key, query: [("partNumber", "1"), ("uploadId", upload)]).sending([0]))
        }
        return upload
    }

    /// Sends one part of a file. nil: the upload is gone, completed or aborted by another run.
    /// - Parameter kind: the upload's: parts of one must not differ in it.
    package func uploadPart(
        _ object: OutgoingObject, _ upload: String, _ part: MultipartPlan.Part, of path: String, _ sums: FileRange.Sums,
        _ kind: S3Settings.Checksum
    ) throws(TransferError) -> SentPart? {
        var request = S3Request("UploadPart", "PUT", object.key, query: Self.query(upload, part))
        request.body = .file(path: path, offset: part.offset, count: part.bytes)
        request.payloadHash = sums.sha256
        let checksum = Digest.base64(hex: sums.sha256)
        let md5 = sums.md5.flatMap(Digest.base64).map { HTTPField("content-md5", $0) }
        switch kind {
        case .sha256: request.headers = [HTTPField("x-amz-checksum-sha256", checksum ?? "")]
        case .md5: request.headers = md5.map { [$0] } ?? []
        }
        let (answer, isCarried) = try attempt(request, sparing: .partChecksums, substitute: md5) { answer in
            answer["etag"].map { (etag: ETag.plain($0), isOpaque: ETag.isOpaque(answer)) }
        }
        switch answer {
        case .done(let (etag, isOpaque)):
            let part = MultipartState.Sent(number: part.number, etag: etag, sha256: isCarried ? checksum : nil)
            return SentPart(part: part, hasOpaqueETag: isOpaque)
        case .refused(let fault) where fault.status == 404 && fault.code == "NoSuchUpload": return nil
        case .refused(let fault): throw refusal(request, fault)
        }
    }

    /// Takes one part over from an object of the same bucket. nil: the server would not.
    package func copyPart(
        _ object: OutgoingObject, _ upload: String, _ part: MultipartPlan.Part, from source: String
    ) throws(TransferError) -> ListedPart? {
        // Some servers want to be told that there is no body.
        var request = S3Request("UploadPartCopy", "PUT", object.key, query: Self.query(upload, part)).sending([])
        request.headers = [
            Self.copySource(settings.bucket, source),
            HTTPField("x-amz-copy-source-range", "bytes=\(part.offset)-\(part.offset + part.bytes - 1)"),
        ]
        request.takesLong = true
        let answer = try attempt(request) { answer in
            XMLNode(answer.body).flatMap { node in
                node["ETag"].map { etag in
                    ListedPart(number: part.number, bytes: part.bytes, etag: ETag.plain(etag), sha256: node["ChecksumSHA256"])
                }
            }
        }
        guard case .done(let copied) = answer else { return nil }
        return copied
    }

    /// Puts the parts together. nil: the upload is gone, completed perhaps by a try whose answer was lost, or by another run.
    package func completeUpload(
        _ object: OutgoingObject, _ upload: String, _ parts: [MultipartState.Sent]
    ) throws(TransferError) -> WriteResult? {
        let lines = parts.map { part in
            let checksum = part.sha256.map { "<ChecksumSHA256>\($0)</ChecksumSHA256>" } ?? ""
            return "<Part><PartNumber>\(part.number)</PartNumber><ETag>&quot;\(Self.escaped(part.etag))&quot;</ETag>\(checksum)</Part>"
        }
        let body = "<CompleteMultipartUpload xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">\(lines.joined())</CompleteMultipartUpload>"
        var request = S3Request("CompleteMultipartUpload", "POST", object.key, query: [("uploadId", upload)]).sending(Array(body.utf8))
        request.headers = [HTTPField("content-type", "application/xml")]
        request.takesLong = true
        if settings.conditionalWrites, !object.isOverwriting { request.headers.append(Self.onlyNew) }
        // Its ETag is no evidence: Ceph's gateway answers another one here than it gives the object.
        switch try attempt(request, reading: { XMLNode($0.body)?.name == "CompleteMultipartUploadResult" ? () : nil }) {
        case .done: return .written(etag: nil)
        case .refused(let fault) where fault.status == 412: return .existed
        case .refused(let fault) where fault.status == 404 && fault.code == "NoSuchUpload": return nil
        case .refused(let fault): throw refusal(request, fault)
        }
    }

    /// Throws an upload's parts away; one that is gone is as good.
    package func abortUpload(_ key: String, _ upload: String) throws(TransferError) {
        let request = S3Request("AbortMultipartUpload", "DELETE", key, query: [("uploadId", upload)])
        if case .refused(let fault) = try attempt(request, reading: { _ in () }), fault.status != 404 { throw refusal(request, fault) }
    }

    /// Uploads that were begun and never ended, of keys that begin with `prefix`. Some servers know only whole keys, and none for all;
    /// those that cannot tell have none that anybody could go on with.
    package func listUploads(_ prefix: String) throws(TransferError) -> [UnfinishedUpload] {
        var uploads: [UnfinishedUpload] = []
        var next: (key: String, upload: String)?
        var asked: Set<[String]> = []
        repeat {
            var request = S3Request("ListMultipartUploads", "GET", query: [("uploads", "")])
            if !prefix.isEmpty { request.query.append(("prefix", prefix)) }
            if let next { request.query += [("key-marker", next.key), ("upload-id-marker", next.upload)] }
            let page: UploadPage
            switch try attempt(request, reading: { UploadPage($0.body, after: asked) }) {
            case .done(let read): page = read
            case .refused(let fault) where fault.isNotImplemented || fault.code == "NoSuchUpload": return uploads
            case .refused(let fault): throw refusal(request, fault)
            }
            uploads += page.uploads
            next = page.next
            if let next { asked.insert([next.key, next.upload]) }
        } while next != nil
        return uploads
    }

    /// The parts that an upload has so far; empty when it is gone.
    package func listParts(_ key: String, _ upload: String) throws(TransferError) -> [ListedPart] {
        var parts: [ListedPart] = []
        var next: String?
        var asked: Set<String> = []
        repeat {
            var request = S3Request("ListParts", "GET", key, query: [("uploadId", upload)])
            if let next { request.query.append(("part-number-marker", next)) }
            switch try attempt(request, reading: { PartPage($0.body, after: asked) }) {
            case .done(let page):
                parts += page.parts
                next = page.next
                if let next { asked.insert(next) }
            case .refused(let fault) where fault.status == 404: return []
            case .refused(let fault): throw refusal(request, fault)
            }
        } while next != nil
        return parts
    }

    private static func query(_ upload: String, _ part: MultipartPlan.Part) -> [(name: String, value: String)] {
        [("partNumber", String(part.number)), ("uploadId", upload)]
    }
}
